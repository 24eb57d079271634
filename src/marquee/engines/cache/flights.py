"""What is under way in this process, so that whoever wants the same waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager

from marquee.kit.ending import end
from marquee.kit.errors import Unavailable

LONGEST = 60.0

Load = Callable[[], Awaitable[bytes]]
Flight = asyncio.Task[bytes]


class Flights:
    """A load goes on when whoever asked first has left: others may be waiting for it."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Flight] = {}
        self._landed: dict[Hashable, tuple[int, Flight]] = {}
        self._landings = 0
        self._looking: dict[object, int] = {}

    @contextmanager
    def looking(self) -> Iterator[int]:
        """While somebody looks elsewhere; what lands meanwhile is there for them to `join`."""
        me, since = object(), self._landings
        self._looking[me] = since
        try:
            yield since
        finally:
            del self._looking[me]
            self._forget()

    def join(self, name: Hashable, load: Load, *, since: int | None = None) -> Flight:
        """Begin it, unless one of this name is under way, or has landed `since`."""
        flight = self._under_way.get(name)
        if flight is None and since is not None:
            landed_at, landed = self._landed.get(name, (0, None))
            flight = landed if landed_at > since else None
        if flight is None:
            flight = asyncio.create_task(_limited(load))
            self._under_way[name] = flight
            flight.add_done_callback(lambda done: self._land(name, done))
        return flight

    async def close(self) -> None:
        await end(self._under_way.values())

    def _land(self, name: Hashable, done: Flight) -> None:
        del self._under_way[name]
        if done.cancelled():
            return
        done.exception()  # looked at, even where nobody waits any more
        self._landings += 1
        self._landed.pop(name, None)
        self._landed[name] = (self._landings, done)
        self._forget()

    def _forget(self) -> None:
        """Both are in order: whoever has looked the longest comes first, as does what landed."""
        oldest = next(iter(self._looking.values()), self._landings)
        while self._landed:
            name = next(iter(self._landed))
            if self._landed[name][0] > oldest:
                break
            del self._landed[name]


async def arrival(flight: Flight) -> bytes:
    """What it brings; its error is everybody's who waits."""
    try:
        return await asyncio.shield(flight)
    except asyncio.CancelledError:
        asking = asyncio.current_task()
        if flight.cancelled() and not (asking and asking.cancelling()):
            raise Unavailable("It was given up.", retry_after=1) from None
        raise


async def _limited(load: Load) -> bytes:
    try:
        async with asyncio.timeout(LONGEST) as limit:
            return await load()
    except TimeoutError:
        if limit.expired():
            raise Unavailable("It took too long.", retry_after=1) from None
        raise
