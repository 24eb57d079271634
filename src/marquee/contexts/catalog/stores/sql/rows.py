"""Movies, people and platforms as rows, and back."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.movie import Key, Movie, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.model.words import folded
from marquee.engines.sql import raw

MOST_AT_ONCE = 5000
ENCODE = msgspec.json.Encoder().encode
MOVIE = msgspec.json.Decoder(Movie)
KEYS = msgspec.json.Decoder(tuple[Key, ...])
SEPARATOR = "\n"


class Memory(msgspec.Struct, omit_defaults=True, gc=False):
    """What only the catalog knows of a movie; see Record."""

    origins: dict[str, str]
    told: tuple[str, ...] = ()
    former: tuple[Key, ...] = ()
    also: tuple[Key, ...] = ()


MEMORY = msgspec.json.Decoder(Memory)


def select_in(
    connection: Connection, sql: str, ids: Sequence[int], more: str = ""
) -> Iterator[Any]:
    """The rows of `sql` whose id is among `ids`, some thousands at a time."""
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = tuple(ids[start : start + MOST_AT_ONCE])
        marks = ",".join("?" * len(some))
        yield from raw.rows(connection, f"{sql} IN ({marks}){more}", some)


def movie_row(record: Record) -> tuple[Any, ...]:
    """The columns of `movies` but the id, which is last, as an update wants it."""
    movie = record.movie
    return (
        movie.version,
        movie.title,
        movie.year,
        movie.poster_url,
        record.edited,
        ENCODE(Memory(record.origins, record.told, record.former, record.also)).decode(),
        ENCODE(movie),
        int(movie.id),
    )


def record_of(row: Any) -> Record:
    """From `edited, memory, document`."""
    edited, memory, document = row
    kept = MEMORY.decode(memory)
    return Record(MOVIE.decode(document), kept.origins, edited, kept.told, kept.former, kept.also)


def mark_row(mark: Mark) -> tuple[Any, ...]:
    keys = mark.keys
    title, year = keys[0]
    original, former = None, None
    if len(keys) > 1:
        rest = keys[1:]
        if keys[1][1] == year:
            original, rest = keys[1][0], keys[2:]
        former = ENCODE(rest).decode() if rest else None
    aliases = ENCODE(mark.aliases).decode() if mark.aliases else None
    return (mark.imdb_id, mark.tmdb_id, year, title, original, former, aliases, mark.gone, mark.id)


def mark_from(row: Any) -> Mark:
    imdb_id, tmdb_id, year, title, original, former, others, gone, id_ = row
    keys: tuple[Key, ...] = ((title, year),)
    if original is not None:
        keys += ((original, year),)
    if former is not None:
        keys += KEYS.decode(former)
    aliases = () if others is None else KEYS.decode(others)
    return Mark(id_, imdb_id, tmdb_id, keys, aliases=aliases, gone=bool(gone))


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
