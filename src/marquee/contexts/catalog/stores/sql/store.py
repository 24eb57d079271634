"""The catalog's store on SQL: what is read, and the index that finds what sources speak of."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from marquee.contexts.catalog.model.matching import Mark, mark_of
from marquee.contexts.catalog.model.merging import Named, Sought
from marquee.contexts.catalog.model.movie import Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import Card, Counters, Saving
from marquee.contexts.catalog.stores.sql.carrying import CatalogCargo
from marquee.contexts.catalog.stores.sql.lookups import InMemory, InTable, Lookups, Pairs
from marquee.contexts.catalog.stores.sql.rows import (
    mark_from,
    person_from,
    record_of,
    select_in,
)
from marquee.contexts.catalog.stores.sql.saving import read_counters, write
from marquee.engines.sql import Database, SqlStore, raw
from marquee.kit.moving import Portable

MARKS = (
    "SELECT imdb_id, tmdb_id, year, folded, folded_original, former, aliases, gone, movie_id"
    " FROM marks"
)
PEOPLE = (
    "SELECT id, name, folded, aliases, imdb_id, tmdb_id, first_year, last_year, departments, gone,"
    " version FROM people"
)
MENTIONING = (
    "SELECT document FROM movies JOIN marks ON movie_id = id WHERE folded LIKE ? ESCAPE '!'"
    " OR folded_original LIKE ? ESCAPE '!' OR lower({plot}) LIKE lower(?) ESCAPE '!'"
    " OR coalesce({released_on}, CAST(movies.year AS CHAR(4))) LIKE ? ESCAPE '!' ORDER BY id"
)
FEW = 50
AT_ONCE = 10_000
MOST_RECENT = 1 << 15
T = TypeVar("T")


class SqlCatalogStore(SqlStore):
    migrations = "marquee.contexts.catalog.migrations"

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        shared = database.is_shared
        self._movies: Lookups = InTable("movie") if shared else InMemory(_all_movies)
        self._people: Lookups = InTable("person") if shared else InMemory(_all_people)
        self._recent: dict[int, Person] = {}
        self._loading = asyncio.Lock()

    @property
    def portable(self) -> Portable:
        movies, people = (self._movies, _keys_of_movies), (self._people, _keys_of_people)
        return CatalogCargo(self._db, movies, people)

    async def _read(self, size: int, work: Callable[[Connection], T]) -> T:
        return await (self._db.read(work) if size <= FEW else self._db.read_in_thread(work))

    async def documents(self, ids: Sequence[int]) -> dict[int, bytes]:
        sql = "SELECT id, document FROM movies WHERE id"
        return await self._read(len(ids), lambda c: dict(select_in(c, sql, ids)))

    async def document(self, id_: int) -> tuple[int, bytes] | None:
        def work(connection: Connection) -> tuple[int, bytes] | None:
            sql = "SELECT version, document FROM movies WHERE id = ?"
            row = raw.row(connection, sql, (id_,))
            return (row[0], row[1]) if row else None

        return await self._db.read(work)

    async def cards(self, ids: Sequence[int]) -> dict[int, Card]:
        sql = "SELECT id, title, year, poster_url, version FROM movies WHERE id"

        def work(connection: Connection) -> dict[int, Card]:
            rows = select_in(connection, sql, ids)
            return {row[0]: Card(str(row[0]), row[1], row[2], row[3], row[4]) for row in rows}

        return await self._read(len(ids), work)

    async def records(self, ids: Sequence[int]) -> dict[int, Record]:
        sql = "SELECT id, edited, memory, document FROM movies WHERE id"

        def work(connection: Connection) -> dict[int, Record]:
            return {row[0]: record_of(row[1:]) for row in select_in(connection, sql, ids)}

        return await self._read(len(ids), work)

    async def movie_ids(self, after: int, limit: int) -> list[int]:
        sql = "SELECT id FROM movies WHERE id > ? ORDER BY id LIMIT ?"
        return await self._read(limit, lambda c: _column(c, sql, (after, limit)))

    async def marks(self, sought: Sought) -> list[Mark]:
        await self._prepare(self._movies)
        keys = [*sought.imdb_ids, *sought.tmdb_ids, *sought.keys]
        sql = MARKS + " WHERE movie_id"

        def work(connection: Connection) -> list[Mark]:
            ids = self._movies.find(connection, keys)
            return [mark_from(row) for row in select_in(connection, sql, ids)]

        return await self._read(len(keys), work)

    async def counters(self) -> Counters:
        return await self._db.read(read_counters)

    async def people(self, ids: Sequence[int]) -> dict[int, Person]:
        sql = PEOPLE + " WHERE NOT gone AND id"

        def work(connection: Connection) -> dict[int, Person]:
            return {row[0]: person_from(row) for row in select_in(connection, sql, ids)}

        return await self._read(len(ids), work)

    async def people_named(self, named: Named) -> list[Person]:
        await self._prepare(self._people)
        keys = [*named.names, *named.imdb_ids, *named.tmdb_ids]
        recent = self._recent

        def work(connection: Connection) -> list[Person]:
            ids = self._people.find(connection, keys)
            unread = [id_ for id_ in ids if id_ not in recent]
            rows = select_in(connection, PEOPLE + " WHERE id", unread)
            found = {row[0]: person_from(row) for row in rows}
            people = [recent.get(id_) or found.get(id_) for id_ in ids]
            self._remember(found.values())
            return [person for person in people if person is not None]

        return await self._read(len(keys), work)

    def _remember(self, people: Iterable[Person]) -> None:
        """People named lately are often named again, and all their changes are made here.

        Where others write too, nobody is remembered.
        """
        if self._db.is_shared:
            return
        if len(self._recent) > MOST_RECENT:
            self._recent.clear()
        self._recent.update((person.id, person) for person in people)

    async def person_ids(self, after: int, limit: int) -> list[int]:
        sql = "SELECT id FROM people WHERE id > ? AND NOT gone ORDER BY id LIMIT ?"
        return await self._read(limit, lambda c: _column(c, sql, (after, limit)))

    async def people_by_name(
        self, after: tuple[str, int] | None, limit: int, *, descending: bool
    ) -> list[Person]:
        beyond, order = ("<", " DESC") if descending else (">", "")
        later = f" AND (folded {beyond} ? OR (folded = ? AND id > ?))" if after else ""
        sql = f"{PEOPLE} WHERE NOT gone{later} ORDER BY folded{order}, id LIMIT ?"
        given = (after[0], after[0], after[1], limit) if after else (limit,)

        def work(connection: Connection) -> list[Person]:
            return [person_from(row) for row in raw.rows(connection, sql, given)]

        return await self._db.read_in_thread(work)

    async def people_called(self, text: str) -> list[int]:
        sql = (
            "SELECT id FROM people WHERE NOT gone AND (folded LIKE ? ESCAPE '!'"
            " OR folded LIKE ? ESCAPE '!') ORDER BY id"
        )
        plain = _plain(text)
        given = (f"{plain}%", f"% {plain}%")
        return await self._db.read_in_thread(lambda c: _column(c, sql, given))

    async def count_people(self) -> int:
        sql = "SELECT count(*) FROM people WHERE NOT gone"
        return await self._db.read_in_thread(lambda c: _column(c, sql, ())[0])

    async def platforms(self) -> list[Platform]:
        sql = "SELECT id, name, about, url, version FROM platforms ORDER BY id"

        def work(connection: Connection) -> list[Platform]:
            rows = raw.rows(connection, sql)
            return [
                Platform(id=row[0], name=row[1], about=row[2], url=row[3], version=row[4])
                for row in rows
            ]

        return await self._db.read(work)

    async def mentioning(self, title: str, text: str) -> list[bytes]:
        given = (f"%{_plain(title)}%",) * 2 + (f"%{_plain(text)}%",) * 2

        def work(connection: Connection) -> list[bytes]:
            names = ("plot", "released_on")
            members = {name: raw.member(connection, "document", name) for name in names}
            sql = MENTIONING.format(**members)
            return [row[0] for row in raw.rows(connection, sql, given)]

        return await self._db.read_in_thread(work)

    async def save(self, saving: Saving) -> None:
        movies, people = partial(_movies_of, saving), partial(_people_of, saving)

        def work(connection: Connection) -> None:
            write(connection, self._db, saving)
            self._movies.write(connection, movies)
            self._people.write(connection, people)

        is_little = len(saving.changes) + len(saving.people) <= FEW
        await (self._db.write(work) if is_little else self._db.write_in_thread(work))
        self._movies.written(movies)
        self._people.written(people)
        self._remember(saving.people)
        for id_ in saving.absorbed:
            self._recent.pop(id_, None)

    async def _prepare(self, lookups: Lookups) -> None:
        async with self._loading:
            await lookups.prepare(self._db)


def _column(connection: Connection, sql: str, given: tuple[Any, ...]) -> list[int]:
    return [row[0] for row in raw.rows(connection, sql, given)]


def _plain(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _keys_of_movies(marks: Iterable[Mark]) -> Pairs:
    keys: list[object] = []
    ids: list[int] = []
    for mark in marks:
        held: list[object] = [*mark.keys, *mark.aliases]
        held += [one for one in (mark.imdb_id, mark.tmdb_id) if one is not None]
        keys += held
        ids += [mark.id] * len(held)
    return keys, ids


def _keys_of_people(people: Iterable[Person]) -> Pairs:
    keys: list[object] = []
    ids: list[int] = []
    for person in people:
        keys += person.names
        ids += [person.id] * len(person.names)
        for one in (person.imdb_id, person.tmdb_id):
            if one is not None:
                keys.append(one)
                ids.append(person.id)
    return keys, ids


def _movies_of(saving: Saving) -> Pairs:
    return _keys_of_movies(
        change.mark or mark_of(change.after) for change in saving.changes if change.after
    )


def _people_of(saving: Saving) -> Pairs:
    counters = saving.counters
    return _keys_of_people(one for one in saving.people if not _is_indexed(one, counters))


def _is_indexed(person: Person, counters: Counters | None) -> bool:
    """Whether all that this person is known by is known already: they were there, by one name."""
    return (
        counters is not None
        and person.id <= counters.person
        and len(person.names) == 1
        and person.imdb_id is None
        and person.tmdb_id is None
    )


def _all_movies(connection: Connection) -> Iterator[Pairs]:
    for rows in _parts(connection, MARKS):
        yield _keys_of_movies(map(mark_from, rows))


def _all_people(connection: Connection) -> Iterator[Pairs]:
    for rows in _parts(connection, PEOPLE):
        yield _keys_of_people(map(person_from, rows))


def _parts(connection: Connection, sql: str) -> Iterator[Sequence[Any]]:
    """Of a long table, so that it is never in memory as a whole."""
    return connection.exec_driver_sql(sql).partitions(AT_ONCE)
