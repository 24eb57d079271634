"""What every store on a SQL database does in the same way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Self

from sqlalchemy import Table

from marquee.engines.sql.carrying import Cargo
from marquee.engines.sql.database import Database
from marquee.kit.events import Sent
from marquee.kit.moving import Portable


class SqlStore:
    """A context's store extends it, and names the package of its own migrations.

    `tables` are those that are carried as they are when the instance moves.
    """

    migrations: ClassVar[str]
    tables: ClassVar[Sequence[Table]] = ()

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    async def open(cls, url: str) -> Self:
        """Bring the tables up to date and open."""
        return cls(await Database.open(url, migrations=cls.migrations))

    @property
    def generation(self) -> int:
        """Grows with every commit."""
        return self._db.generation

    @property
    def portable(self) -> Portable:
        return Cargo(self._db, self.tables)

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        return await self._db.events_after(place, limit)

    async def last_place(self) -> int:
        return await self._db.last_place()

    async def forgotten_up_to(self) -> int:
        return await self._db.forgotten_up_to()

    async def passed(self, listener: str, place: int) -> None:
        await self._db.passed(listener, place)

    async def listeners(self) -> dict[str, int]:
        return await self._db.listeners()

    async def forget(self, before: datetime, up_to: int, most: int) -> int:
        return await self._db.forget(before, up_to, most)

    async def forget_answers(self, before: datetime, most: int) -> int:
        return await self._db.forget_answers(before, most)

    async def heard_up_to(self, source: str) -> int:
        return await self._db.heard_up_to(source)

    async def pass_over(self, source: str, place: int) -> None:
        await self._db.pass_over(source, place)

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        return await self._db.find_once(who, key)

    def watch(self, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit."""
        self._db.watch(wake)

    async def check(self) -> None:
        """Unavailable when the database does not answer."""
        await self._db.check()

    async def close(self) -> None:
        await self._db.close()
