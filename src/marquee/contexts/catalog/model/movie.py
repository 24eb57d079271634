"""A movie as the catalog keeps it; its JSON is what a client is answered."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model import figures
from marquee.posters import VERSION, Facts

DIRECTOR = "Director"
NONE_YET = (0,) * figures.SCALE


class CastMember(Struct, frozen=True, gc=False):
    person_id: str
    name: str
    character: str | None = None


class CrewMember(Struct, frozen=True, gc=False):
    person_id: str
    name: str
    job: str
    department: str


class Carrier(Struct, frozen=True, gc=False):
    """A platform that has the movie; `url` leads there, to the movie itself where that is known."""

    id: str
    name: str
    url: str | None = None


class Ids(Struct, frozen=True, gc=False):
    imdb: str | None = None
    tmdb: int | None = None


class Rating(Struct, frozen=True, gc=False):
    """The members': `histogram` has how many gave 1, 2, ... 10."""

    average: float | None = None
    count: int = 0
    histogram: tuple[int, ...] = NONE_YET


NO_IDS, NO_RATING = Ids(), Rating()


class Movie(Struct, frozen=True, gc=False, kw_only=True):
    """What is not known is None or empty. `version` grows with every change, of a rating too."""

    id: str
    title: str
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    year: int | None = None
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
    cast: tuple[CastMember, ...] = ()
    crew: tuple[CrewMember, ...] = ()
    platforms: tuple[Carrier, ...] = ()
    ids: Ids = NO_IDS
    rating: Rating = NO_RATING
    external_ratings: tuple[ExternalRating, ...] = ()
    score: float | None = None
    popularity: float = 0.0
    poster_url: str = ""
    field_url: str = ""
    updated_at: datetime
    version: int = 1

    @property
    def person_ids(self) -> set[str]:
        return {one.person_id for one in self.cast} | {one.person_id for one in self.crew}

    @property
    def directors(self) -> list[str]:
        return [one.name for one in self.crew if one.job == DIRECTOR]


class Record(Struct, frozen=True, gc=False):
    """A movie with what only the catalog needs to know.

    `origins` says who said what: by field, with `*` for all other fields. `edited` is the version
    in which anything but a rating last changed.
    """

    movie: Movie
    origins: dict[str, str]
    edited: int


def settled(movie: Movie) -> Movie:
    """The movie with everything brought up to date that follows from its facts."""
    outside = figures.external_rating(movie.external_ratings)
    mark = fingerprint(facts(movie))
    drawn = movie.poster_url.startswith("https://")
    return replace(
        movie,
        score=figures.score(outside, movie.rating.histogram),
        popularity=figures.popularity(figures.votes(movie.external_ratings), movie.rating.count),
        poster_url=movie.poster_url if drawn else f"/posters/{movie.id}/{mark}.svg",
        field_url=f"/fields/{movie.id}/{mark}.svg",
    )


def facts(movie: Movie) -> Facts:
    """What its poster is drawn from."""
    return Facts(
        title=movie.title,
        year=movie.year,
        imdb_id=movie.ids.imdb,
        genres=movie.genres,
        directors=tuple(movie.directors),
        runtime_minutes=movie.runtime_minutes,
    )


def fingerprint(facts: Facts) -> str:
    """Changes whenever the poster would look different."""
    text = f"{VERSION}{facts!r}"
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()


def rated(movie: Movie, histogram: Sequence[int]) -> Movie:
    """The movie with these members' ratings, one version on."""
    count = sum(histogram)
    average = figures.total(histogram) / count if count else None
    rating = Rating(average, count, tuple(histogram))
    return settled(replace(movie, rating=rating, version=movie.version + 1))
