"""Answers kept in Redis, where all processes find them; without it, each is loaded.

marquee:cache:entry:KEY  hash: the value, and the stamp of its tags when its load began.
marquee:cache:tag:TAG    a number that grows with every clear.
"""

import time
from collections.abc import Collection
from typing import Any, Self

from marquee.engines.cache import Load
from marquee.engines.cache.flights import Flights, arrival
from marquee.engines.redis import Redis
from marquee.kit.errors import OutOfSpace, Unavailable

REST = 1.0
"""Seconds in which a Redis that did not answer is not asked again."""

# A number that is not there is made of the time, so that none from before it was lost returns.
# Another run of Redis may have been restored from before a clear: nothing of the last one is read.
STAMP = """
local DAYS = 7 * 24 * 60 * 60 * 1000
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
local function stamp(first)
  local found = {redis.call('INFO', 'server'):match('run_id:(%x+)')}
  for place = first, #ARGV do
    local name = 'marquee:cache:tag:' .. ARGV[place]
    local number = redis.call('GET', name)
    if not number then
      number = string.format('%.0f', now())
      redis.call('SET', name, number, 'PX', DAYS)
    end
    found[#found + 1] = #ARGV[place] .. ' ' .. ARGV[place] .. ' ' .. number
  end
  return table.concat(found, ' ')
end
local entry = 'marquee:cache:entry:' .. ARGV[1]
"""
LOOK = (
    STAMP
    + """
local wanted = stamp(2)
local found = redis.call('HMGET', entry, 'stamp', 'value')
return {wanted, found[1] == wanted and found[2]}
"""
)
KEEP = (
    STAMP
    + """
if stamp(5) ~= ARGV[2] then return 0 end
redis.call('HSET', entry, 'stamp', ARGV[2], 'value', ARGV[3])
redis.call('PEXPIRE', entry, ARGV[4])
return 1
"""
)
CLEAR = (
    STAMP
    + """
local name = 'marquee:cache:tag:' .. ARGV[1]
local number = math.max(now(), (tonumber(redis.call('GET', name) or '0')) + 1)
redis.call('SET', name, string.format('%.0f', number), 'PX', DAYS)
"""
)


class RedisCache:
    """While Redis is away everything is loaded, and a `clear` is made up for when it is back.

    Until then, other processes that still reach it may read what should be cleared.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._look = redis.script(LOOK)
        self._keep = redis.script(KEEP)
        self._clear = redis.script(CLEAR)
        self._flights = Flights()
        self._clears = 0
        self._owed: dict[str, int] = {}
        self._is_paying = False
        self._rests_until = 0.0
        self._was_away = False

    @classmethod
    async def open(cls, url: str, *, field: str) -> Self:
        return cls(await Redis.open(url, field=field, may_be_away=True))

    async def get_or_load(
        self, key: str, load: Load, *, ttl: float, tags: Collection[str] = ()
    ) -> bytes:
        names, clears = sorted(set(tags)), self._clears

        async def work() -> bytes:
            loaded = await load()
            if stamp is not None:
                await self._kept(key, stamp, loaded, max(1, int(ttl * 1_000)), names)
            return loaded

        with self._flights.looking() as since:
            stamp, value = await self._found(key, names)
            if value is not None:
                return value
            flight = self._flights.join((key, stamp, clears), work, since=since)
        return await arrival(flight)

    async def clear(self, tag: str) -> None:
        self._clears += 1
        mine = self._clears
        try:
            await self._clear([], [tag])
        except (Unavailable, OutOfSpace):
            self._rest()
            self._owed[tag] = mine

    async def check(self) -> None:
        await self._redis.check()

    async def close(self) -> None:
        await self._flights.close()
        await self._redis.close()

    async def _found(self, key: str, tags: list[str]) -> tuple[bytes | None, bytes | None]:
        """The stamp and the value; no stamp while Redis is away."""
        if self._is_resting():
            return None, None
        if self._was_away:
            self._rest()  # one looks whether it is back; the others do not wait for that
        if not await self._pay():
            return None, None
        try:
            stamp, value = await self._look([], [key, *tags])
        except (Unavailable, OutOfSpace):
            self._rest()
            return None, None
        self._was_away, self._rests_until = False, 0.0
        return stamp, value

    async def _kept(self, key: str, stamp: bytes, value: bytes, ttl: int, tags: list[str]) -> Any:
        if not self._is_resting():
            try:
                await self._keep([], [key, stamp, value, ttl, *tags])
            except (Unavailable, OutOfSpace):
                self._rest()

    async def _pay(self) -> bool:
        """Make up for clears; False when they are not made up for yet."""
        if not self._owed:
            return True
        if self._is_paying:
            return False
        self._is_paying = True
        try:
            for tag, clear in tuple(self._owed.items()):
                await self._clear([], [tag])
                if self._owed.get(tag) == clear:  # else it was cleared once more meanwhile
                    del self._owed[tag]
        except (Unavailable, OutOfSpace):
            self._rest()
        finally:
            self._is_paying = False
        return not self._owed

    def _rest(self) -> None:
        self._was_away = True
        self._rests_until = time.monotonic() + REST

    def _is_resting(self) -> bool:
        return time.monotonic() < self._rests_until
