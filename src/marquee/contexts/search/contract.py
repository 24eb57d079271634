"""What others may ask of search."""

from dataclasses import dataclass
from typing import Protocol

from marquee.kit.calls import takes

AN_HOUR = 3600


@dataclass(frozen=True)
class RebuildReport:
    """How many can be found now."""

    movies: int
    people: int


class Search(Protocol):
    """The index behind the search page."""

    @takes(seconds=AN_HOUR)
    async def rebuild(self) -> RebuildReport:
        """Build the index anew from the catalog beside the one in use, then swap them.

        Killed at any moment, the old or the new one is whole. It answers as the old one did.
        """
        ...
