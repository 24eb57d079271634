"""Compositions that are somewhere: streets, rooms, land and sea."""

from dataclasses import replace

from marquee.posters.chance import Rng
from marquee.posters.colors import Colors, contrast, ink
from marquee.posters.design import HEAD, Design, Subject, Zone
from marquee.posters.numbers import short
from marquee.posters.shapes import circle, clip, line, polygon, rect


def horizon(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cx, cy, R = r.i(140, 460), r.i(430, 520), r.i(80, 150)
    s = circle(cx, cy, R, a)
    cols = [c if contrast(c, bg) > 1.2 else b, b, a]
    sharp = r.flip()
    for j, f in enumerate(cols[: r.i(2, 3)]):
        y = 560 + j * 105
        d, x = f"M0 {y}", 0
        while x < 600:
            w = r.i(90, 210)
            h = r.i(-46, 40)
            d += (
                f"l{w // 2} {h - 34}l{w - w // 2} {34 - h + r.i(-8, 8)}"
                if sharp
                else f"q{w // 2} {h - 30} {w} {r.i(-14, 14)}"
            )
            x += w
        s += f'<path fill="{f}" d="{d}V900H0z"/>'
        last = f
    fc = ink(last, fg, bg)
    return Design(
        bg=bg, art=s, z=replace(HEAD, h=max(206, cy - R - 62), color=fg, align=r.pick("llc")), fc=fc
    )


def blinds(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    k, tilt, s = r.i(9, 13), r.pick([-70, -40, 0, 50]), ""
    cx, cy, R = r.i(190, 410), r.i(230, 340), r.i(130, 180)
    disc = a if contrast(a, bg) > 1.5 else c
    back = b if contrast(b, bg) > 1.2 and b != disc else bg
    s = rect(0, 0, 600, 610, back) + circle(cx, cy, R, disc)
    for i in range(k):
        h = (600 / k) * (0.28 + 0.62 * i / k)
        y = i * 600 / k - 10
        s += f'<path fill="{bg if back != bg else c}" d="M0 {short(y)}L600 {short(y + tilt)}v{short(h)}L0 {short(y + h)}z"/>'
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 610, s),
        z=Zone(x=40, y=640, w=520, h=176, valign="m", color=fg),
        fc=fg,
    )


def door(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    x = r.i(220, 390)
    w = r.i(76, 116)
    lit = a if contrast(a, bg) > 2 else c
    s = polygon(
        [
            (x, 330),
            (x + w, 330),
            (x + w, 560),
            (x + w + r.i(140, 260), 812),
            (x - r.i(0, 200), 812),
            (x, 560),
        ],
        lit,
    )
    px = x + w / 2
    s += circle(px, 446, 13, bg) + polygon(
        [
            (px - 15, 464),
            (px + 15, 464),
            (px + 9, 560),
            (px + 52, 812),
            (px - 46, 812),
            (px - 9, 560),
        ],
        bg,
    )
    return Design(bg=bg, art=s, z=replace(HEAD, h=240, color=fg, align=r.pick("lr")), fc=fg)


def skyline(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    s, x = circle(r.i(120, 480), r.i(420, 480), r.i(60, 110), a), 0
    f = b if contrast(b, bg) > 1.25 else c
    while x < 600:
        w, h = r.pick([60, 75, 90, 105]), r.i(150, 420)
        s += rect(x, 900 - h, w + 1, h, f)
        wc = bg if contrast(f, bg) > 1.3 else a
        if r.flip(0.75):
            for q in range(1, w // 22):
                s += line(
                    f"M{short(x + q * w / (w // 22))} {900 - h + 26}V{r.i(740, 800)}",
                    wc if r.flip(0.85) else a,
                    9,
                    ' stroke-dasharray="13 15"',
                )
        x += w
    s += rect(0, 812, 600, 88, f)
    return Design(bg=bg, art=s, z=replace(HEAD, h=256, color=fg), fc=ink(f, fg, bg, c))


def stairs(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    k, s, up = r.i(5, 8), "", r.flip()
    w, top = 600 / k, 340
    st = (812 - top - 60) / k
    cols = [a, b if contrast(a, b) > 1.2 and contrast(b, bg) > 1.15 else c]
    for i in range(k):
        q = i if up else k - 1 - i
        y = 812 - 60 - q * st
        s += rect(i * w, y, w + 0.5, 812 - y, cols[i % 2])
    s += circle(
        (k - 0.5) * w if up else w / 2, 812 - 60 - (k - 1) * st - min(36, w / 2), min(36, w / 2), fg
    )
    return Design(
        bg=bg, art=s, z=replace(HEAD, w=520, h=236, color=fg, align="l" if up else "r"), fc=fg
    )


def _tear(r: Rng, amp: int, x0: int = -10, x1: int = 610) -> str:
    d, x, yy = "", x0, 0
    while x < x1:
        dx, dy = r.i(14, 44), r.i(-amp, amp) - (6 if yy > 30 else -6 if yy < -30 else 0)
        d += f"l{dx} {dy}".replace(" -", "-")
        x += dx
        yy += dy
    return d


def torn(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    y, s = r.i(330, 400), ""
    cols = [x for x in (a, b, c) if contrast(x, bg) > 1.25][:3] or [a]
    for i, f in enumerate(cols):
        yy = y + i * r.i(90, 130)
        s += f'<path fill="{f}" d="M-10 {yy + r.i(-60, 60)}{_tear(r, 16)}V910H-10z"/>'
    last = cols[-1]
    return Design(bg=bg, art=s, z=replace(HEAD, h=262, color=fg), fc=ink(last, fg, bg))


def waves(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cx, cy, R = r.i(150, 450), r.i(380, 430), r.i(70, 120)
    s, k = circle(cx, cy, R, a), 8
    A, w = r.i(24, 44), r.pick([100, 150, 200])
    cols = [c if contrast(c, bg) > 1.3 else b, b if contrast(b, bg) > 1.3 else a]
    for i in range(k):
        y = 430 + i * 52
        s += (
            f'<path fill="{cols[i % 2]}" d="M{-r.i(0, w)} {y}q{w // 2}-{A} {w} 0'
            + f"t{w} 0" * (800 // w)
            + 'V900H-200z"/>'
        )
    last = cols[(k - 1) % 2]
    return Design(
        bg=bg,
        art=s,
        z=replace(HEAD, h=max(206, cy - R - 62), color=fg, align=r.pick("lc")),
        fc=ink(last, fg, bg, a),
    )


def windows(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = b if contrast(b, bg) > 1.25 else c
    lit = a if a != f and contrast(a, f) > 1.15 else fg
    w: float = r.pick([56, 44, 30])
    gap = r.pick([18, 24])
    cols = round((520 + gap) / (w + gap))
    w = (520 - gap * (cols - 1)) / cols
    h = w * r.pick([1, 1.3, 1.6])
    rows = int((490 + gap) / (h + gap))
    top = 806 - rows * (h + gap) + gap
    s = "".join(
        line(
            f"M40 {short(top + j * (h + gap) + h / 2)}h520",
            f,
            h,
            f' stroke-dasharray="{short(w)} {gap}"',
        )
        for j in range(rows)
    )
    for _ in range(r.i(1, 3)):
        s += rect(40 + r.i(0, cols - 1) * (w + gap), top + r.i(0, rows - 1) * (h + gap), w, h, lit)
    return Design(bg=bg, art=s, z=replace(HEAD, h=252, color=fg), fc=fg)


def columns(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols, s, x, i = [q for q in (a, b, c) if contrast(q, bg) > 1.15], "", 40, r.i(0, 2)
    while x < 556:
        w = min(560 - x, r.pick([12, 20, 32, 52, 84]))
        top = r.i(320, 560)
        s += rect(x, top, w, 806 - top, cols[i % len(cols)])
        x += w + r.pick([6, 6, 10, 26])
        i += 1
    s += circle(r.i(130, 470), r.i(370, 440), r.i(46, 84), fg) if r.flip(0.6) else ""
    return Design(bg=bg, art=s, z=replace(HEAD, h=232, color=fg), fc=fg)


def arches(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols, s = [q for q in (a, b, c) if contrast(q, bg) > 1.15] + [bg], ""
    w, x = 520.0, 40.0
    off, k = r.pick([0, 0, -1, 1]), r.i(4, 6)
    for i in range(k):
        R = w / 2
        s += f'<path fill="{cols[i % len(cols)]}" d="M{short(x)} 806V{short(560 - (520 - w) * 0.1)}a{short(R)} {short(min(R, 230))} 0 0 1 {short(w)} 0V806z"/>'
        nw = w * 0.74
        x += (w - nw) / 2 * (1 + off * 0.8)
        w = nw
    return Design(
        bg=bg,
        art=s,
        z=replace(HEAD, h=232, color=fg, align="c" if not off else "l"),
        fc=fg,
        fa="c" if not off else "l",
    )
