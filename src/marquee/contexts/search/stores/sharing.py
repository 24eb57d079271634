"""What processes have together that answer from one index: kept answers, and turns at building it."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from marquee import __version__
from marquee.contexts.search.ports import Busy, Sharing
from marquee.engines.cache import Cache, open_cache
from marquee.engines.locks import Locks, holding, open_locks

T = TypeVar("T")
MOMENT = 5.0
"""Seconds. Every change clears what is kept: this is how long it may be wrong where that failed, as
when a process was killed between writing and clearing."""
LEASE = 15.0
"""Seconds after which nobody waits any longer for a builder that was killed."""
SOON = 5
encoded = msgspec.json.Encoder().encode


async def open_sharing(name: str | None, url: str | None, *, field: str) -> Sharing | None:
    """None where no process shares the index, or none was told where; Invalid names `field`."""
    if name is None or url is None:
        return None
    kept = await open_cache(url, field=field)
    try:
        locks = await open_locks(url, field=field)
    except BaseException:
        await kept.close()
        raise
    return Shared(name, kept, locks)


class Shared:
    """Of the index of this `name`. Questions are kept as digests only: they are people's own."""

    def __init__(self, name: str, kept: Cache, locks: Locks) -> None:
        self._index = f"search {name}"
        self._kept = kept
        self._locks = locks

    async def kept(self, question: object, kind: type[T], load: Callable[[], Awaitable[T]]) -> T:
        """Of another version of the program nothing is read: it may answer otherwise."""

        async def work() -> bytes:
            return encoded(await load())

        mark = hashlib.blake2b(encoded(question), digest_size=16).hexdigest()
        key = f"{self._index} {__version__} {mark}"
        raw = await self._kept.get_or_load(key, work, ttl=MOMENT, tags=(self._index,))
        return msgspec.json.decode(raw, type=kind)

    async def changed(self) -> None:
        await self._kept.clear(self._index)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[int]:
        async with holding(self._locks, self._index, LEASE) as number:
            if number is None:
                raise Busy("The index is being built already.", retry_after=SOON)
            yield number

    async def check(self) -> None:
        await self._kept.check()

    async def close(self) -> None:
        await self._kept.close()
        await self._locks.close()
