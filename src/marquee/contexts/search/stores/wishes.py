"""What is asked of an index, whichever it is: queries made of terms, and what to do with them.

Nothing of a question is ever parsed: its folded words become terms.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked

Wanted = Mapping[str, tuple[str, ...]]
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Is:
    """`field` has this very term."""

    field: str
    text: str


@dataclass(frozen=True)
class Begun:
    """A term of `field` begins so."""

    field: str
    text: str


@dataclass(frozen=True)
class Near:
    """A term of `field` is so many slips of the finger away; of a `begun` one, its beginning is.

    Two letters that have changed places are one slip.
    """

    field: str
    text: str
    slips: int = 1
    begun: bool = False


@dataclass(frozen=True)
class All:
    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Either:
    """Any of these; none of them, nothing."""

    choices: tuple["Query", ...]


Query = Is | Begun | Near | All | Either


class Place(Protocol):
    """Where an entry was found; it may be read only when somebody looks."""

    @property
    def entry(self) -> Entry: ...


Places = dict[int, Place]
"""By the order of the entries."""


@dataclass(frozen=True)
class Best:
    """The best known of some queries; `is_all` when there are no others."""

    places: Places
    is_all: bool

    def __add__(self, other: "Best") -> "Best":
        return Best(self.places | other.places, self.is_all and other.is_all)


NONE = Best({}, is_all=True)


@dataclass(frozen=True)
class Top:
    """Answered by `Best`, at most `most` of them."""

    query: Query
    most: int


@dataclass(frozen=True)
class Exists:
    """Answered by whether there is any."""

    query: Query


@dataclass(frozen=True)
class Counted:
    """Answered by exact `Counts` of `query`, which is `asked` as it is typed.

    A facet ignores its own filter.
    """

    asked: Asked
    query: Query
    wanted: Wanted


Wish = Top | Exists | Counted
T = TypeVar("T")
Talk = Generator[Sequence[Wish], Sequence[Any], T]
"""What is wished for together is answered together, each in its place, until nothing is left."""
