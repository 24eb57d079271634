"""A movie as the catalog keeps it; its JSON is what a client is answered."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model import figures
from marquee.posters import VERSION, Facts

Key = tuple[str, int | None]
"""A folded title and a year: what a movie without ids is known by."""
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
    in which anything but a rating last changed. `told` are rows without ids that were about this
    movie and own nothing in it; `former` are keys it was known by once; `also` are keys of
    rows that were found by one of its alternative titles.
    """

    movie: Movie
    origins: dict[str, str]
    edited: int
    told: tuple[str, ...] = ()
    former: tuple[Key, ...] = ()
    also: tuple[Key, ...] = ()


def completed(values: dict[str, Any]) -> Movie:
    """A new movie of these values, with everything that follows from them."""
    ratings = values.get("external_ratings", ())
    crew = values.get("crew", ())
    mark = fingerprint(
        values["title"],
        values.get("year"),
        values.get("ids", NO_IDS).imdb,
        values.get("genres", ()),
        [one.name for one in crew if one.job == DIRECTOR] if crew else (),
        values.get("runtime_minutes"),
    )
    poster_url = values.pop("poster_url", None) or f"/posters/{values['id']}/{mark}.svg"
    return Movie(
        score=figures.score(figures.external_rating(ratings), NONE_YET) if ratings else None,
        popularity=figures.popularity(figures.votes(ratings), 0) if ratings else 0.0,
        poster_url=poster_url,
        field_url=f"/fields/{values['id']}/{mark}.svg",
        **values,
    )


def settled(movie: Movie) -> Movie:
    """The movie with everything brought up to date that follows from its facts."""
    outside = figures.external_rating(movie.external_ratings)
    mark = fingerprint(
        movie.title,
        movie.year,
        movie.ids.imdb,
        movie.genres,
        movie.directors,
        movie.runtime_minutes,
    )
    drawn = not movie.poster_url.startswith("https://")
    return replace(
        movie,
        score=figures.score(outside, movie.rating.histogram),
        popularity=figures.popularity(figures.votes(movie.external_ratings), movie.rating.count),
        poster_url=f"/posters/{movie.id}/{mark}.svg" if drawn else movie.poster_url,
        field_url=f"/fields/{movie.id}/{mark}.svg",
    )


def fingerprint(  # noqa: PLR0913, PLR0917 - all that a poster is drawn from
    title: str,
    year: int | None,
    imdb_id: str | None,
    genres: Sequence[str],
    directors: Sequence[str],
    runtime_minutes: int | None,
) -> str:
    """Changes whenever the poster would look different."""
    text = f"{VERSION}|{title}|{year}|{imdb_id}|{','.join(genres)}|{','.join(directors)}|{runtime_minutes}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def drawing(movie: Movie) -> tuple[str, Facts]:
    """What its poster is drawn from, with the fingerprint of it."""
    facts = Facts(
        title=movie.title,
        year=movie.year,
        imdb_id=movie.ids.imdb,
        genres=movie.genres,
        directors=tuple(movie.directors),
        runtime_minutes=movie.runtime_minutes,
    )
    mark = fingerprint(
        facts.title,
        facts.year,
        facts.imdb_id,
        facts.genres,
        facts.directors,
        facts.runtime_minutes,
    )
    return mark, facts


def rated(movie: Movie, histogram: Sequence[int]) -> Movie:
    """The movie with these members' ratings, one version on."""
    count = sum(histogram)
    average = figures.total(histogram) / count if count else None
    rating = Rating(average, count, tuple(histogram))
    return settled(replace(movie, rating=rating, version=movie.version + 1))
