"""Another service's outbox, read as if it were our own."""

from collections.abc import Sequence

from marquee.app.remote.events import contract
from marquee.kit.events import Sent


class FarOutbox:
    """A `kit.events.Source` of the context `source`."""

    def __init__(self, outbox: contract.Outbox, source: str) -> None:
        self._outbox = outbox
        self._source = source

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:
        return await self._outbox.events_after(source=self._source, place=place, limit=limit)

    async def last_place(self) -> int:
        return await self._outbox.last_place(source=self._source)

    async def forgotten_up_to(self) -> int:
        return await self._outbox.forgotten_up_to(source=self._source)

    async def passed(self, listener: str, place: int) -> None:
        await self._outbox.passed(source=self._source, listener=listener, place=place)
