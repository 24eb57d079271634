"""RAIL, the house stroke alphabet: the wordmark, the credits, and titles too long for a face."""

import re
import unicodedata

from marquee.posters.numbers import short

Letters = list[tuple[str, list[int]]]
BEYOND_LATIN = 0x36F

# Glyph box 20 x 40 (centre lines), y down: advance width, and a path of relative moves after each M.
RAIL = {
    "A": (20, "M0 40l10-40 10 40M3 28h14"),
    "B": (20, "M0 0v40h10q10 0 10-10t-10-10h-10M0 0h9q9 0 9 10t-9 10"),
    "C": (20, "M20 12v-2q0-10-10-10t-10 10v20q0 10 10 10t10-10v-2"),
    "D": (20, "M0 0v40h8q12 0 12-12v-16q0-12-12-12z"),
    "E": (18, "M18 0h-18v40h18M0 20h15"),
    "F": (18, "M18 0h-18v40M0 20h15"),
    "G": (20, "M20 12v-2q0-10-10-10t-10 10v20q0 10 10 10t10-10v-8h-8"),
    "H": (20, "M0 0v40M20 0v40M0 20h20"),
    "I": (0, "M0 0v40"),
    "J": (16, "M16 0v30q0 10-9 10q-7 0-7-8"),
    "K": (20, "M0 0v40M19 0l-19 24M7 16l13 24"),
    "L": (17, "M0 0v40h17"),
    "M": (24, "M0 40v-40l12 26 12-26v40"),
    "N": (20, "M0 40v-40l20 40v-40"),
    "O": (20, "M10 0q10 0 10 10v20q0 10-10 10t-10-10v-20q0-10 10-10z"),
    "P": (20, "M0 40v-40h10q10 0 10 11t-10 11h-10"),
    "Q": (20, "M10 0q10 0 10 10v20q0 10-10 10t-10-10v-20q0-10 10-10zM12 31l9 11"),
    "R": (20, "M0 40v-40h10q10 0 10 11t-10 11h-10M10 22l10 18"),
    "S": (20, "M19 10q0-10-9-10t-10 10q0 7 7 9l6 2q7 2 7 9q0 10-10 10t-10-10"),
    "T": (20, "M0 0h20M10 0v40"),
    "U": (20, "M0 0v30q0 10 10 10t10-10v-30"),
    "V": (20, "M0 0l10 40 10-40"),
    "W": (28, "M0 0l7 40 7-30 7 30 7-40"),
    "X": (20, "M0 0l20 40M20 0l-20 40"),
    "Y": (20, "M0 0l10 20 10-20M10 20v20"),
    "Z": (20, "M1 0h18l-19 40h20"),
    "0": (20, "M10 0q10 0 10 10v20q0 10-10 10t-10-10v-20q0-10 10-10z"),
    "1": (8, "M0 8l8-8v40"),
    "2": (20, "M0 11v-1q0-10 10-10t10 10q0 6-5 12l-15 18h20"),
    "3": (20, "M0 9q0-9 10-9t10 10q0 9-11 9q11 0 11 11q0 10-10 10t-10-9"),
    "4": (20, "M14 40v-40l-14 28h20"),
    "5": (20, "M18 0h-16l-1 17q3-3 8-3q11 0 11 13t-10 13q-10 0-10-9"),
    "6": (20, "M18 8q-1-8-8-8q-10 0-10 12v17q0 11 10 11t10-11q0-11-10-11t-10 11"),
    "7": (20, "M0 0h20l-12 40"),
    "8": (20, "M10 19q-9 0-9-10t9-9 9 9-9 10q-10 0-10 11t10 10 10-10-10-11z"),
    "9": (20, "M2 32q1 8 8 8q10 0 10-12v-17q0-11-10-11t-10 11q0 11 10 11t10-11"),
    ".": (0, "M0 36v4"),
    ",": (2, "M2 36v4l-3 6"),
    ":": (0, "M0 12v4M0 36v4"),
    ";": (2, "M2 12v4M2 36v4l-3 6"),
    "!": (0, "M0 0v27M0 36v4"),
    "?": (20, "M0 10q0-10 10-10t10 10q0 7-6 10q-4 2-4 8M10 36v4"),
    "&": (20, "M20 40l-16-24q-3-4-3-8q0-8 8-8t8 8q0 6-8 11q-9 5-9 12q0 9 9 9q9 0 10-15"),
    "'": (0, "M0 0v9"),
    "-": (16, "M0 22h16"),
    "(": (6, "M6-3q-6 8-6 23t6 23"),
    ")": (6, "M0-3q6 8 6 23t-6 23"),
    "/": (14, "M14 0l-14 40"),
    "#": (19, "M5 0l-3 40M16 0l-3 40M0 13h19M0 27h19"),
    "*": (12, "M6 2v14M0 5l12 8M12 5l-12 8"),
    "+": (20, "M0 22h20M10 12v20"),
    "·": (0, "M0 18v5"),
    "$": (20, "M19 10q0-8-9-8t-10 8q0 7 7 9l6 2q7 2 7 9q0 8-10 8t-10-8M10-3v46"),
    "%": (20, "M20 0l-20 40M0 2v10M20 28v10"),
    "@": (20, "M14 26v-12h-8v12h14v-16q0-10-10-10t-10 10v20q0 10 10 10h8"),
    " ": (1, ""),
}
MARKS = {
    0x300: "M6-11l6 5",
    0x301: "M14-11l-6 5",
    0x302: "M5-5l5-6 5 6",
    0x303: "M4-6q3-5 6-2t6-2",
    0x304: "M4-8h12",
    0x306: "M5-11q5 8 10 0",
    0x307: "M10-11v5",
    0x308: "M3-11v5M17-11v5",
    0x30A: "M10-12a3 3 0 1 0 .1 0",
    0x30B: "M8-11l-3 5M18-11l-3 5",
    0x30C: "M5-11l5 6 5-6",
    0x327: "M10 40q5 6-3 8",
    0x328: "M14 40q-6 6 2 7",
    0x326: "M10 44l-2 5",
}
FOLD = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u02bb": "'",
        "\u02bc": "'",
        "`": "'",
        "\u00b4": "'",
        "“": "'",
        "”": "'",
        '"': "'",
        "\u2013": "-",
        "—": "-",
        "\u2010": "-",
        "\u2044": "/",
        "…": "...",
        "Ø": "O",
        "ø": "o",
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "\u0131": "i",
        "[": "(",
        "]": ")",
        "{": "(",
        "}": ")",
        "Æ": "AE",
        "æ": "ae",
        "Œ": "OE",
        "œ": "oe",
        "ß": "ss",
        "\u00d7": "x",
        "°": "·",
        "¡": "!",
        "¿": "?",
        "_": "-",
        "~": "-",
        "=": "-",
        "\\": "/",
        "|": "/",
    }
)


def rail_text(s: str) -> Letters | None:
    """Fold a string to what RAIL can draw: list of (base, [marks]) or None."""
    out: Letters = []
    for ch in unicodedata.normalize("NFKD", s.translate(FOLD)).translate(FOLD).upper():
        if unicodedata.combining(ch):
            if out and ord(ch) in MARKS:
                out[-1][1].append(ord(ch))
            elif not out or ord(ch) > BEYOND_LATIN:
                return None
        elif ch in RAIL:
            out.append((ch, []))
        else:
            return None
    return out


def rail_width(s: str, sw: float, track: float = 0) -> float:
    t = rail_text(s)
    return sum(RAIL[c][0] + sw + 4 + track for c, _ in t) - 4 - track if t else 0


def _shift(path: str, dx: float) -> str:
    return re.sub(r"M(-?[\d.]+)", lambda m: "M" + short(float(m.group(1)) + dx), path)


def rail_path(s: str, sw: float, track: float = 0) -> str:
    x = sw / 2
    out: list[str] = []
    for c, marks in rail_text(s) or []:
        w, p = RAIL[c]
        if p:
            out.append(_shift(p, x))
        out += [_shift(MARKS[mark], x + (w - 20) / 2) for mark in marks]
        x += w + sw + 4 + track
    return "".join(out)
