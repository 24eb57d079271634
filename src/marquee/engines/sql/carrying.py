"""The rows of a store's own tables, carried out and in as they are."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from marquee.engines.sql.database import Database
from marquee.kit.errors import Conflict
from marquee.kit.moving import Item, item, mark

NAMED = msgspec.json.encode
THERE = "There is one such already that this move has not brought."


class Cargo:
    """Some tables, each of them a kind; those that others refer to first."""

    def __init__(self, database: Database, tables: Sequence[Table]) -> None:
        self._db = database
        self._tables = {table.name: table for table in tables}

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self._tables)

    async def count(self, kind: str) -> int:
        query = select(func.count()).select_from(self._tables[kind])
        return await self._db.read_in_thread(lambda connection: connection.scalar(query) or 0)

    async def carry_out(self, kind: str, after: str, limit: int) -> list[Item]:
        table = self._tables[kind]
        key = tuple(table.primary_key.columns)
        query = select(table).order_by(*key).limit(limit)
        if after:
            query = query.where(tuple_(*key) > tuple_(*msgspec.json.decode(after)))

        def work(connection: Connection) -> list[Item]:
            rows = connection.execute(query).mappings()
            return [item(NAMED([row[one.name] for one in key]).decode(), dict(row)) for row in rows]

        return await self._db.read_in_thread(work)

    async def carry_in(self, kind: str, items: Sequence[Item], *, move: str, total: int) -> None:
        rows = [_row(one) for one in items]

        def work(connection: Connection) -> None:
            if not self._db.hear(connection, mark(move, kind, total)):
                return
            try:
                connection.execute(insert(self._tables[kind]), rows)
            except IntegrityError:
                raise Conflict(THERE) from None

        await self._db.write_in_thread(work)

    async def carried(self, kind: str, move: str) -> int:
        return await self._db.heard_up_to(mark(move, kind).source)


def _row(one: Item) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(one.body)
    return found
