"""What others may ask of reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from marquee.kit.calls import safe


@dataclass(frozen=True)
class Tally:
    """How a movie was rated: `histogram[0]` counts the ones, `histogram[9]` the tens."""

    count: int
    total: int
    histogram: tuple[int, ...]


class Reviews(Protocol):
    """Count what people rated."""

    @safe
    async def recount(self, *, movie_ids: Sequence[str]) -> dict[str, Tally]:
        """The tallies of these movies, counted anew from the active reviews themselves."""
        ...
