"""A movie as it stands in a list, and read for others, without all of it."""

import msgspec
from msgspec import Struct

from marquee.contexts.catalog.contract import ExternalRating, MovieDocument, PersonName
from marquee.contexts.catalog.model import figures
from marquee.contexts.catalog.model.movie import DIRECTOR


class Average(Struct, frozen=True, gc=False):
    average: float | None
    count: int


class Outside(Struct, frozen=True, gc=False):
    """The one external rating that counts most."""

    source: str
    value: float
    out_of: float
    votes: int | None


class MovieItem(Struct, frozen=True, gc=False, kw_only=True):
    id: str
    title: str
    original_title: str | None
    year: int | None
    runtime_minutes: int | None
    genres: tuple[str, ...]
    directors: list[str]
    poster_url: str
    rating: Average
    score: float | None
    external_rating: Outside | None
    popularity: float


class Name(Struct, frozen=True, gc=False):
    person_id: str
    name: str
    job: str = ""


class Thing(Struct, frozen=True, gc=False):
    name: str


class Read(Struct, frozen=True, gc=False, kw_only=True):
    """What is read of a stored movie; its other fields are passed over."""

    id: str
    title: str
    original_title: str | None
    year: int | None
    runtime_minutes: int | None
    released_on: str | None
    genres: tuple[str, ...]
    crew: tuple[Name, ...]
    rating: Average
    score: float | None
    external_ratings: tuple[ExternalRating, ...]
    popularity: float
    poster_url: str


class ReadWhole(Read, frozen=True, gc=False, kw_only=True):
    alternative_titles: tuple[str, ...]
    keywords: tuple[str, ...]
    platforms: tuple[Thing, ...]
    cast: tuple[Name, ...]


class Part(Struct, frozen=True, gc=False):
    person_id: str
    name: str
    character: str | None = None
    job: str = ""
    department: str = ""


class ReadRoles(Read, frozen=True, gc=False, kw_only=True):
    cast: tuple[Part, ...]
    crew: tuple[Part, ...]  # type: ignore[assignment]


READ = msgspec.json.Decoder(Read)
WHOLE = msgspec.json.Decoder(ReadWhole)
ROLES = msgspec.json.Decoder(ReadRoles)


def item(document: bytes) -> MovieItem:
    return item_of(READ.decode(document))


def item_of(read: Read) -> MovieItem:
    outside = figures.external_rating(read.external_ratings)
    return MovieItem(
        id=read.id,
        title=read.title,
        original_title=read.original_title,
        year=read.year,
        runtime_minutes=read.runtime_minutes,
        genres=read.genres,
        directors=[one.name for one in read.crew if one.job == DIRECTOR],
        poster_url=read.poster_url,
        rating=read.rating,
        score=read.score,
        external_rating=Outside(outside.source, outside.value, outside.out_of, outside.votes)
        if outside
        else None,
        popularity=read.popularity,
    )


def searchable(document: bytes) -> MovieDocument:
    read = WHOLE.decode(document)
    people = {
        one.person_id: PersonName(one.person_id, one.name) for one in (*read.cast, *read.crew)
    }
    return MovieDocument(
        id=read.id,
        title=read.title,
        original_title=read.original_title,
        alternative_titles=read.alternative_titles,
        year=read.year,
        people=tuple(people.values()),
        genres=read.genres,
        keywords=read.keywords,
        platforms=tuple(one.name for one in read.platforms),
        popularity=read.popularity,
        votes=figures.votes(read.external_ratings) + read.rating.count,
        poster_url=read.poster_url,
    )
