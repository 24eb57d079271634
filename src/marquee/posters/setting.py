"""Set a title in a box: where to break it, how large it can be, in which face."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marquee.posters.design import Zone
from marquee.posters.faces import Face

Token = tuple[str, str]
DASHES = re.compile(r"[-\u2013\u2014:&+/]+")
AFTER_DASH = re.compile(r"(?<=[-\u2013/])(?=\w{2})")
NOT_FIRST = "\u3001\u3002\u300d\uff09\uff01\uff1f\u30fc\u00b7\u30fb"
LARGEST, STACK_LARGEST = 170.0, 330.0
SMALLEST, HARD_CAP, STACK_SMALLEST = 58, 50, 46
MOST_LINES, MOST_HARD_LINES, MOST_STACKED = 8, 12, 7


@dataclass(frozen=True)
class Setting:
    """A title as drawn: its SVG, and where it stands from `top`, `height` high."""

    svg: str
    top: float
    height: float


@dataclass(frozen=True)
class Fit:
    """`accents` is the room above the first line, in cap heights."""

    cap: float
    lines: list[str]
    accents: float


def tokens(title: str) -> list[Token]:
    """Words to wrap, each with the space behind it; CJK and Thai may break between letters."""
    found: list[Token] = []
    for word in title.split():
        if found and DASHES.fullmatch(word) and word != "&":  # a lone dash never starts a line
            found[-1] = (f"{found[-1][0]} {word}", " ")
        elif any(_breaks(letter) for letter in word):
            found += _letters(word)
        else:
            parts = AFTER_DASH.split(word)
            found += [(part, "") for part in parts[:-1]] + [(parts[-1], " ")]
    return found


def _breaks(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF" or "\u0e00" <= letter < "\u0e80"


def _letters(word: str) -> list[Token]:
    found: list[Token] = []
    current = ""
    for letter in word:
        joins = unicodedata.combining(letter) or letter in NOT_FIRST
        if current and not joins and not "\u0e30" <= letter <= "\u0e4e":
            found.append((current, ""))
            current = ""
        current += letter
    return [*found, (current, " ")]


def wrap(parts: Sequence[Token], count: int, face: Face) -> list[str] | None:
    """Split into `count` lines with the smallest possible widest line."""

    def text(start: int, end: int) -> str:
        return "".join(word + space for word, space in parts[start:end]).strip()

    widths: dict[tuple[int, int], float] = {}
    best: dict[tuple[int, int], tuple[float, float, int]] = {(0, 0): (0, 0, 0)}
    for line in range(1, count + 1):
        for end in range(line, len(parts) + 1):
            for start in range(line - 1, end):
                before = best.get((line - 1, start))
                if before is None:
                    continue
                if (start, end) not in widths:
                    widths[start, end] = face.measure(text(start, end))
                width = widths[start, end]
                cost = (max(before[0], width), before[1] + width * width)
                known = best.get((line, end))
                if known is None or cost < known[:2]:
                    best[line, end] = (*cost, start)
    if (count, len(parts)) not in best:
        return None
    lines: list[str] = []
    end = len(parts)
    for line in range(count, 0, -1):
        start = best[line, end][2]
        lines.insert(0, text(start, end))
        end = start
    return lines


def fit(  # noqa: PLR0913, PLR0917 - a title, a face, a box and its bounds
    title: str, face: Face, w: float, h: float, most: float, count: int = MOST_LINES
) -> Fit | None:
    """The largest setting of a title in a box."""
    parts = tokens(title)
    best: Fit | None = None
    for k in range(1, min(count, len(parts)) + 1):
        lines = wrap(parts, k, face)
        widest = max((face.measure(line) for line in lines), default=0) if lines else 0
        if not lines or not widest:
            continue
        accents = 0.28 if face.has_accents(lines[0]) and not face.sys else 0.0
        tall = (k - 1) * face.pitch + 1 + face.desc + accents
        cap = min(most, w / widest, h / tall)
        if best is None or cap > best.cap * 1.04:
            best = Fit(cap, lines, accents)
    return best


def hard(title: str, face: Face, w: float, cap: float) -> str:
    """Last resort: break words that are too long for the box at the smallest cap height."""
    found = []
    for word in title.split():
        k = math.ceil(face.measure(word) * cap / w + 0.08)
        if k > 1 and len(word) > 4:  # noqa: PLR2004 - even pieces, so two never share a line
            size = math.ceil(len(word) / k)
            pieces = [word[i : i + size] for i in range(0, len(word), size)]
            found += [f"{piece}-" for piece in pieces[:-1]] + pieces[-1:]
        else:
            found.append(word)
    return " ".join(found)


def blocks(title: str, zone: Zone, faces: Sequence[str]) -> list[Setting]:
    """The title in the zone, once for each face that can set it large enough."""
    found = []
    for name in faces:
        face = Face(name, zone.sw)
        if not face.can_draw(title):
            continue
        if not face.sys and (face.rail or face.caps) and face.has_accents(title):
            face.pitch += 0.18
        setting = _block(title, zone, face)
        if setting is not None:
            found.append(setting)
    return found


def _block(title: str, zone: Zone, face: Face) -> Setting | None:
    most = zone.most or LARGEST
    got = fit(title, face, zone.w, zone.h, most)
    is_last = face.rail or face.sys
    if got is not None and got.cap < HARD_CAP and is_last:
        broken = hard(title, face, zone.w, HARD_CAP)
        got = fit(broken, face, zone.w, zone.h, most, MOST_HARD_LINES)
    if got is None or (got.cap < SMALLEST and not is_last):
        return None
    height = got.cap * ((len(got.lines) - 1) * face.pitch + 1 + got.accents)
    below = got.cap * face.desc
    spare = {"t": 0, "m": (zone.h - height - below) / 2, "b": zone.h - height - below * 0.6}
    top = zone.y + spare[zone.valign]
    y, svg = top + got.cap * (1 + got.accents), ""
    for line in got.lines:
        width = face.measure(line) * got.cap
        x = zone.x + {"l": 0, "c": (zone.w - width) / 2, "r": zone.w - width}[zone.align]
        svg += face.draw(line, x, y, got.cap, zone.color)
        y += got.cap * face.pitch
    return Setting(svg, top, height)


def stacks(title: str, zone: Zone, faces: Sequence[str], colors: Sequence[str]) -> list[Setting]:
    """Type alone: every line is set to the full measure."""
    found = []
    for name in faces:
        face = Face(name, 9)
        setting = _stack(title, zone, face, colors) if face.can_draw(title) else None
        if setting is not None:
            found.append(setting)
    return found


def _stack(title: str, zone: Zone, face: Face, colors: Sequence[str]) -> Setting | None:
    parts = tokens(title)
    is_caps = face.rail or face.caps
    gap = 22 if is_caps else 40
    best: tuple[float, list[str], list[float]] | None = None
    for k in range(1, min(MOST_STACKED, len(parts)) + 1):
        lines = wrap(parts, k, face)
        if not lines or not all(face.measure(line) for line in lines):
            continue
        caps = [min(STACK_LARGEST, zone.w / face.measure(line)) for line in lines]
        total = sum(caps) + gap * (k - 1) + (0 if is_caps else caps[-1] * 0.25)
        if total <= zone.h and (best is None or total > best[0]):
            best = (total, lines, caps)
    if best is None or min(best[2]) < STACK_SMALLEST:
        return None
    y, svg = zone.y, ""
    for i, (line, cap) in enumerate(zip(best[1], best[2], strict=True)):
        y += cap
        svg += face.draw(line, zone.x, y, cap, colors[i % len(colors)])
        y += gap
    return Setting(svg, zone.y, best[0])


def taller(zone: Zone) -> Zone:
    """The same box with more room below, for a title that fits nowhere."""
    return replace(zone, h=zone.h * 1.4)
