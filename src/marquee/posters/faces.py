"""A way to set a line of letters: outlines, RAIL strokes, or the reader's own fonts."""

import html
import json
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any

from marquee.posters.numbers import fine, short
from marquee.posters.rail import rail_path, rail_text, rail_width

SYSTEM = (
    "'Noto Sans','Noto Sans CJK JP','Hiragino Sans','Yu Gothic','Malgun Gothic',"
    "'Segoe UI',sans-serif"
)
CAP_OF_EM = 0.74
RAIL_HEIGHT = 40
WIDE = {0x400: 0.72, 0x370: 0.68, 0x590: 0.62, 0xE00: 0.58}
ENDS = {0x400: 0x530, 0x370: 0x400, 0x590: 0x780, 0xE00: 0xE80}


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    path = files("marquee.posters") / "glyphs.json"
    tables: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return tables


class Face:
    """Measures and draws lines.

    `pitch` is from line to line and `desc` below the last one, both in cap heights.
    """

    def __init__(self, name: str, stroke: float = 8) -> None:
        self.name, self._stroke = name, stroke
        self.rail, self.sys = name == "rail", name == "sys"
        self._table: dict[str, Any] = {} if self.rail or self.sys else _tables()[name]
        self.caps = bool(self._table.get("caps"))
        self.pitch = {"rail": 1.42, "sys": 1.5}.get(name) or (1.14 if self.caps else 1.36)
        self.desc = 0.0 if self.rail else 0.38 if self.sys else 0.06 if self.caps else 0.3

    def prepared(self, text: str) -> str:
        return text.upper() if not self.sys and (self.rail or self.caps) else text

    def can_draw(self, text: str) -> bool:
        if self.sys:
            return True
        if self.rail:
            return rail_text(text) is not None
        return all(letter in self._table["g"] for letter in self.prepared(text))

    def has_accents(self, text: str) -> bool:
        return any(unicodedata.decomposition(letter) for letter in text)

    def measure(self, text: str) -> float:
        """The width of a line, where the cap height is 1."""
        if self.rail:
            return rail_width(text, self._stroke) / (RAIL_HEIGHT + self._stroke)
        if self.sys:
            return sum(_em(letter) for letter in text) / CAP_OF_EM
        glyphs = self._table["g"]
        return float(sum(glyphs[letter][0] for letter in self.prepared(text)) / self._table["cap"])

    def draw(self, text: str, x: float, y: float, cap: float, color: str) -> str:
        """With the baseline at `y` and capitals `cap` high."""
        if self.sys:
            return self._as_text(text, x, y, cap, color)
        if self.rail:
            return self._as_strokes(text, x, y, cap, color)
        across, parts = 0, []
        for letter in self.prepared(text):
            advance, contours = self._table["g"][letter]
            parts += [f"M{across + a} {b}{rest}" for a, b, rest in contours]
            across += advance
        scale = fine(cap / self._table["cap"])
        place = f"translate({short(x)} {short(y)})scale({scale})"
        return f'<path transform="{place}" fill="{color}" d="{"".join(parts)}"/>'

    def _as_text(self, text: str, x: float, y: float, cap: float, color: str) -> str:
        width = self.measure(text) * cap
        is_rtl = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
        return (
            f'<text x="{short(x + (width if is_rtl else 0))}" y="{short(y)}" '
            f'font-size="{short(cap / CAP_OF_EM)}" font-weight="800" fill="{color}" '
            f'textLength="{short(width)}" lengthAdjust="spacingAndGlyphs"'
            f"{' direction=' + chr(34) + 'rtl' + chr(34) if is_rtl else ''} "
            f'font-family="{SYSTEM}">{html.escape(text)}</text>'
        )

    def _as_strokes(self, text: str, x: float, y: float, cap: float, color: str) -> str:
        scale = cap / (RAIL_HEIGHT + self._stroke)
        place = (
            f"translate({short(x)} {short(y - cap + scale * self._stroke / 2)})scale({fine(scale)})"
        )
        return (
            f'<path transform="{place}" fill="none" stroke="{color}" '
            f'stroke-width="{short(self._stroke)}" stroke-miterlimit="2.6" '
            f'd="{rail_path(text, self._stroke)}"/>'
        )


def _em(letter: str) -> float:
    """About how wide a letter of another script is, in ems."""
    code = ord(letter)
    if unicodedata.combining(letter) or code in {0x200B, 0x200C, 0x200D}:
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter == " ":
        return 0.3
    return next((em for start, em in WIDE.items() if start <= code < ENDS[start]), 0.66)


def small(  # noqa: PLR0913, PLR0917 - a place, a size and a color
    text: str,
    x: float,
    y: float,
    cap: float,
    color: str,
    anchor: str = "l",
    most: float = 520,
) -> str:
    """A line of small RAIL capitals from the top `y`, made to fit; empty for other scripts."""
    if not text or rail_text(text) is None:
        return ""
    stroke, track = 6, 5
    scale = cap / (RAIL_HEIGHT + stroke)
    while rail_width(text, stroke, track) * scale > most and track > 0:
        track -= 1
    width = rail_width(text, stroke, track) * scale
    if width > most:
        scale *= most / width
        width = most
    x -= {"l": 0, "c": width / 2, "r": width}[anchor]
    place = f"translate({short(x)} {short(y + scale * stroke / 2)})scale({fine(scale)})"
    return (
        f'<path transform="{place}" fill="none" stroke="{color}" stroke-width="{stroke}" '
        f'stroke-miterlimit="2.6" d="{rail_path(text, stroke, track)}"/>'
    )
