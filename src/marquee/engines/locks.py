"""Locks that run out by themselves: in this process, or in Redis for all processes.

Whoever holds one may be held up until it has run out and somebody else holds it. So each holder is
given a number greater than all before: what is written under the lock is written with it, and is
refused where a greater one has written.

marquee:lock:NAME   the number of who holds it; expires.
marquee:locks       the last number.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from marquee.engines.redis import Redis
from marquee.kit.ending import end
from marquee.kit.errors import OutOfSpace, Unavailable

# Numbers are made of the time in microseconds, so that they also grow over a Redis that lost them.
HOLD = """
local name = 'marquee:lock:' .. ARGV[1]
if redis.call('EXISTS', name) == 1 then return false end
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', 'marquee:locks') or '0')
local token = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', 'marquee:locks', token)
redis.call('SET', name, token, 'PX', ARGV[2])
return token
"""
RENEW = """
local name = 'marquee:lock:' .. ARGV[1]
return redis.call('GET', name) == ARGV[2] and redis.call('PEXPIRE', name, ARGV[3]) or 0
"""
RELEASE = """
local name = 'marquee:lock:' .. ARGV[1]
return redis.call('GET', name) == ARGV[2] and redis.call('DEL', name) or 0
"""


class Locks(Protocol):
    """`ttl` is in seconds."""

    async def hold(self, name: str, ttl: float) -> int | None:
        """The number of this hold; None while somebody holds it, be it the caller."""
        ...

    async def renew(self, name: str, token: int, ttl: float) -> bool:
        """False when it has run out, and so may have been held by another."""
        ...

    async def release(self, name: str, token: int) -> bool:
        """False when it has run out; whoever holds it now still does."""
        ...

    async def close(self) -> None: ...


async def open_locks(url: str | None, *, field: str) -> Locks:
    """In this process where no URL is given; Invalid names `field`."""
    if url is None:
        return MemoryLocks()
    return RedisLocks(await Redis.open(url, field=field, may_be_away=True))


@asynccontextmanager
async def holding(locks: Locks, name: str, ttl: float) -> AsyncIterator[int | None]:
    """Hold it as long as the block takes, which is given the number; None while somebody holds it.

    The block is left with Unavailable as soon as it may have run out.
    """
    asked = asyncio.get_running_loop().time()
    token = await locks.hold(name, ttl)
    if token is None:
        yield None
        return
    limit = asyncio.timeout_at(asked + ttl)
    try:
        async with limit:
            renewing = asyncio.create_task(_renewed(locks, name, token, ttl, limit))
            try:
                yield token
            finally:
                await end([renewing])
    except TimeoutError:
        if limit.expired():
            raise Unavailable(
                "It took too long: it may be another's turn.", retry_after=1
            ) from None
        raise
    finally:
        with suppress(Unavailable):  # then it runs out
            await locks.release(name, token)


async def _renewed(locks: Locks, name: str, token: int, ttl: float, limit: asyncio.Timeout) -> None:
    """Put the limit off while it is held; what cannot be asked is asked again, until the limit."""
    clock = asyncio.get_running_loop().time
    is_held = True
    while is_held:
        await asyncio.sleep(ttl / 3)
        asked = clock()
        with suppress(Unavailable, OutOfSpace):
            is_held = await locks.renew(name, token, ttl)
            limit.reschedule(asked + ttl if is_held else asked)


class MemoryLocks:
    """`clock` answers seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[int, float]] = {}
        self._last = 0

    async def hold(self, name: str, ttl: float) -> int | None:
        now = self._clock()
        self._held = {held: one for held, one in self._held.items() if now < one[1]}
        if name in self._held:
            return None
        self._last = max(self._last + 1, time.time_ns() // 1_000)
        self._held[name] = (self._last, now + ttl)
        return self._last

    async def renew(self, name: str, token: int, ttl: float) -> bool:
        is_held = self._is_held(name, token)
        if is_held:
            self._held[name] = (token, self._clock() + ttl)
        return is_held

    async def release(self, name: str, token: int) -> bool:
        is_held = self._is_held(name, token)
        if is_held:
            del self._held[name]
        return is_held

    async def close(self) -> None:
        return

    def _is_held(self, name: str, token: int) -> bool:
        held, until = self._held.get(name, (0, 0.0))
        return held == token and self._clock() < until


class RedisLocks:
    """Unavailable while Redis is away: nobody can be told that they hold anything."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._hold = redis.script(HOLD)
        self._renew = redis.script(RENEW)
        self._release = redis.script(RELEASE)

    async def hold(self, name: str, ttl: float) -> int | None:
        token = await self._hold([], [name, _milliseconds(ttl)])
        return None if token is None else int(token)

    async def renew(self, name: str, token: int, ttl: float) -> bool:
        return bool(await self._renew([], [name, token, _milliseconds(ttl)]))

    async def release(self, name: str, token: int) -> bool:
        return bool(await self._release([], [name, token]))

    async def close(self) -> None:
        await self._redis.close()


def _milliseconds(ttl: float) -> int:
    return max(1, int(ttl * 1_000))
