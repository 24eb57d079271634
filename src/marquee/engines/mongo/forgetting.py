"""What need not be kept any longer, dropped a little at a time; and who has said that it need not.

The inbox has documents for that, too: `LISTENER<-` is how far a listener has heard what is told
here, and `forgotten` is the place of the last event that was dropped.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, TypeVar

from marquee.engines.mongo.turn import PLACE, Turn
from marquee.kit.events import Heard

T = TypeVar("T")
Document = dict[str, Any]
HEARS_US = "<-"
FORGOTTEN = "forgotten"


class Forgetting(ABC):
    """Of a database whose changes are made in turn."""

    @abstractmethod
    async def write(self, work: Callable[[Turn], Awaitable[T]]) -> T: ...

    @abstractmethod
    async def find(self, name: str, query: Document) -> list[Document]: ...

    @abstractmethod
    async def heard_up_to(self, source: str) -> int: ...

    async def pass_over(self, source: str, place: int) -> None:
        """See `kit.events.OwnInbox`; nothing is written where that is known."""
        if place > await self.heard_up_to(source):
            await self.write(lambda turn: turn.hear([Heard(source, place, None)]))

    async def passed(self, listener: str, place: int) -> None:
        """See `kit.events.Source`; nothing is written where that is known."""
        if (await self.listeners()).get(listener) != place:
            await self.write(lambda turn: turn.keep_place(f"{listener}{HEARS_US}", place))

    async def listeners(self) -> dict[str, int]:
        found = await self.find("inbox", {"_id": {"$regex": f"{HEARS_US}$"}})
        return {one["_id"].removesuffix(HEARS_US): int(one[PLACE]) for one in found}

    async def forgotten_up_to(self) -> int:
        return await self.heard_up_to(FORGOTTEN)

    async def forget(self, before: datetime, up_to: int, most: int) -> int:
        """Only from the beginning on, so that one place says what is gone."""

        async def work(turn: Turn) -> int:
            end = min(up_to, turn.last.get(PLACE, 0) - 1)
            old = _old(await turn.oldest("outbox", {"_id": {"$lte": end}}, most), before)
            if old:
                await turn.drop("outbox", old[-1])
                await turn.keep_place(FORGOTTEN, old[-1])
            return len(old)

        return await self.write(work)

    async def forget_answers(self, before: datetime, most: int) -> int:
        async def work(turn: Turn) -> int:
            old = _old(await turn.oldest("once", {}, most), before)
            if old:
                await turn.drop("once", old[-1])
            return len(old)

        return await self.write(work)


def _old(found: Sequence[Document], before: datetime) -> list[Any]:
    """The ids of the first ones, as long as all are older."""
    return [one["_id"] for one in takewhile(lambda one: one["at"] < before, found)]
