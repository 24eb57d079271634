"""What every store on MongoDB does in the same way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Self

from marquee.engines.mongo.database import Database
from marquee.engines.mongo.steps import Step
from marquee.kit.events import Sent


class MongoStore:
    """A context's store extends it, and names its context and the steps of its own collections."""

    of: ClassVar[str]
    steps: ClassVar[Sequence[Step]]

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    async def open(cls, url: str) -> Self:
        """Bring the collections up to date and open."""
        return cls(await Database.open(url, of=cls.of, steps=cls.steps))

    @property
    def generation(self) -> int:
        """Grows with every commit of this process."""
        return self._db.generation

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
        """`wake` is called after each commit of this process."""
        self._db.watch(wake)

    async def check(self) -> None:
        """Unavailable when the database does not answer."""
        await self._db.check()

    async def close(self) -> None:
        await self._db.close()
