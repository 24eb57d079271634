"""What a composition decides: the art, where the title goes, and how the facts stand."""

from dataclasses import dataclass

FOOT = 838  # the top of the line of facts


@dataclass(frozen=True)
class Subject:
    """A film as compositions see it: its cleaned title, year and family."""

    title: str
    year: int | None
    family: str


@dataclass(frozen=True)
class Zone:
    """The box of the title. `most` is the largest cap height; `sw` the stroke of RAIL letters."""

    x: float
    y: float
    w: float
    h: float
    color: str = ""
    align: str = "l"
    valign: str = "t"
    most: float | None = None
    sw: float = 9
    has_bulbs: bool = False
    is_turned: bool = False
    is_stack: bool = False


@dataclass(frozen=True)
class Design:
    """`fc` colors the facts, `fa` aligns them, `fw` is how wide they may be."""

    bg: str
    art: str
    z: Zone
    fc: str
    fa: str = "l"
    lone: str | None = None
    fw: float = 520
    cols: tuple[str, ...] = ()
    under: int | None = None


HEAD = Zone(x=40, y=44, w=520, h=270)
