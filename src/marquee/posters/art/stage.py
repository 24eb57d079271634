"""Compositions of stage and page."""

from dataclasses import replace

from marquee.posters.chance import Rng
from marquee.posters.colors import Colors, contrast, ink
from marquee.posters.design import HEAD, Design, Subject, Zone
from marquee.posters.shapes import circle, clip, dots, line, rect, ring


def curtain(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    s, f = "", (a if contrast(a, bg) > 1.4 else b)
    g = b if contrast(b, f) > 1.2 and b != f else bg
    for i in range(5):
        x = i * 38
        for X, sg in ((x, 1), (600 - x, -1)):
            s += f'<path fill="{f if i % 2 == 0 else g}" d="M{X} 0h{38 * sg}q{20 * sg} 300 0 560h{-38 * sg}z"/>'
    s += f'<path fill="{f}" d="M0 0h600v70' + "q-50 60-100 0" * 6 + 'z"/>'
    s += f'<ellipse cx="300" cy="545" rx="170" ry="40" fill="{c if contrast(c, bg) > 2 else fg}"/>'
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=40, y=620, w=520, h=196, valign="m", align="c", color=fg),
        fc=fg,
        fa="c",
    )


def bulbs(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 2 else fg
    s = line("M45 45H555V795H45z", f, 15, dots(30)) + line(
        "M81 81H519V759H81z", b if contrast(b, bg) > 1.3 else f, 4
    )
    return Design(
        bg=bg,
        art=s,
        z=Zone(
            x=108,
            y=120,
            w=384,
            h=600,
            valign="m",
            align="c",
            color=ink(bg, fg),
            most=200,
            has_bulbs=True,
            sw=9,
        ),
        fc=fg,
        fa="c",
    )


def confetti(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    cols = [x for x in (a, b, c) if contrast(x, bg) > 1.15] or [a]
    s = ""
    for i in range(11):
        x, y, R, f, k = (
            60 + (i % 4) * 160 + r.i(-40, 40),
            320 + (i // 4) * 175 + r.i(-30, 30),
            r.i(40, 96),
            cols[i % len(cols)],
            r.i(0, 3),
        )
        if k == 0:
            s += circle(x, y, R, f)
        elif k == 1:
            s += f'<path transform="rotate({r.i(0, 350)} {x} {y})" fill="{f}" d="M{x - R} {y}a{R} {R} 0 0 1 {2 * R} 0z"/>'
        elif k == 2:
            s += ring(x, y, R * 0.8, f, R * 0.36)
        else:
            s += f'<path transform="rotate({r.i(0, 90)} {x} {y})" fill="{f}" d="M{x - R} {y - 14}h{2 * R}v28h-{2 * R}z"/>'
    return Design(bg=bg, art=clip(0, 300, 600, 510, s), z=replace(HEAD, h=220, color=fg), fc=fg)


def spine(r: Rng, colors: Colors, m: Subject) -> Design:
    bg, fg, a, b, c = colors
    f = a if contrast(a, bg) > 1.4 else c
    x = r.i(300, 360)
    s = rect(x, 0, 600 - x, 900, f)
    g = b if contrast(b, f) > 1.3 and contrast(b, bg) > 1.2 else ink(f, c, bg)
    k = r.i(0, 2)
    if k == 0:
        s += clip(x, 0, 600 - x, 900, circle(x, r.i(480, 700), r.i(130, 200), g))
    elif k == 1:
        s += f'<path fill="{g}" d="M{x} 300h{600 - x}v{600 - x}z"/>'
    else:
        s += "".join(
            circle(x + (600 - x) / 2, 190 + i * 260, (600 - x) * (0.2 + 0.1 * i), g)
            for i in range(3)
        )
    return Design(
        bg=bg,
        art=s,
        z=Zone(x=60, y=44, w=690, h=x - 90, valign="m", color=fg, is_turned=True, most=150),
        fc=fg,
        fw=x - 60,
    )
