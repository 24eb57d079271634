"""What is put into columns, what is asked of them, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

Key = float | str | None
"""A sort value: a number, a text, or None for what is not known."""


class Unreadable(Exception):
    """A snapshot is missing, torn, of another version or of another spec: build anew from the store."""


@dataclass(frozen=True)
class Spec:
    """Which columns there are.

    `sets` hold some dozens of texts, `links` a huge vocabulary of numbers. `ranges` are numbers
    filtered by bounds; (low, high, step) says where bounds usually fall, and so how many bitmaps are
    worth keeping; any other bound is answered just as exactly. `sorts` are numbers or texts.
    `edition` grows when the same thing makes another row than before: no snapshot of an older one is
    read.
    """

    sets: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    sorts: Mapping[str, Literal["number", "text"]] = field(default_factory=dict)
    edition: int = 1


class Row(Struct, frozen=True, gc=False):
    """One thing in the list; a name that is left out is empty or None. Ids run from 1 to 2^53."""

    id: int
    sets: Mapping[str, Sequence[str]] = {}
    numbers: Mapping[str, float | None] = {}
    links: Mapping[str, Sequence[int]] = {}
    texts: Mapping[str, str | None] = {}


class Many(Struct, frozen=True, gc=False):
    """Many rows, column by column; each id once, and each column as long as the ids.

    A column that is left out is empty or None.
    """

    ids: Sequence[int]
    sets: Mapping[str, Sequence[Sequence[str]]] = {}
    numbers: Mapping[str, Sequence[float | None]] = {}
    links: Mapping[str, Sequence[Sequence[int]]] = {}
    texts: Mapping[str, Sequence[str | None]] = {}


@dataclass(frozen=True)
class Where:
    """Conditions that must all hold; an empty one lets everything through.

    `all_of`: for each set column, groups that are all required, of which any value will do (an empty
    group never holds). `between`: inclusive bounds, None for open; None never matches a bound.
    `linked`: numbers that are all required.
    """

    all_of: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    between: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    linked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One page: `total` counts all matches, `last` is the place to go on from, None at the end."""

    ids: list[int]
    total: int
    last: tuple[Key, int] | None
