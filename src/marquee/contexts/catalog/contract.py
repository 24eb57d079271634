"""What others may ask of the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from marquee.kit.calls import safe, takes

UNHURRIED = 30.0
"""Seconds for a page of what is indexed: nobody waits for it, and a page that fails begins all anew."""


@dataclass(frozen=True)
class MovieCard:
    """A movie as it is mentioned elsewhere."""

    id: str
    title: str
    year: int | None
    poster_url: str
    version: int


@dataclass(frozen=True)
class PersonName:
    id: str
    name: str


@dataclass(frozen=True)
class MovieDocument:
    """A movie as it is searched for. `popularity` is what the lists are sorted by."""

    id: str
    title: str
    original_title: str | None
    alternative_titles: tuple[str, ...]
    year: int | None
    people: tuple[PersonName, ...]
    genres: tuple[str, ...]
    keywords: tuple[str, ...]
    platforms: tuple[str, ...]
    popularity: float
    votes: int
    poster_url: str


@dataclass(frozen=True)
class PersonDocument:
    """A person as they are searched for; `known_for` are titles, best known first."""

    id: str
    name: str
    movie_count: int
    popularity: float
    known_for: tuple[str, ...]


@dataclass(frozen=True)
class ExternalRating:
    """Somebody else's figure, such as IMDb's: `value` of `out_of` from `votes`, seen `as_of`."""

    source: str
    value: float
    out_of: float
    votes: int | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class CreditFact:
    """Somebody's part in a movie, as a source tells it."""

    name: str
    job: str = "Actor"
    department: str = "Acting"
    character: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None


@dataclass(frozen=True)
class MovieFacts:
    """What one source says of one movie. What it does not say is None or empty.

    `released_on` is an ISO date; `languages` are ISO 639 codes; `budget` and `revenue` are in
    US dollars.
    """

    title: str
    year: int | None = None
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    released_on: str | None = None
    runtime_minutes: int | None = None
    genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    certificate: str | None = None
    plot: str | None = None
    tagline: str | None = None
    keywords: tuple[str, ...] = ()
    awards: str | None = None
    budget: int | None = None
    revenue: int | None = None
    cast: tuple[CreditFact, ...] = ()
    crew: tuple[CreditFact, ...] = ()
    imdb_id: str | None = None
    tmdb_id: int | None = None
    external_ratings: tuple[ExternalRating, ...] = ()
    poster_url: str | None = None


@dataclass(frozen=True)
class Skip:
    """A movie of the batch that was left out: its place in the batch, from 0, and why.

    `is_unwanted` where nothing is wrong with it, but an admin does not want it here.
    """

    index: int
    reason: str
    is_unwanted: bool = False


@dataclass(frozen=True)
class MergeReport:
    """What a batch did; the four parts add up to its length."""

    created: int
    updated: int
    unchanged: int
    skipped: tuple[Skip, ...] = ()


class Catalog(Protocol):
    """Read the catalog, and tell it what sources say."""

    @safe
    async def movies(self, *, ids: Sequence[str]) -> dict[str, MovieCard]:
        """The movies that exist among `ids`; unknown ids are simply absent."""
        ...

    @safe
    @takes(seconds=UNHURRIED)
    async def documents(self, *, ids: Sequence[str]) -> dict[str, MovieDocument]:
        """The same for search."""
        ...

    @safe
    @takes(seconds=UNHURRIED)
    async def people(self, *, ids: Sequence[str]) -> dict[str, PersonDocument]:
        """The people that exist among `ids`."""
        ...

    @safe
    @takes(seconds=UNHURRIED)
    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        """The next `limit` movies by number after `after` ("0" to begin)."""
        ...

    @safe
    @takes(seconds=UNHURRIED)
    async def person_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        """The next `limit` people by number after `after` ("0" to begin)."""
        ...

    @safe
    @takes(seconds=60)
    async def merge(self, *, source: str, movies: Sequence[MovieFacts]) -> MergeReport:
        """Add to the catalog what `source` says, one durable change for the whole batch.

        The same movie is found by IMDb id, TMDB id, or title and year; twice is once; an admin's
        edits and deletions stand.
        """
        ...
