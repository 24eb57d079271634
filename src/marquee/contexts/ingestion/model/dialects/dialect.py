"""What every kind of table has in common."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from marquee.contexts.catalog.contract import MovieFacts
from marquee.contexts.ingestion.model.lines import Line


class Found(NamedTuple):
    """What a row came to: facts; or why it is bad; or why rows of its kind are left out."""

    number: int
    facts: MovieFacts | None = None
    problem: str = ""
    left_out: str = ""


class Dialect(Protocol):
    """A kind of table.

    `source` is how the catalog is told where the facts come from. Tables of a higher `turn` are
    read after the others, since they add to movies that the others bring. `adds` says that the
    table only speaks of movies known already, so that unknown ones are no mistake.
    """

    name: str
    source: str
    turn: int
    adds: bool

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        """What each row came to, in order; a table's header is among the lines."""
        ...
