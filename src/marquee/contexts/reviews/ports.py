"""What reviews need from a store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from marquee.contexts.reviews.contract import Tally
from marquee.contexts.reviews.model import Author, Review
from marquee.kit.events import Event, Heard, OwnInbox, OwnOutbox
from marquee.kit.moving import Movable
from marquee.kit.once import OnceStore

Change = Callable[[Review], tuple[Review | None, Sequence[Event]]]
"""From a review as it stands to what it becomes (None: gone) and what to tell; may refuse."""


@dataclass(frozen=True)
class Which:
    """Which reviews to list: all that match what is not None. `active` None means either.

    `mentioning` is a part of the text.
    """

    movie_id: str | None = None
    author_id: str | None = None
    active: bool | None = True
    mentioning: str | None = None


class ReviewStore(OwnOutbox, OwnInbox, OnceStore, Movable, Protocol):
    """Keeps reviews. Each write tells its events in the same transaction."""

    @property
    def generation(self) -> int:
        """Grows with each change."""
        ...

    async def add(self, review: Review, events: Sequence[Event]) -> None:
        """Conflict, with the first one's `review_id`, when the author has one for this movie."""
        ...

    async def find(self, review_id: str) -> Review | None: ...

    async def change(self, review_id: str, change: Change) -> Review | None:
        """Apply `change` to what stands at that moment; None when it is gone by it.

        NotFound when there is no such review; whatever `change` raises is raised and undone.
        """
        ...

    async def page(
        self,
        which: Which,
        *,
        sort: str,
        after: Sequence[str | int] | None,
        limit: int,
        skip: int = 0,
    ) -> tuple[list[Review], int]:
        """In order, and how many match in all at that moment.

        `after` are the sort values and the id of the last one seen.
        """
        ...

    async def count(self, which: Which) -> int: ...

    async def recount(self, movie_ids: Sequence[str]) -> dict[str, Tally]:
        """Tallies of the active reviews, for those movies that have any."""
        ...

    async def author_named(self, username: str) -> Author | None: ...

    async def hear(
        self, heard: Heard, *, author: Author | None = None, gone: Which | None = None
    ) -> None:
        """Once per event: keep an author's new name, or delete every review that is `gone`."""
        ...

    async def put_right(self, *, author: Author | None = None, gone: Which | None = None) -> None:
        """The same of what was never heard: it is done again each time it is asked for."""
        ...

    async def movie_ids(self, after: str, limit: int) -> list[str]:
        """The next movies, by id, that have reviews."""
        ...

    async def author_ids(self, after: str, limit: int) -> list[str]:
        """The next people, by id, whose names are kept."""
        ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...
