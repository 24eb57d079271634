"""What search needs from an index and from a store."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.kit.events import Heard, OwnInbox

FACETS = ("kind", "genre", "decade", "platform")
Page = tuple[Sequence[Entry], Sequence[str]]
"""Entries to put, and keys to drop."""


@dataclass(frozen=True)
class Filters:
    """Each facet's wanted values: any of them, for every facet that names some."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """`entries` are candidates in no order; `total` and `facets` count all that match, exactly.

    A facet ignores its own filter. Its counts are by value.
    """

    entries: Sequence[Entry]
    total: int
    facets: Mapping[str, Mapping[str, int]]


class SearchIndex(Protocol):
    """Keeps entries by key. What a reader sees changes with `put`, `put_all` and `rebuild` only."""

    async def is_whole(self) -> bool:
        """Whether it holds what it was given; False when it is missing or was found broken."""
        ...

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        """Replace these by key, drop the `gone` keys, durably and all at once."""
        ...

    async def put_all(self, pages: AsyncIterator[Page]) -> None:
        """The same for many, none of them twice: readers see them some thousands at a time."""
        ...

    async def find(self, asked: Asked, filters: Filters, *, most: int) -> Found:
        """The best known of each way in which the question may be meant, about `most` each.

        What it says as it is typed matches whole; what it may be meant to say matches so far as it
        is among the candidates.
        """
        ...

    async def others(
        self, asked: Asked, filters: Filters, known: Sequence[Entry], *, skip: int, limit: int
    ) -> list[Entry]:
        """All that match but those `known`, which are the candidates; best known first."""
        ...

    async def beginnings(self, asked: Asked, *, most: int) -> list[Entry]:
        """What somebody may be typing the beginning of."""
        ...

    async def rebuild(self, pages: AsyncIterator[Sequence[Entry]]) -> None:
        """Fill a new index beside this one, then answer from it, durably; drop the old one."""
        ...

    async def close(self) -> None: ...


class SearchStore(OwnInbox, Protocol):
    """Remembers how far the index has heard."""

    async def hear(self, heard: Heard) -> None:
        """The effect of everything up to this event is in the index."""
        ...

    @property
    def generation(self) -> int: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...
