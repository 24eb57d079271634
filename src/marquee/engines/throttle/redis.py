"""Tries counted in Redis, for all processes together: exact moving windows.

Not by the windows of `limits`, which can take nothing back: a right password would count, or else
tries under way would not, and a burst over several processes would slip through.

marquee:tries:open:KEY   sorted set: tries under way, by when they are given up for lost.
marquee:tries:spent:KEY  sorted set: tries that count, by when they no longer do.

A KEY is a digest: people type passwords where a name belongs.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self

from marquee.engines.redis import Redis
from marquee.engines.throttle import Quota, Try
from marquee.engines.throttle.trying import too_many, trying
from marquee.kit.errors import OutOfSpace, Unavailable
from marquee.kit.ids import new_id

SHARED = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function name(kind, place) return 'marquee:tries:' .. kind .. ':' .. ARGV[place] end
local function count(key, seconds)
  redis.call('ZADD', key, string.format('%.0f', now + seconds * 1000000), ARGV[1])
  redis.call('EXPIRE', key, seconds + 1)
end
"""
ADMIT = (
    SHARED
    + """
local wait = 0
for place = 2, #ARGV, 3 do
  local open, spent = name('open', place), name('spent', place)
  local most, seconds = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
  local gone = '(' .. string.format('%.0f', now)
  redis.call('ZREMRANGEBYSCORE', open, '-inf', gone)
  redis.call('ZREMRANGEBYSCORE', spent, '-inf', gone)
  if redis.call('ZCARD', open) + redis.call('ZCARD', spent) >= most then
    local oldest = redis.call('ZRANGE', spent, 0, 0, 'WITHSCORES')[2]
    local left = oldest and math.ceil((tonumber(oldest) - now) / 1000000) or 1
    wait = math.max(wait, 1, math.min(seconds, left))
  end
end
if wait > 0 then return wait end
for place = 2, #ARGV, 3 do count(name('open', place), tonumber(ARGV[place + 2])) end
return 0
"""
)
LEAVE = (
    SHARED
    + """
local is_spent = ARGV[2] == '1'
for place = 3, #ARGV, 3 do
  redis.call('ZREM', name('open', place), ARGV[1])
  if is_spent then count(name('spent', place), tonumber(ARGV[place + 2])) end
end
"""
)


class RedisThrottle:
    """Unavailable while Redis is away: a guess that nobody counts is not admitted."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._admit = redis.script(ADMIT)
        self._leave = redis.script(LEAVE)

    @classmethod
    async def open(cls, url: str, *, field: str) -> Self:
        return cls(await Redis.open(url, field=field, may_be_away=True))

    @asynccontextmanager
    async def admit(self, *quotas: Quota) -> AsyncIterator[Try]:
        name, given = new_id(), _given(quotas)
        if wait := int(await self._admit([], [name, *given])):
            raise too_many(wait)

        async def leave(is_spent: bool) -> None:  # noqa: FBT001 - called by `trying` alone
            # Where that fails, it stays under way until its window has passed: it counts.
            with suppress(Unavailable, OutOfSpace):
                await self._leave([], [name, int(is_spent), *given])

        async with trying(leave) as attempt:
            yield attempt

    async def check(self) -> None:
        await self._redis.check()

    async def close(self) -> None:
        await self._redis.close()


def _given(quotas: Sequence[Quota]) -> list[str | int]:
    return [given for key, most, seconds in quotas for given in (_digest(key), most, seconds)]


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()
