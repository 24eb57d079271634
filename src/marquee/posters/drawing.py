"""Put a poster together: composition, title, facts; and try again lighter when it is too large."""

import hashlib
import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marquee.posters.art import COMPOSITIONS
from marquee.posters.art.geometry import under_stack
from marquee.posters.chance import Rng
from marquee.posters.colors import Colors, ink
from marquee.posters.design import FOOT, Design, Subject, Zone
from marquee.posters.faces import small
from marquee.posters.families import COMP, FAMILY, TYPE
from marquee.posters.palettes import PAL
from marquee.posters.rail import rail_text
from marquee.posters.setting import Setting, blocks, stacks, taller
from marquee.posters.shapes import rect
from marquee.posters.titles import clean

VERSION = 1  # raise to draw every poster anew on purpose
LIMIT = 4096
KIND_SINCE = 1950
SHORT_TITLE, SHORT_MOST = 3, 230.0
NARROW = 400
NO_FIELD = {"stack", "numeral", "bulbs", "spine", "perf"}
FIELD_INSTEAD = {
    "western": "sunburst",
    "silent": "fan",
    "musical": "fan",
    "comedy": "tiles",
    "family": "tiles",
}
FIELD_TOPS = {
    "eye": 200, "fangs": 130, "moon": 150, "iris": 140, "fan": 170, "sunburst": 170,
    "orbit": 160, "lens": 160, "face": 200,
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a poster is drawn from; ids of our own never count."""

    title: str
    year: int | None
    imdb_id: str | None = None
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    runtime_minutes: int | None = None


@dataclass(frozen=True)
class Recipe:
    """The same facts give the same recipe: chance is drawn from IMDb id, or title, and year."""

    subject: Subject
    chance: Rng
    composition: str
    colors: Colors


def recipe(facts: Facts) -> Recipe:
    title = clean(facts.title)
    chance = Rng(f"{VERSION}|{facts.imdb_id or title}|{facts.year}")
    known = set(facts.genres)
    family = next((kin for genre, kin in FAMILY if genre in known), "drama")
    names = COMP[family].split()
    # Earlier compositions of a family are likelier.
    weights = [2 if i < 4 else 1.5 if i < 8 else 1 for i in range(len(names))]  # noqa: PLR2004
    point = chance.u() * sum(weights)
    composition = names[-1]
    for name, weight in zip(names, weights, strict=True):
        point -= weight
        if point < 0:
            composition = name
            break
    # A cheerful face is a joke about people: never on older films, whose titles may be cruel.
    if composition == "face" and (facts.year or 0) < KIND_SINCE:
        composition = "lens"
    colors = chance.pick(PAL[family]).split()
    return Recipe(Subject(title, facts.year, family), chance, composition, colors)


def composition_of(facts: Facts) -> str:
    return recipe(facts).composition


def poster(facts: Facts, composition: str | None = None, *, is_simple: bool = False) -> str:
    """An SVG of 600 by 900 without ids or anything from elsewhere, at most `LIMIT` bytes."""
    drawn = recipe(facts)
    name = composition or drawn.composition
    design = COMPOSITIONS[name](drawn.chance, drawn.colors, drawn.subject)
    zone, settings = _titles(drawn, design)
    lines = _facts(facts, design)
    head = _head(drawn.subject, design)
    shortest = ""
    for setting in settings:
        under = ""
        if design.under is not None:
            under = under_stack(design.under, drawn.colors, setting.top + setting.height)
        title = _turned(setting.svg, zone)
        for line in lines:
            svg = f"{head}{under}{title}{line}</svg>"
            if len(svg.encode()) <= LIMIT:
                return svg
            if not shortest or len(svg) < len(shortest):
                shortest = svg
    # Heavy art and a heavy title: keep the title, draw simpler art.
    if name != "stack" and not is_simple:
        return poster(facts, "lens" if name != "lens" else "stack", is_simple=True)
    return shortest


def field(facts: Facts) -> str:
    """The poster's art without lettering, mirrored into a band of 1798 by 400.

    Decorative. It uses one id, so place it once per page, or as an image.
    """
    drawn = recipe(facts)
    name = drawn.composition
    if name in NO_FIELD:
        name = FIELD_INSTEAD.get(drawn.subject.family, "rings")
    design = COMPOSITIONS[name](drawn.chance, drawn.colors, drawn.subject)
    top = FIELD_TOPS.get(name, 110 if design.z.y > NARROW else 400)
    mark = "f" + hashlib.sha256(drawn.subject.title.encode("utf-8", "replace")).hexdigest()[:6]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top} 1798 400" '
        'preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<path fill="{design.bg}" d="M0 0h1800v900H0z"/><defs><g id="{mark}">{design.art}</g>'
        f'</defs><use href="#{mark}"/><use href="#{mark}" transform="matrix(-1 0 0 1 1199 0)"/>'
        f'<use href="#{mark}" x="1198"/></svg>'
    )


def _titles(drawn: Recipe, design: Design) -> tuple[Zone, list[Setting]]:
    """Every way to set the title that can be read, the preferred ones first."""
    title, family = drawn.subject.title, drawn.subject.family
    zone = replace(design.z, color=ink(design.bg, design.z.color))
    faces = TYPE[family].split()
    turn = drawn.chance.i(0, min(1, len(faces) - 1))
    is_latin = rail_text(title) is not None
    faces = [*faces[turn:], *faces[:turn], "gothic", "rail"] if is_latin else ["sys"]
    if zone.has_bulbs and is_latin:
        faces = ["rail"]
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in title):
        zone = replace(zone, align="r")
    if len(title) <= SHORT_TITLE and zone.most is None:
        zone = replace(zone, most=SHORT_MOST)
    settings: list[Setting] = []
    if zone.is_stack and is_latin:
        first = "slab" if family == "western" else "gothic"
        settings = stacks(title, zone, [first, "gothic", "rail"], design.cols)
    settings = settings or blocks(title, replace(zone, valign=_from_top(zone)), faces)
    last = ["rail"] if is_latin else ["sys"]
    settings = settings or blocks(title, taller(zone), last)
    return zone, settings or [Setting("", zone.y, 0)]  # nothing in the title can be seen


def _from_top(zone: Zone) -> str:
    return "t" if zone.is_stack else zone.valign


def _facts(facts: Facts, design: Design) -> Sequence[str]:
    """The line at the foot, then with the year alone, then nothing."""
    year = str(facts.year or "")
    who = clean(facts.directors[0]) if facts.directors else ""
    minutes = f"{facts.runtime_minutes} MIN" if facts.runtime_minutes else ""
    color, both = design.fc, " \u00b7 ".join(part for part in (who, year) if part)
    if design.fw < NARROW:
        alone = small(year, 40, FOOT, 20, color)
        name = small(who, 40, FOOT - 34, 16, color, most=design.fw)
        return (alone + name, alone, "")
    if design.lone:
        x = 560 if design.lone == "r" else 40
        return (
            small(both, x, FOOT, 20, color, design.lone, most=NARROW),
            small(year, x, FOOT, 20, color, design.lone),
            "",
        )
    if design.fa == "c":
        return (small(both, 300, FOOT, 18, color, "c"), small(year, 300, FOOT, 18, color, "c"), "")
    alone = small(year, 560, FOOT, 20, color, "r")
    name = small(who or minutes, 40, FOOT, 20, color, most=NARROW)
    return (name + alone, alone, "")


def _head(subject: Subject, design: Design) -> str:
    name = f"{subject.title} ({subject.year})" if subject.year else subject.title
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 900" role="img" '
        f'aria-label="{html.escape(name, quote=True)}">'
        f"{rect(0, 0, 600, 900, design.bg)}{design.art}"
    )


def _turned(svg: str, zone: Zone) -> str:
    if zone.has_bulbs:
        return svg.replace(
            'fill="none"', 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
        )
    return f'<g transform="rotate(-90)translate(-840 0)">{svg}</g>' if zone.is_turned else svg
