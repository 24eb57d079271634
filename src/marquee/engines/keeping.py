"""What every store does by its database alone: the outbox, the inbox, and answers kept to be repeated."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from marquee.kit.events import OwnInbox, OwnOutbox, Sent
from marquee.kit.once import OnceStore


class Ledger(OwnOutbox, OwnInbox, OnceStore, Protocol):
    """A database as a store has it."""

    @property
    def generation(self) -> int: ...

    def watch(self, wake: Callable[[], None]) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


D = TypeVar("D", bound=Ledger)


class Keeping(Generic[D]):
    """A context's store extends it."""

    def __init__(self, database: D) -> None:
        self._db = database

    @property
    def generation(self) -> int:
        """Grows with every commit of this process."""
        return self._db.generation

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:
        return await self._db.events_after(place, limit)

    async def last_place(self) -> int:
        return await self._db.last_place()

    async def forgotten_up_to(self) -> int:
        return await self._db.forgotten_up_to()

    async def passed(self, listener: str, place: int) -> None:
        await self._db.passed(listener, place)

    async def listeners(self) -> Mapping[str, int]:
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
