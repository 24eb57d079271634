"""Compositions of one thing: an eye, a face, a numeral."""

import math
import re
import unicodedata
from dataclasses import replace

from marquee.posters.chance import Rng
from marquee.posters.colors import Colors, contrast, ink, luminance
from marquee.posters.design import HEAD, Design, Subject, Zone
from marquee.posters.faces import Face
from marquee.posters.numbers import short
from marquee.posters.rail import FOLD
from marquee.posters.shapes import circle, clip, line, polygon, rect, ring


def eye(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cy, R = 400, r.i(150, 190)
    white = c if contrast(c, bg) > 1.8 else fg
    s = f'<path fill="{white}" d="M20 {cy}Q300 {cy - R * 2} 580 {cy}Q300 {cy + R * 2} 20 {cy}z"/>'
    s += (
        circle(300, cy, R * 0.78, a if contrast(a, white) > 1.5 else b)
        + circle(300, cy, R * 0.4, "#0d0c0b")
        + circle(300 + R * 0.25, cy - R * 0.28, R * 0.12, white)
    )
    k = r.pick([0, 9, 13])
    d = (
        "".join(
            f"M{round(300 + 560 * (i / (k - 1) - 0.5))} {round(cy - R * 0.99 * math.cos((i / (k - 1) - 0.5) * 3) - 22)}l{round((i / (k - 1) - 0.5) * 120)}-{r.i(50, 110)}"
            for i in range(1, k - 1)
        )
        if k
        else ""
    )
    if d:
        s += line(d, white, 12)
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=40, y=610, w=520, h=205, valign="m", align="c", color=fg),
        fc=fg,
        fa="c",
    )


def perf(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    dk = min((bg, fg), key=luminance)
    film = dk if dk != bg else (b if contrast(b, bg) > 1.3 else a)
    f = next((q for q in (a, c, fg) if q != film and contrast(q, film) > 1.4), fg)
    g = next((q for q in (c, b, bg, fg) if contrast(q, f) > 1.6), film)
    longest = max(len(w) for w in m.title.split())
    tall = longest <= 8 and len(m.title) <= 26
    x0, y0, w, h, k = (344, 24, 202, 198, 4) if tall else (24, 430, 172, 250, 3)
    s = rect(x0 - 36, 0, w + 72, 900, film) if tall else rect(0, y0 - 44, 600, h + 88, film)
    for q in (x0 - 18, x0 + w + 18) if tall else (y0 - 22, y0 + h + 22):
        s += line(f"M{q} -8V900" if tall else f"M-8 {q}H600", bg, 18, ' stroke-dasharray="26 22"')
    pick = r.i(0, 3)
    for i in range(k):
        x, y = (x0, y0 + i * 218) if tall else (x0 + i * 190, y0)
        t, inner = i / (k - 1), rect(x, y, w, h, f)
        if pick == 0:
            inner += circle(x + w / 2, y + h + 12 - t * (h * 0.75), 62, g)
        elif pick == 1:
            inner += circle(
                x + 20 + t * (w - 40), y + h * 0.5 - 50 * math.sin(t * 3.14), 40, g
            ) + rect(x, y + h * 0.76, w, h * 0.24, g)
        elif pick == 2:
            inner += f'<path fill="{g}" d="M{x} {y + h}L{short(x + w * (0.2 + 0.2 * i))} {short(y + 20 + 24 * i)}L{x + w} {y + h}z"/>'
        else:
            inner += circle(x + w / 2, y + h / 2, 22 + 26 * i, g)
        s += clip(x, y, w, h, inner)
    z = (
        Zone(x=40, y=44, w=240, h=640, color=fg, most=110)
        if tall
        else replace(HEAD, h=310, color=fg)
    )
    return Design(bg=bg, art=s, z=z, fc=fg, fw=240 if tall else 520)


def numeral(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    t = m.title
    g = re.search(r"\d{1,2}(?!\d)", t)
    s = (
        g.group(0)
        if g
        else (t.translate(FOLD)[:1].upper() if r.flip(0.6) else f"{(m.year or 0) % 100:02d}")
    )
    s = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFD", s)) or f"{(m.year or 0) % 100:02d}"
    face = Face(r.pick(["gothic", "slab", "fat", "grotesk", "serif"]))
    cap = min(520, 600 / face.measure(s) * (1.04 if len(s) > 1 else 0.96))
    w = face.measure(s) * cap
    f = a if contrast(a, bg) > 1.5 else c
    x = (600 - w) / 2 if r.flip(0.6) else (560 - w if len(s) == 1 else -12)
    art = clip(
        0,
        0,
        600,
        590,
        (
            circle(
                r.i(150, 450),
                r.i(180, 420),
                r.i(120, 200),
                b if contrast(b, bg) > 1.2 and contrast(b, f) > 1.2 else c,
            )
            if r.flip(0.6)
            else ""
        )
        + face.draw(s, x, 40 + cap, cap, f),
    )
    top = 40 + cap
    return Design(
        bg=bg,
        art=art,
        z=Zone(
            x=40,
            y=max(470, min(620, top + 40)),
            w=520,
            h=816 - max(470, min(620, top + 40)),
            valign="b",
            color=fg,
        ),
        fc=fg,
    )


def face(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    L, R = (a, c) if contrast(a, c) > 1.3 else (a, b)
    cx, cy, k = 300, 400, r.i(205, 230)
    s = f'<path fill="{L}" d="M{cx} {cy - k}a{k} {k} 0 0 0 0 {2 * k}z"/><path fill="{R}" d="M{cx} {cy - k}a{k} {k} 0 0 1 0 {2 * k}z"/>'
    eL, eR = ink(L, bg, fg), ink(R, bg, fg)
    v = r.i(0, 3)
    s += (
        circle(215, cy - 40, 26, eL)
        if v != 1
        else f'<path fill="{eL}" d="M180 {cy - 30}a35 35 0 0 1 70 0z"/>'
    )
    s += circle(385, cy - 40, 26, eR) if v != 2 else line(f"M350 {cy - 40}h70", eR, 14)
    s += f'<path fill="{eR}" d="M300 {cy - 60}v130h{r.i(34, 60)}z"/>'
    grim = m.family in ("horror", "noir", "thriller", "war", "drama")

    def mouth(sg: int, e: str, how: int) -> str:
        if how == 0:
            return line(f"M300 {cy + 130}h{sg * 84}", e, 16)
        if grim:
            return f'<path fill="{e}" d="M300 {cy + 160}h{sg * 84}a84 50 0 0 {1 if sg < 0 else 0}{-sg * 84}-50z"/>'
        return f'<path fill="{e}" d="M300 {cy + 105}h{sg * 90}a90 62 0 0 {0 if sg < 0 else 1}{-sg * 90} 62z"/>'

    s += mouth(-1, eL, r.i(0, 1)) + mouth(1, eR, r.i(0, 1))
    if r.flip() and not grim:
        s += rect(
            r.pick([140, 180]),
            cy - k - 40,
            r.pick([240, 320]),
            96,
            b if contrast(b, bg) > 1.3 else fg,
        )
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=40, y=660, w=520, h=156, valign="m", align=r.pick("lc"), color=fg),
        fc=fg,
    )


def moon(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 1.8 else c
    if r.flip(0.45):
        R, cx, cy, o = r.i(190, 230), r.i(250, 350), 340, r.pick([-1, 1])
        s = circle(cx, cy, R, f) + circle(cx + o * r.i(60, 120), cy - r.i(0, 60), R * 0.92, bg)
        s += line(
            "".join(f"M{r.i(30, 570)} {r.i(30, 600)}h0" for _ in range(14)),
            c,
            7,
            ' stroke-linecap="round"',
        )
    else:
        cols = r.pick([3, 4])
        rows = {3: 4, 4: 5}[cols]
        q = 520 / cols
        R = round(q * 0.37)
        N = cols * rows
        d = ""
        for k in range(N):
            x, y, t = (
                round(40 + q * (k % cols + 0.5)),
                round(30 + q * 0.92 * (0.5 + k // cols) * (600 / (q * 0.92 * rows + 30))),
                (k + 1) / (N + 1),
            )
            wax = t <= 0.5
            e = round(abs(math.cos(2 * math.pi * t)) * R)
            # lit limb, then the terminator back
            gib = 0.25 < t < 0.75
            d += f"M{x} {y - R}a{R} {R} 0 0 {1 if wax else 0} 0 {2 * R}a{e} {R} 0 0 {(1 if gib else 0) if wax else (0 if gib else 1)} 0-{2 * R}z"
        s = f'<path fill="{f}" d="{d}"/>'
    return Design(bg=bg, art=s, z=Zone(x=40, y=640, w=520, h=176, valign="m", color=fg), fc=fg)


def fangs(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    k, s = r.pick([5, 6, 8]), ""
    w = 600 / k
    f, g = a, (b if contrast(b, a) > 1.3 and contrast(b, bg) > 1.2 else c)
    for i in range(k):
        s += polygon([(i * w, 0), ((i + 1) * w, 0), (i * w + w / 2, r.i(170, 330))], f)
        s += polygon([(i * w - w / 2, 600), ((i + 1) * w - w / 2, 600), (i * w, r.i(340, 470))], g)
    s += polygon([(k * w - w / 2, 600), (k * w + w / 2, 600), (600, 400)], g)
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 600, s),
        z=Zone(x=40, y=630, w=520, h=186, valign="m", color=fg),
        fc=fg,
    )


def orbit(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cx, cy, rot = 300, 350, r.i(-40, 40)
    s = line(
        "".join(f"M{r.i(0, 600)} {r.i(0, 620)}h0" for _ in range(16)),
        c,
        5,
        ' stroke-linecap="round"',
    )
    R = r.i(95, 140)
    s += circle(cx, cy, R, a)
    for i in range(r.i(2, 4)):
        s += f'<ellipse cx="{cx}" cy="{cy}" rx="{R + 75 + i * 52}" ry="{44 + i * 30}" fill="none" stroke="{c if i % 2 else fg}" stroke-width="{short(9 - i * 2)}" transform="rotate({rot} {cx} {cy})"/>'
    s += f'<path fill="{a}" transform="rotate({rot} {cx} {cy})" d="M{cx - R} {cy}a{R} {R} 0 0 1 {2 * R} 0z"/>'
    t = math.radians(rot)
    q = (R + 75) * r.pick([-1, 1])
    s += circle(
        cx + q * math.cos(t), cy + q * math.sin(t), r.i(20, 34), b if contrast(b, bg) > 1.4 else fg
    )
    return Design(
        bg=bg,
        art=clip(0, 0, 600, 640, s),
        z=Zone(x=40, y=640, w=520, h=176, valign="m", color=fg),
        fc=fg,
    )


def beam(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = max((q for q in (a, c, fg) if contrast(q, bg) > 1.35), key=luminance)
    if luminance(f) < luminance(bg):
        f = a
    fl = r.flip()
    x, e, o = (76, 610, -10) if fl else (524, -10, 610)
    s = polygon([(x, 752), (o, 360 + r.i(0, 160)), (o, 330), (e, 330), (e, 590 + r.i(-40, 60))], f)
    s += circle(x, 742, 46, fg) + circle(x, 742, 20, f)
    s += line(
        "".join(f"M{r.i(60, 540)} {r.i(350, 520)}h0" for _ in range(12)),
        bg,
        6,
        ' stroke-linecap="round"',
    )
    return Design(bg=bg, art=s, z=replace(HEAD, h=250, color=fg), fc=fg, lone="r" if fl else "l")


def iris(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    dk, lt = sorted((bg, fg), key=luminance)
    cx, cy, R = 300, 335, r.i(215, 245)
    f = c if luminance(c) > 0.3 and contrast(c, dk) > 3 else lt
    inner = circle(cx, cy, R, f)
    k = r.i(0, 2)
    g = a if contrast(a, f) > 1.6 else b
    if k == 0:
        inner += clip(cx - R, cy, 2 * R, R, circle(cx, cy, R, g)) + circle(
            cx + r.i(-80, 80), cy - 30, 60, g
        )
    elif k == 1:
        inner += (
            circle(cx, cy - 50, 66, g)
            + f'<path fill="{g}" d="M{cx - 30} {cy - 20}h60l34 170h-128z"/>'
        )
    else:
        inner += f'<path fill="{g}" d="M{cx - R + 30} {cy + 60}l140-190 90 110 60-60 130 140z"/>'
    s = inner + ring(cx, cy, R + 22, f, 3) + ring(cx, cy, R + 36, f, 1.5)
    return Design(
        bg=dk,
        art=s,
        z=Zone(x=40, y=640, w=520, h=176, valign="m", align="c", color=lt),
        fc=lt,
        fa="c",
    )
