"""Compositions of plain geometry, and of type alone."""

import math
from dataclasses import replace

from marquee.posters.chance import Rng
from marquee.posters.colors import Colors, contrast, ink
from marquee.posters.design import HEAD, Design, Subject, Zone
from marquee.posters.numbers import short
from marquee.posters.shapes import circle, clip, dots, line, polygon, rect, ring


def tiles(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    s, q, cols = "", 130, [a, b, c]
    rows = 4
    for j in range(rows):
        for i in range(4):
            if r.flip(0.18):
                continue
            x, y, f = 40 + i * q, 330 - 4 + j * 118, r.pick(cols)
            h = 118
            k = r.i(0, 5)
            if k == 0:
                s += circle(x + q / 2, y + h / 2, h / 2, f)
            elif k == 1:
                s += f'<path fill="{f}" d="M{x} {y}h{q}v{h}z"/>'
            elif k == 2:
                s += f'<path fill="{f}" d="M{x} {y + h}v-{h}a{q} {h} 0 0 1 {q} {h}z"/>'
            elif k == 3:
                s += f'<path fill="{f}" d="M{x + q} {y}v{h}a{q} {h} 0 0 1-{q}-{h}z"/>'
            elif k == 4:
                s += rect(x, y, q, h, f)
            else:
                s += f'<path fill="{f}" d="M{x} {y + h}a{q // 2} {h} 0 0 1 {q} 0z"/>'
    return Design(bg=bg, art=s, z=replace(HEAD, h=256, color=fg), fc=fg)


def sunburst(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    k, cx, cy = r.pick([16, 20, 24, 30]), r.pick([300, 300, 150, 450]), 520
    d = ""
    for i in range(k):
        t0, t1 = math.pi * 2 * i / k, math.pi * 2 * (i + 0.5) / k
        d += f"M{cx} {cy}L{round(cx + 900 * math.cos(t0))} {round(cy + 900 * math.sin(t0))}L{round(cx + 900 * math.cos(t1))} {round(cy + 900 * math.sin(t1))}z"
    s = clip(
        0,
        0,
        600,
        560,
        f'<path fill="{a if contrast(a, bg) > 1.4 else c}" d="{d}"/>'
        + circle(cx, cy, 150, b)
        + (circle(cx, cy, 118, bg) if r.flip() else ""),
    )
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=40, y=590, w=520, h=222, valign="m", align=r.pick("lc"), color=fg),
        fc=fg,
    )


def rings(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cx, cy, k = r.pick([120, 300, 480, 600]), r.i(340, 470), r.i(7, 10)
    s, R = "", 500
    step = R / k
    for i in range(k):
        s += circle(
            cx + i * r.f(-4, 4), cy, R - i * step, [a, bg if contrast(a, bg) > 1.5 else b][i % 2]
        )
    s += circle(cx, cy, step * 0.55, b if contrast(b, a) > 1.3 else c)
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 600, s),
        z=Zone(x=40, y=630, w=520, h=186, valign="m", color=fg),
        fc=fg,
    )


def shards(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols = [x for x in (a, b, c) if contrast(x, bg) > 1.25] or [a]
    s, y, x = "", 320, r.i(150, 330)
    k = r.i(5, 7)
    for i in range(k):
        h = r.i(54, 104)
        w = r.i(90, 330)
        x = max(20, min(560 - w, x + r.i(-90, 90)))
        if y + h > 812:
            break
        s += polygon(
            [
                (x, y + r.i(-12, 12)),
                (x + w, y + r.i(-18, 14)),
                (x + w + r.i(-34, 24), y + h + r.i(-10, 10)),
                (x + r.i(-24, 30), y + h + r.i(-6, 12)),
            ],
            cols[i % len(cols)],
        )
        y += h + r.i(2, 14)
    return Design(bg=bg, art=s, z=replace(HEAD, h=232, color=fg, align="l"), fc=fg)


def spiral(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 1.5 else c
    d, R, sgn = "M300 330", 16, 1
    while R < 470:
        d += f"a{R} {R} 0 0 1 {short(2 * R * sgn)} 0".replace(" -", "-")
        sgn = -sgn
        R += 19
    s = line(d, f, 17) + circle(308, 330, 20, b if contrast(b, bg) > 1.4 and b != f else fg)
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 600, f'<g transform="rotate({r.i(0, 350)} 300 330)">{s}</g>'),
        z=Zone(x=40, y=626, w=520, h=190, valign="m", color=fg),
        fc=fg,
    )


def twist(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 1.5 else c
    g = b if contrast(b, f) > 1.5 and contrast(b, bg) > 1.15 else bg
    s, S, t, dt = "", 600.0, 0, r.pick([-9, -6, 6, 9])
    for i in range(13):
        p = [
            (
                300 + S * 0.7071 * math.cos(math.radians(t + 45 + q * 90)),
                300 + S * 0.7071 * math.sin(math.radians(t + 45 + q * 90)),
            )
            for q in range(4)
        ]
        s += polygon(p, (f, g)[i % 2])
        t += dt
        S *= 1 / (abs(math.cos(math.radians(dt))) + abs(math.sin(math.radians(dt)))) * 0.985
    return Design(bg=bg, art=s, z=Zone(x=40, y=630, w=520, h=186, valign="m", color=fg), fc=fg)


def grid(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 1.5 else c
    vx, hy = r.pick([300, 300, 140, 460]), 440
    d = "".join(f"M{vx} {hy}L{x} 900" for x in range(-900, 1501, 150))
    y, st = hy, 10
    while y < 900:
        d += f"M0 {y}h600"
        y += st
        st = round(st * 1.45)
    s = (
        circle(vx, hy - r.i(0, 40), r.i(90, 130), b if contrast(b, bg) > 1.3 else fg)
        + rect(0, hy, 600, 460, bg)
        + line(d, f, 4)
    )
    s += rect(0, 812, 600, 88, bg)
    return Design(bg=bg, art=s, z=replace(HEAD, h=230, color=fg), fc=fg)


def halftone(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cx, cy = r.pick([(300, 330), (300, 300), (470, 340), (120, 320)])
    f, s = (a if contrast(a, bg) > 1.5 else c), ""
    inv = r.flip(0.4)
    for i in range(13):
        R = 26 + i * 33
        q = i / 12
        w = 4 + 25 * (q if inv else 1 - q)
        cnt = max(6, round(2 * math.pi * R / 34))
        s += ring(cx, cy, R, f, w, dots(2 * math.pi * R / cnt))
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 600, s),
        z=Zone(x=40, y=622, w=520, h=195, valign="m", color=fg),
        fc=fg,
    )


def lens(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    b = b if contrast(b, bg) > 1.25 else c
    R, d = r.i(150, 185), r.i(70, 110)
    v = r.flip()
    p = [(300 - d, 350), (300 + d, 350)] if v else [(300, 340 - d * 0.8), (300, 340 + d * 0.8)]
    mix = c if c not in (a, b) and contrast(c, a) > 1.15 and contrast(c, b) > 1.15 else bg
    s = circle(p[0][0], p[0][1], R, a) + circle(p[1][0], p[1][1], R, b)
    h = math.sqrt(R * R - (d if v else d * 0.8) ** 2)
    s += (
        f'<path fill="{mix}" d="M300 {short(350 - h)}A{R} {R} 0 0 1 300 {short(350 + h)}A{R} {R} 0 0 1 300 {short(350 - h)}z"/>'
        if v
        else f'<path fill="{mix}" d="M{short(300 - h)} 340A{R} {R} 0 0 1 {short(300 + h)} 340A{R} {R} 0 0 1 {short(300 - h)} 340z"/>'
    )
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=40, y=626, w=520, h=190, valign="m", align=r.pick("lc"), color=fg),
        fc=fg,
    )


def fan(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols = [x for x in (a, b, c) if contrast(x, bg) > 1.15] or [a]
    s, k, cy = "", r.i(6, 9), 600
    for i in range(k):
        s += circle(300, cy, 430 - i * 430 / k, ([*cols, bg])[i % (len(cols) + 1)])
    if r.flip():
        q = r.pick([12, 16, 20])
        s += line(
            "".join(
                f"M300 {cy}L{round(300 + 430 * math.cos(math.pi * i / q))} {round(cy - 430 * math.sin(math.pi * i / q))}"
                for i in range(1, q)
            ),
            bg,
            5,
        )
    return Design(
        bg=bg,
        art=clip(0, 130, 600, 470, s),
        z=Zone(x=40, y=636, w=520, h=180, valign="m", align="c", color=fg),
        fc=fg,
        fa="c",
    )


def bend(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols = [q for q in (a, b, c, fg) if contrast(q, bg) > 1.2][:4]
    s, w, fl, R = "", r.pick([34, 42, 50]), r.flip(), 250
    for i, f in enumerate(cols):
        o = i * w
        d = f"M{90 + o} 812V620a{R - o} {R - o} 0 0 1 {R - o}-{R - o}H640"
        s += line(d, f, w)
    s = f'<g transform="matrix(-1 0 0 1 600 0)">{s}</g>' if fl else s
    s += circle(196 if fl else 404, 640, 78, a if a in cols else c) if r.flip(0.5) else ""
    return Design(
        bg=bg, art=clip(0, 300, 600, 512, s), z=replace(HEAD, h=236, color=fg, align="l"), fc=fg
    )


def stack(r: Rng, colors: Colors, m: Subject) -> Design:
    """Type alone: every line is set to the full measure."""
    bg, fg, a, b, c = colors
    return Design(
        bg=bg,
        art="",
        z=Zone(x=40, y=48, w=520, h=750, color=fg, is_stack=True),
        fc=fg,
        cols=(fg, ink(bg, a), fg, ink(bg, c)),
        under=r.i(0, 4),
    )


def under_stack(kind: int, colors: Colors, y: float) -> str:
    """What stands below a short stack of type, so that no poster is half empty."""
    bg, fg, a, b, c = colors
    top = round(y + 36)
    h = 806 - top
    if h < 110:
        return ""
    f, g = (a if contrast(a, bg) > 1.4 else c), (b if contrast(b, bg) > 1.25 else fg)
    if kind == 0:
        return clip(40, top, 520, h, circle(300, top + max(h, 260), max(h, 260), f))
    if kind == 1:
        return "".join(
            rect(40, top + i * h / 6, 520, h / 6 * (0.85 - 0.12 * i), f if i % 2 == 0 else g)
            for i in range(6)
        )
    if kind == 2:
        return clip(
            40,
            top,
            520,
            h,
            rect(40, top, 520, h, f)
            + circle(300, top + h / 2, min(h, 520) * 0.36, g if contrast(g, f) > 1.3 else bg),
        )
    if kind == 3:
        return "".join(
            rect(40 + i * 88, top, 80, h * (0.3 + 0.7 * ((i * 37) % 11) / 10), f if i % 3 else g)
            for i in range(6)
        )
    return clip(
        40,
        top,
        520,
        h,
        polygon([(40, top), (560, top), (40, top + h)], f)
        + polygon([(560, top), (560, top + h), (40, top + h)], g if contrast(g, f) > 1.2 else c),
    )
