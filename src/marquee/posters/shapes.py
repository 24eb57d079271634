"""Shapes as SVG."""

from collections.abc import Sequence

from marquee.posters.numbers import short


def rect(x: float, y: float, w: float, h: float, fill: str) -> str:
    return f'<path fill="{fill}" d="M{short(x)} {short(y)}h{short(w)}v{short(h)}h{short(-w)}z"/>'


def circle(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(r)}" fill="{fill}"/>'


def ring(  # noqa: PLR0913, PLR0917 - a circle and its pen
    x: float, y: float, r: float, stroke: str, w: float, rest: str = ""
) -> str:
    return (
        f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(r)}" fill="none" '
        f'stroke="{stroke}" stroke-width="{short(w)}"{rest}/>'
    )


def polygon(points: Sequence[tuple[float, float]], fill: str) -> str:
    path = "L".join(f"{short(round(x))} {short(round(y))}" for x, y in points)
    return f'<path fill="{fill}" d="M{path}z"/>'


def dots(gap: float) -> str:
    return f' stroke-linecap="round" stroke-dasharray="0 {short(gap)}"'


def line(path: str, stroke: str, w: float, rest: str = "") -> str:
    return f'<path fill="none" stroke="{stroke}" stroke-width="{short(w)}" d="{path}"{rest}/>'


def clip(x: float, y: float, w: float, h: float, inner: str) -> str:
    box = " ".join(short(value) for value in (x, y, w, h))
    return (
        f'<svg x="{short(x)}" y="{short(y)}" width="{short(w)}" height="{short(h)}" '
        f'viewBox="{box}">{inner}</svg>'
    )
