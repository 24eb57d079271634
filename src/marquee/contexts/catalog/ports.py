"""What the catalog needs from outside: a store, and lists held in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.merging import Change, Named, Sought
from marquee.contexts.catalog.model.movie import Movie, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.kit.events import Event, Heard, OwnInbox, OwnOutbox
from marquee.kit.moving import Movable
from marquee.kit.once import OnceStore


@dataclass(frozen=True)
class Card:
    """The few columns of a movie that are had without reading all of it."""

    id: str
    title: str
    year: int | None
    poster_url: str
    version: int


@dataclass(frozen=True)
class Counters:
    """The last numbers that were given out; no number is ever given twice."""

    movie: int
    person: int
    platform: int


@dataclass(frozen=True, kw_only=True)
class Saving:
    """One change of the store: all of it or nothing.

    `counters` are as they were read: when others have given out numbers since, and when a movie is
    not at the version it was read in, nothing is saved and Stale is raised. `heard` are events of
    one source, in order, whose effect this is. `gone_movies` stay known as deleted; marks of
    `forgiven` ids do not any longer.
    """

    changes: Sequence[Change] = ()
    people: Sequence[Person] = ()
    absorbed: Iterable[int] = ()
    platforms: Sequence[Platform] = ()
    gone_platforms: Sequence[int] = ()
    forgiven: Sequence[int] = ()
    counters: Counters | None = None
    given: Counters | None = None
    heard: Sequence[Heard] = ()
    events: Sequence[Event] = ()


class CatalogStore(OwnOutbox, OwnInbox, OnceStore, Movable, Protocol):
    """Keeps movies, people and platforms. Each save tells its events in the same transaction."""

    async def documents(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The movies that exist among `ids`, as JSON."""
        ...

    async def document(self, id_: int) -> tuple[int, bytes] | None:
        """One movie's version and JSON, by a single read."""
        ...

    async def cards(self, ids: Sequence[int]) -> dict[int, Card]: ...

    async def records(self, ids: Sequence[int]) -> dict[int, Record]: ...

    async def movie_ids(self, after: int, limit: int) -> list[int]:
        """Ascending."""
        ...

    async def marks(self, sought: Sought) -> list[Mark]:
        """Every movie, there or deleted, that one of these may be about."""
        ...

    async def counters(self) -> Counters: ...

    async def people(self, ids: Sequence[int]) -> dict[int, Person]:
        """The people that exist among `ids`; not the gone ones."""
        ...

    async def people_named(self, named: Named) -> list[Person]:
        """Everybody one of these may be, the gone ones too."""
        ...

    async def person_ids(self, after: int, limit: int) -> list[int]: ...

    async def people_by_name(
        self, after: tuple[str, int] | None, limit: int, *, descending: bool
    ) -> list[Person]:
        """In the order of their folded names, then ids."""
        ...

    async def people_called(self, text: str) -> list[int]:
        """Whose folded name has a word that begins with this folded text, by id."""
        ...

    async def count_people(self) -> int: ...

    async def platforms(self) -> list[Platform]:
        """All of them, by id."""
        ...

    async def mentioning(self, title: str, text: str) -> list[bytes]:
        """The documents, by id, with `title` in a folded title, or `text` in plot or release date."""
        ...

    async def save(self, saving: Saving) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which movies: all that match everything that is asked.

    `genres`, `platforms` and `languages` are groups that are all required, of which any member will
    do. The same for `decades` and `years`, which are one group each; bounds are inclusive.
    """

    genres: tuple[tuple[str, ...], ...] = ()
    platforms: tuple[tuple[str, ...], ...] = ()
    languages: tuple[tuple[str, ...], ...] = ()
    people: tuple[int, ...] = ()
    years: tuple[str, ...] = ()
    decades: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    runtime_min: int | None = None
    runtime_max: int | None = None
    rating_min: float | None = None


Place = tuple[float | str | None, int]
"""Where a page ended: the sort value and the id."""


@dataclass(frozen=True)
class Found:
    ids: list[int]
    total: int
    last: Place | None


@dataclass(frozen=True)
class Standing:
    """How known somebody is: how many movies, and the sum of their popularity."""

    movies: int
    popularity: float
    known_for: tuple[int, ...] = ()


class Lists(Protocol):
    """Which movies match, in order, with counts; and how known people are. All held in memory.

    Called from one thread. What is `put` is in the next answer.
    """

    def put(self, movies: Iterable[Movie], gone: Iterable[int] = ()) -> None: ...

    def know(self, people: Iterable[int], gone: Iterable[int] = ()) -> None:
        """There are these people now, and those not any longer."""
        ...

    async def follow(self, store: CatalogStore, event: Event) -> None:
        """Say what the store says now of what `event` speaks of."""
        ...

    def page(
        self, question: Question, *, sort: str, descending: bool, limit: int, after: Place | None
    ) -> Found:
        """`sort` is popularity, rating, reviews, year, released or title; ties by id, nulls last.

        Invalid when `after` is no place of this sort.
        """
        ...

    def facets(self, question: Question, names: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """For genre, platform, language, decade, year: the count of each value.

        A facet ignores its own filter; that of the years ignores bounds on them, too.
        """
        ...

    def counts(self, name: str) -> Mapping[str, int]: ...

    def movies_of(self, person_id: int) -> list[int]: ...

    def standing(self, person_id: int, known_for: int = 0) -> Standing:
        """With the ids of the `known_for` most popular movies, best known first."""
        ...

    def best_known(
        self, among: Sequence[int] | None, *, descending: bool, limit: int, after: Place | None
    ) -> Found:
        """People by popularity, ties by id, of everybody or `among` these."""
        ...

    def keep(self, mark: str) -> None:
        """Write a snapshot; `mark` says what state of the store it shows."""
        ...
