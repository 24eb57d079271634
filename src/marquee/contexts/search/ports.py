"""What search needs from an index and from a store."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.kit.errors import Unavailable
from marquee.kit.events import Heard, OwnInbox

T = TypeVar("T")
FACETS = ("kind", "genre", "decade", "platform")
Page = tuple[Sequence[Entry], Sequence[str]]
"""Entries to put, and keys to drop."""


class Busy(Unavailable):
    """Somebody else is at it; it can be done after that."""


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

    @property
    def name(self) -> str | None:
        """The same for all processes that share it, and no other index's; None where none can."""
        ...

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

    async def rebuild(
        self, pages: AsyncIterator[Sequence[Entry]], number: int | None = None, /
    ) -> None:
        """Fill a new index beside this one, then answer from it, durably; drop the old one.

        `number` grows with each turn that is taken at it: Unavailable, with the index as it is,
        where somebody of a greater one has been quicker.
        """
        ...

    async def close(self) -> None: ...


class Sharing(Protocol):
    """What processes have together that answer from one index."""

    async def kept(self, question: object, kind: type[T], load: Callable[[], Awaitable[T]]) -> T:
        """The answer of `load`, or the one that somebody had to this question a moment ago.

        Never one from before the last `changed`. `question` is of plain JSON values.
        """
        ...

    async def changed(self) -> None:
        """The index says something else now."""
        ...

    def turn(self) -> AbstractAsyncContextManager[int]:
        """Be the only one to build the index anew; `Busy` while another is.

        It has a number greater than all turns before. Unavailable where the turn is lost meanwhile,
        or nobody can know whose it is.
        """
        ...

    async def check(self) -> None: ...

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
