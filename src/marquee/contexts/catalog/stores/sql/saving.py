"""How one change of the catalog is written: all of it in one transaction, or nothing."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from marquee.contexts.catalog.model.matching import mark_of
from marquee.contexts.catalog.model.merging import Change
from marquee.contexts.catalog.model.movie import Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import Counters, Saving
from marquee.contexts.catalog.stores.sql.rows import (
    mark_row,
    movie_row,
    person_row,
    platform_row,
)
from marquee.engines.sql import Database, raw
from marquee.kit.errors import Conflict, Stale
from marquee.kit.events import Heard

ADD_MOVIE = (
    "INSERT INTO movies (version, title, year, poster_url, edited, memory, document, id) VALUES"
)
CHANGE_MOVIE = (
    "UPDATE movies SET version = ?, title = ?, year = ?, poster_url = ?, edited = ?, memory = ?,"
    " document = ? WHERE id = ? AND version = ?"
)
ADD_MARK = (
    "INSERT INTO marks (imdb_id, tmdb_id, year, folded, folded_original, former, aliases, gone,"
    " movie_id) VALUES"
)
CHANGE_MARK = (
    "UPDATE marks SET imdb_id = ?, tmdb_id = ?, year = ?, folded = ?, folded_original = ?,"
    " former = ?, aliases = ?, gone = ? WHERE movie_id = ?"
)
ADD_PERSON = (
    "INSERT INTO people (name, folded, aliases, imdb_id, tmdb_id, first_year, last_year,"
    " departments, gone, version, id) VALUES"
)
CHANGE_PERSON = (
    "UPDATE people SET name = ?, folded = ?, aliases = ?, imdb_id = ?, tmdb_id = ?, first_year = ?,"
    " last_year = ?, departments = ?, gone = ?, version = ? WHERE id = ? AND version < ?"
)
ADD_PLATFORM = (
    "INSERT INTO platforms (name, folded, about, url, version, id) VALUES (?, ?, ?, ?, ?, ?)"
)
LENGTHS = (1000, 250)
"""Rows of one statement."""
MOST_BYTES = 4_000_000
"""Of documents in one statement; MySQL takes no more than some megabytes."""
DOCUMENT = 6
"""Where it is in a row of a movie."""
CHANGE_PLATFORM = (
    "UPDATE platforms SET name = ?, folded = ?, about = ?, url = ?, version = ? WHERE id = ?"
)


def write(connection: Connection, db: Database, saving: Saving) -> None:
    _hear(connection, db, saving.heard)
    counters = _count(connection, saving)
    _movies(connection, saving.changes)
    _people(connection, saving.people, saving.absorbed, counters.person)
    _platforms(connection, saving.platforms, saving.gone_platforms, counters.platform)
    raw.run_many(
        connection, "DELETE FROM marks WHERE movie_id = ? AND gone", _ones(saving.forgiven)
    )
    db.tell(connection, saving.events)


def read_counters(connection: Connection) -> Counters:
    last: dict[str, int] = dict(raw.rows(connection, "SELECT name, last FROM counters"))
    return Counters(last["movie"], last["person"], last["platform"])


def _hear(connection: Connection, db: Database, heard: Sequence[Heard]) -> None:
    """All of them are new, or somebody else has heard some meanwhile."""
    if heard and not db.hear(connection, heard[0]):
        raise Stale("These events have been heard already.")
    if len(heard) > 1:
        db.hear(connection, heard[-1])


def _count(connection: Connection, saving: Saving) -> Counters:
    counters = read_counters(connection)
    if saving.counters is not None and saving.counters != counters:
        raise Stale("Numbers have been given out meanwhile.")
    given = saving.given
    if given is not None:
        for name in ("movie", "person", "platform"):
            if getattr(given, name) != getattr(counters, name):
                sql = "UPDATE counters SET last = ? WHERE name = ?"
                raw.run(connection, sql, (getattr(given, name), name))
    return counters


def _movies(connection: Connection, changes: Sequence[Change]) -> None:
    added = [(one.after, one.mark) for one in changes if one.after and not one.before]
    add_movies(connection, [record for record, _ in added])
    add(connection, ADD_MARK, [mark_row(mark or mark_of(record)) for record, mark in added])
    kept = [(one.before, one.after) for one in changes if one.before and one.after]
    changed = [(*movie_row(after), before.movie.version) for before, after in kept]
    _exactly(connection, CHANGE_MOVIE, changed)
    marks = [(mark_row(mark_of(before)), mark_row(mark_of(after))) for before, after in kept]
    raw.run_many(connection, CHANGE_MARK, [now for was, now in marks if was != now])
    gone = [change.before.movie for change in changes if change.before and not change.after]
    versions = [(int(movie.id), movie.version) for movie in gone]
    _exactly(connection, "DELETE FROM movies WHERE id = ? AND version = ?", versions)
    ids = [(id_,) for id_, _ in versions]
    raw.run_many(connection, "UPDATE marks SET gone = TRUE WHERE movie_id = ?", ids)


def add_movies(connection: Connection, records: Iterable[Record]) -> None:
    rows = [movie_row(record) for record in records]
    is_heavy = sum(len(row[DOCUMENT]) for row in rows) > MOST_BYTES
    add(connection, ADD_MOVIE, rows, () if is_heavy else LENGTHS)


def _people(
    connection: Connection, people: Sequence[Person], absorbed: Iterable[int], last: int
) -> None:
    new = [person_row(one) for one in people if one.id > last]
    known = [(*person_row(one), one.version) for one in people if one.id <= last]
    add(connection, ADD_PERSON, new)
    _exactly(connection, CHANGE_PERSON, known)
    raw.run_many(connection, "DELETE FROM people WHERE id = ?", _ones(absorbed))


def _platforms(
    connection: Connection, platforms: Sequence[Platform], gone: Sequence[int], last: int
) -> None:
    try:
        for platform in platforms:
            sql = ADD_PLATFORM if platform.id > last else CHANGE_PLATFORM
            raw.run(connection, sql, platform_row(platform))
    except IntegrityError:
        raise Conflict("There is a platform of this name.", field="name") from None
    raw.run_many(connection, "DELETE FROM platforms WHERE id = ?", _ones(gone))


def add(
    connection: Connection,
    insert: str,
    rows: Sequence[tuple[Any, ...]],
    lengths: Sequence[int] = LENGTHS,
) -> None:
    """In as few statements as can be: each gives the interpreter to other threads and waits for it.

    They are of few lengths, so that the driver knows them again.
    """
    if not rows:
        return
    place, at = f"({', '.join('?' * len(rows[0]))})", 0
    for size in lengths:
        while len(rows) - at >= size:
            given = tuple(chain.from_iterable(rows[at : at + size]))
            raw.run(connection, f"{insert} {', '.join([place] * size)}", given)
            at += size
    raw.run_many(connection, f"{insert} {place}", rows[at:])


def _ones(ids: Iterable[int]) -> list[tuple[Any, ...]]:
    return [(id_,) for id_ in ids]


def _exactly(connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    if raw.run_many(connection, sql, rows) != len(rows):
        raise Stale("Somebody has changed it meanwhile.")
