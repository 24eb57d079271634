"""How far the index has heard, beside it in a SQL database."""

from typing import Self

from marquee.engines.sql import Database
from marquee.kit.events import Heard

MIGRATIONS = "marquee.contexts.search.migrations"


class SqlSearchStore:
    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    async def open(cls, url: str) -> Self:
        return cls(await Database.open(url, migrations=MIGRATIONS))

    @property
    def generation(self) -> int:
        return self._db.generation

    async def hear(self, heard: Heard) -> None:
        await self._db.write(lambda connection: self._db.hear(connection, heard))

    async def heard_up_to(self, source: str) -> int:
        return await self._db.heard_up_to(source)

    async def check(self) -> None:
        await self._db.check()

    async def close(self) -> None:
        await self._db.close()
