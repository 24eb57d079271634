"""What is under way in this process, so that whoever wants the same waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from marquee.kit.errors import Unavailable

LONGEST = 60.0


class Flights:
    """A load goes on when whoever asked first has left: others may be waiting for it."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[bytes]] = {}

    async def join(self, name: Hashable, load: Callable[[], Awaitable[bytes]]) -> bytes:
        """Begin it, unless one of this name is under way; its error is everybody's."""
        task = self._under_way.get(name)
        if task is None:
            task = asyncio.create_task(_limited(load))
            self._under_way[name] = task
            task.add_done_callback(lambda done: self._land(name, done))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if task.cancelled() and not (asking and asking.cancelling()):
                raise Unavailable("It was given up.", retry_after=1) from None
            raise

    async def close(self) -> None:
        waiting = list(self._under_way.values())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _land(self, name: Hashable, done: "asyncio.Task[bytes]") -> None:
        self._under_way.pop(name, None)
        if not done.cancelled():
            done.exception()  # looked at, even where nobody waits any more


async def _limited(load: Callable[[], Awaitable[bytes]]) -> bytes:
    try:
        async with asyncio.timeout(LONGEST) as limit:
            return await load()
    except TimeoutError:
        if limit.expired():
            raise Unavailable("It took too long.", retry_after=1) from None
        raise
