"""Answers kept for a while: in this process, or in Redis for all processes.

Not by cashews, which we would have liked to use: there a load that began before its tag was
deleted still stores what it read, and where a load fails, those who waited for it load one after
the other. Whoever reads after a `clear` here is never given what was read before it.
"""

from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

Load = Callable[[], Awaitable[bytes]]


class Cache(Protocol):
    async def get_or_load(
        self, key: str, load: Load, *, ttl: float, tags: Collection[str] = ()
    ) -> bytes:
        """What is kept under `key`, or else what `load` answers, kept for `ttl` seconds.

        Whoever asks while it is loaded in this process waits for that, and is given its error.
        """
        ...

    async def clear(self, tag: str) -> None:
        """Forget all that is kept under `tag`, and keep nothing of it that is being loaded."""
        ...

    async def check(self) -> None:
        """Unavailable when it is away; reads go on without it."""
        ...

    async def close(self) -> None: ...


async def open_cache(url: str | None, *, field: str) -> Cache:
    """In this process where no URL is given; Invalid names `field`."""
    if url is None:
        from marquee.engines.cache.memory import MemoryCache

        return MemoryCache()
    from marquee.engines.cache.redis import RedisCache

    return await RedisCache.open(url, field=field)
