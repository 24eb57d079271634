"""What a database tells and has heard, read without opening it as a store."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection

from marquee.engines.sql import forgetting, spine
from marquee.kit.events import Sent

Read = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


class Books:
    """Outbox and inbox."""

    def __init__(self, read: Read) -> None:
        self._read = read

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        found: list[Sent] = await self._read(
            lambda connection: spine.events_after(connection, place, limit)
        )
        return found

    async def last_place(self) -> int:
        return int(await self._read(spine.last_place))

    async def forgotten_up_to(self) -> int:
        return int(await self._read(forgetting.forgotten_up_to))

    async def heard_up_to(self, source: str) -> int:
        return int(await self._read(lambda connection: spine.heard_up_to(connection, source)))
