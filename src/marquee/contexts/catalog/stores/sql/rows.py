"""Movies, people and platforms as rows, and back."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from marquee.contexts.catalog.model.matching import Mark, mark_of
from marquee.contexts.catalog.model.movie import Movie, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.model.words import folded

MOST_AT_ONCE = 5000
ENCODE = msgspec.json.Encoder().encode
MOVIE = msgspec.json.Decoder(Movie)
ORIGINS = msgspec.json.Decoder(dict[str, str])
SEPARATOR = "\n"


def select_in(
    connection: Connection, sql: str, ids: Sequence[int], more: str = ""
) -> Iterator[Any]:
    """The rows of `sql` whose id is among `ids`, some thousands at a time."""
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = tuple(ids[start : start + MOST_AT_ONCE])
        marks = ",".join("?" * len(some))
        yield from connection.exec_driver_sql(f"{sql} IN ({marks}){more}", some)


def movie_row(record: Record) -> tuple[Any, ...]:
    """The columns of `movies` but the id, which is last, as an update wants it."""
    movie = record.movie
    return (
        movie.version,
        movie.title,
        movie.year,
        movie.poster_url,
        record.edited,
        ENCODE(record.origins).decode(),
        ENCODE(movie),
        int(movie.id),
    )


def record_of(row: Any) -> Record:
    """From `edited, origins, document`."""
    edited, origins, document = row
    return Record(MOVIE.decode(document), ORIGINS.decode(origins), edited)


def mark_row(mark: Mark) -> tuple[Any, ...]:
    first, *rest = mark.keys
    original = rest[0][0] if rest else None
    return (mark.imdb_id, mark.tmdb_id, first[1], first[0], original, mark.gone, mark.id)


def mark_row_of(movie: Movie) -> tuple[Any, ...]:
    return mark_row(mark_of(movie))


def mark_from(row: Any) -> Mark:
    imdb_id, tmdb_id, year, title, original, gone, id_ = row
    keys = ((title, year), (original, year)) if original is not None else ((title, year),)
    return Mark(id_, imdb_id, tmdb_id, keys, gone=bool(gone))


def person_row(person: Person) -> tuple[Any, ...]:
    return (
        person.name,
        person.names[0],
        SEPARATOR.join(person.names[1:]),
        person.imdb_id,
        person.tmdb_id,
        person.first_year,
        person.last_year,
        SEPARATOR.join(person.departments),
        person.gone,
        person.version,
        person.id,
    )


def person_from(row: Any) -> Person:
    """From the columns as they stand in the table."""
    id_, name, fold, aliases, imdb_id, tmdb_id, first, last, departments, gone, version = row
    return Person(
        id=id_,
        name=name,
        names=(fold, *aliases.split(SEPARATOR)) if aliases else (fold,),
        imdb_id=imdb_id,
        tmdb_id=tmdb_id,
        first_year=first,
        last_year=last,
        departments=tuple(departments.split(SEPARATOR)) if departments else (),
        gone=bool(gone),
        version=version,
    )


def platform_row(platform: Platform) -> tuple[Any, ...]:
    return (
        platform.name,
        folded(platform.name),
        platform.about,
        platform.url,
        platform.version,
        platform.id,
    )
