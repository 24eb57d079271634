"""The catalog's store on SQL: what is read, and the index that finds what sources speak of."""

import asyncio
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from marquee.contexts.catalog.model.matching import Mark, mark_of
from marquee.contexts.catalog.model.merging import Named, Sought
from marquee.contexts.catalog.model.movie import Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import Card, Counters, Saving
from marquee.contexts.catalog.stores.sql.hashes import Hashes
from marquee.contexts.catalog.stores.sql.rows import (
    mark_from,
    person_from,
    record_of,
    select_in,
)
from marquee.contexts.catalog.stores.sql.saving import read_counters, write
from marquee.engines.sql import Database, SqlStore, raw

MARKS = (
    "SELECT imdb_id, tmdb_id, year, folded, folded_original, former, aliases, gone, movie_id"
    " FROM marks"
)
PEOPLE = (
    "SELECT id, name, folded, aliases, imdb_id, tmdb_id, first_year, last_year, departments, gone,"
    " version FROM people"
)
FROM_A = (
    " WHERE NOT gone AND (? IS NULL OR folded > ? OR (folded = ? AND id > ?))"
    " ORDER BY folded, id LIMIT ?"
)
FROM_Z = (
    " WHERE NOT gone AND (? IS NULL OR folded < ? OR (folded = ? AND id > ?))"
    " ORDER BY folded DESC, id LIMIT ?"
)
MENTIONING = (
    "SELECT document FROM movies JOIN marks ON movie_id = id WHERE folded LIKE ? ESCAPE '\\'"
    " OR folded_original LIKE ? ESCAPE '\\'"
    " OR json_extract(CAST(document AS TEXT), '$.plot') LIKE ? ESCAPE '\\'"
    " OR coalesce(json_extract(CAST(document AS TEXT), '$.released_on'), movies.year)"
    " LIKE ? ESCAPE '\\' ORDER BY id"
)
Pairs = tuple["array[int]", "array[int]"]
"""Keys, and for each the row that has it."""
FEW = 50
MOST_RECENT = 1 << 15
T = TypeVar("T")


class SqlCatalogStore(SqlStore):
    migrations = "marquee.contexts.catalog.migrations"

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._movies: Hashes | None = None
        self._people: Hashes | None = None
        self._recent: dict[int, Person] = {}
        self._loading = asyncio.Lock()

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
        index = await self._movie_index()
        keys = [hash(one) for one in (*sought.imdb_ids, *sought.tmdb_ids, *sought.keys)]
        sql = MARKS + " WHERE movie_id"

        def work(connection: Connection) -> list[Mark]:
            return [mark_from(row) for row in select_in(connection, sql, sorted(index.find(keys)))]

        return await self._read(len(keys), work)

    async def counters(self) -> Counters:
        return await self._db.read(read_counters)

    async def people(self, ids: Sequence[int]) -> dict[int, Person]:
        sql = PEOPLE + " WHERE NOT gone AND id"

        def work(connection: Connection) -> dict[int, Person]:
            return {row[0]: person_from(row) for row in select_in(connection, sql, ids)}

        return await self._read(len(ids), work)

    async def people_named(self, named: Named) -> list[Person]:
        index = await self._person_index()
        keys = [hash(one) for one in (*named.names, *named.imdb_ids, *named.tmdb_ids)]
        recent = self._recent

        def work(connection: Connection) -> list[Person]:
            ids = sorted(index.find(keys))
            unread = [id_ for id_ in ids if id_ not in recent]
            rows = select_in(connection, PEOPLE + " WHERE id", unread)
            found = {row[0]: person_from(row) for row in rows}
            people = [recent.get(id_) or found.get(id_) for id_ in ids]
            self._remember(found.values())
            return [person for person in people if person is not None]

        return await self._read(len(keys), work)

    def _remember(self, people: Iterable[Person]) -> None:
        """People named lately are often named again, and all their changes are made here."""
        if len(self._recent) > MOST_RECENT:
            self._recent.clear()
        self._recent.update((person.id, person) for person in people)

    async def person_ids(self, after: int, limit: int) -> list[int]:
        sql = "SELECT id FROM people WHERE id > ? AND NOT gone ORDER BY id LIMIT ?"
        return await self._read(limit, lambda c: _column(c, sql, (after, limit)))

    async def people_by_name(
        self, after: tuple[str, int] | None, limit: int, *, descending: bool
    ) -> list[Person]:
        sql = PEOPLE + (FROM_Z if descending else FROM_A)
        name, id_ = after or (None, 0)

        def work(connection: Connection) -> list[Person]:
            given = (name, name, name, id_, limit)
            return [person_from(row) for row in raw.rows(connection, sql, given)]

        return await self._db.read_in_thread(work)

    async def people_called(self, text: str) -> list[int]:
        sql = (
            "SELECT id FROM people WHERE NOT gone AND (folded LIKE ? ESCAPE '\\'"
            " OR folded LIKE ? ESCAPE '\\') ORDER BY id"
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
            return [row[0] for row in raw.rows(connection, MENTIONING, given)]

        return await self._db.read_in_thread(work)

    async def save(self, saving: Saving) -> None:
        def work(connection: Connection) -> None:
            write(connection, self._db, saving)

        is_little = len(saving.changes) + len(saving.people) <= FEW
        await (self._db.write(work) if is_little else self._db.write_in_thread(work))
        if self._movies is not None:
            marks = [one.mark or mark_of(one.after) for one in saving.changes if one.after]
            self._movies.add(*_keys_of_movies(marks))
        if self._people is not None:
            counters = saving.counters
            fresh = (one for one in saving.people if not _is_indexed(one, counters))
            self._people.add(*_keys_of_people(fresh))
        self._remember(saving.people)
        for id_ in saving.absorbed:
            self._recent.pop(id_, None)

    async def _movie_index(self) -> Hashes:
        async with self._loading:
            if self._movies is None:
                self._movies = await self._db.read_in_thread(_load_movies)
            return self._movies

    async def _person_index(self) -> Hashes:
        async with self._loading:
            if self._people is None:
                self._people = await self._db.read_in_thread(_load_people)
            return self._people


def _column(connection: Connection, sql: str, given: tuple[Any, ...]) -> list[int]:
    return [row[0] for row in raw.rows(connection, sql, given)]


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _keys_of_movies(marks: Iterable[Mark]) -> Pairs:
    keys, ids = array("q"), array("i")
    for mark in marks:
        held = [hash(key) for key in mark.keys]
        if mark.aliases:
            held += [hash(key) for key in mark.aliases]
        held += [hash(one) for one in (mark.imdb_id, mark.tmdb_id) if one is not None]
        keys.extend(held)
        ids.extend([mark.id] * len(held))
    return keys, ids


def _keys_of_people(people: Iterable[Person]) -> Pairs:
    keys, ids = array("q"), array("i")
    for person in people:
        for name in person.names:
            keys.append(hash(name))
            ids.append(person.id)
        for one in (person.imdb_id, person.tmdb_id):
            if one is not None:
                keys.append(hash(one))
                ids.append(person.id)
    return keys, ids


def _is_indexed(person: Person, counters: Counters | None) -> bool:
    """Whether all that this person is known by is known already: they were there, by one name."""
    return (
        counters is not None
        and person.id <= counters.person
        and len(person.names) == 1
        and person.imdb_id is None
        and person.tmdb_id is None
    )


def _load_movies(connection: Connection) -> Hashes:
    return Hashes(*_keys_of_movies(map(mark_from, connection.exec_driver_sql(MARKS))))


def _load_people(connection: Connection) -> Hashes:
    return Hashes(*_keys_of_people(map(person_from, connection.exec_driver_sql(PEOPLE))))
