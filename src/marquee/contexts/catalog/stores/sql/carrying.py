"""The catalog's rows, carried out of a SQL database and into one."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.stores import carrying
from marquee.contexts.catalog.stores.carrying import COUNTERS, KINDS, MARKS, MOVIES, PEOPLE, READ
from marquee.contexts.catalog.stores.sql import lookups, rows, saving
from marquee.engines.sql import Database, raw
from marquee.kit.errors import Conflict
from marquee.kit.moving import Item, item, mark

SELECTED = {
    MOVIES: "id, edited, memory, document FROM movies WHERE id",
    MARKS: (
        "movie_id, imdb_id, tmdb_id, year, folded, folded_original, former, aliases, gone,"
        " movie_id FROM marks WHERE movie_id"
    ),
    PEOPLE: (
        "id, id, name, folded, aliases, imdb_id, tmdb_id, first_year, last_year, departments, gone,"
        " version FROM people WHERE id"
    ),
    carrying.PLATFORMS: "id, id, name, about, url, version FROM platforms WHERE id",
}
"""The id first, then what makes one."""
SET_COUNTER = "UPDATE counters SET last = ? WHERE name = ?"
Keys = Callable[[Any], lookups.Pairs]


class CatalogCargo:
    """`movies` and `people` are what finds those by their keys, which must find the new ones too."""

    def __init__(
        self,
        database: Database,
        movies: tuple[lookups.Lookups, Keys],
        people: tuple[lookups.Lookups, Keys],
    ) -> None:
        self._db = database
        self._found_by = {MARKS: movies, PEOPLE: people}

    @property
    def kinds(self) -> tuple[str, ...]:
        return KINDS

    async def count(self, kind: str) -> int:
        if kind == COUNTERS:
            return int(carrying.are_given(await self._db.read(saving.read_counters)))
        sql = f"SELECT count(*) FROM {kind}"  # noqa: S608 - a kind is the name of a table of ours
        found = await self._db.read_in_thread(lambda connection: raw.row(connection, sql))
        return int(found[0]) if found else 0

    async def carry_out(self, kind: str, after: str, limit: int) -> list[Item]:
        if kind == COUNTERS:
            counters = await self._db.read(saving.read_counters)
            return [] if after or not carrying.are_given(counters) else [item(kind, counters)]
        select = SELECTED[kind]
        order = select.rpartition(" ")[2]
        sql = f"SELECT {select} > ? ORDER BY {order} LIMIT ?"

        def work(connection: Connection) -> list[Item]:
            found = raw.rows(connection, sql, (int(after or 0), limit))
            return [item(row[0], _form(kind, row[1:])) for row in found]

        return await self._db.read_in_thread(work)

    async def carry_in(self, kind: str, items: Sequence[Item], *, move: str, total: int) -> None:
        made = [_made(kind, one) for one in items]
        found_by, keys = self._found_by.get(kind, (None, None))

        def pairs() -> lookups.Pairs:
            return keys(made) if keys else ([], [])

        def work(connection: Connection) -> None:
            if not self._db.hear(connection, mark(move, kind, total)):
                return
            try:
                _keep(connection, kind, made)
            except IntegrityError:
                raise Conflict(carrying.THERE) from None
            if found_by is not None:
                found_by.write(connection, pairs)

        await self._db.write_in_thread(work)
        if found_by is not None:
            found_by.written(pairs)

    async def carried(self, kind: str, move: str) -> int:
        return await self._db.heard_up_to(mark(move, kind).source)


def _form(kind: str, row: Sequence[Any]) -> Any:
    if kind == MOVIES:
        return rows.record_of(row)
    if kind == MARKS:
        return carrying.mark_form(rows.mark_from(row))
    if kind == PEOPLE:
        return rows.person_from(row)
    id_, name, about, url, version = row
    return Platform(id=id_, name=name, about=about, url=url, version=version)


def _made(kind: str, one: Item) -> Any:
    form = READ[kind].decode(one.body)
    return carrying.mark_of_form(form) if kind == MARKS else form


def _keep(connection: Connection, kind: str, made: Sequence[Any]) -> None:
    if kind == MOVIES:
        saving.add_movies(connection, made)
    elif kind == MARKS:
        saving.add(connection, saving.ADD_MARK, [rows.mark_row(one) for one in made])
    elif kind == PEOPLE:
        saving.add(connection, saving.ADD_PERSON, [rows.person_row(one) for one in made])
    elif kind == COUNTERS:
        for name in ("movie", "person", "platform"):
            raw.run(connection, SET_COUNTER, (getattr(made[0], name), name))
    else:
        raw.run_many(connection, saving.ADD_PLATFORM, [rows.platform_row(one) for one in made])
