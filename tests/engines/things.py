"""A shop with things: what tests of a SQL database write and read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection

from marquee.engines.sql import Database, raw
from marquee.kit.errors import Conflict
from marquee.kit.events import Event

MIGRATIONS = "tests.engines.shop"


@dataclass(frozen=True, kw_only=True)
class Sold(Event):
    key_field: ClassVar[str] = "thing"
    thing: str


def add(name: str, *, fail: bool = False) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        raw.run(connection, "INSERT INTO things(name) VALUES (?)", (name,))
        if fail:
            raise Conflict("no")
        return name

    return work


def column(connection: Connection, sql: str) -> list[Any]:
    return [row[0] for row in raw.rows(connection, sql)]


async def names(db: Database) -> list[str]:
    return await db.read(lambda c: column(c, "SELECT name FROM things ORDER BY id"))
