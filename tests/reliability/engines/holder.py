"""Somebody who holds a lock of Redis and writes under it; run as a program, to be stopped."""

import asyncio
import os
import sys

from marquee.engines.locks import open_locks
from marquee.engines.redis import Redis

NAME = "test.job"
TTL = 0.3
FENCED = """
if tonumber(redis.call('HGET', KEYS[1], 'token') or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'by', ARGV[2])
redis.call('HINCRBY', KEYS[1], 'writes', 1)
return 1
"""
NAIVE = FENCED.partition("\n")[2].partition("\n")[2]
"""The same without the fence: who planted this wants to see it caught."""


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the parent reads it


async def write(redis: Redis, place: str, token: int, by: str) -> bool:
    """Whether it was taken: what is written with a greater number stays."""
    text = NAIVE if os.environ.get("MARQUEE_TEST_PLANT") == "naive lock" else FENCED
    return bool(await redis.script(text)([place], [token, by]))


async def hold(url: str, place: str, by: str) -> None:
    """Hold; say so; wait to be told to write; say whether that was taken. Until input ends."""
    locks, redis = await open_locks(url, field="X"), await Redis.open(url, field="X")
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip() == "hold":
            token = None
            while token is None:
                token = await locks.hold(NAME, TTL)
            say(f"holds {token}")
        else:
            taken = await write(redis, place, token or 0, by)
            still = await locks.renew(NAME, token or 0, TTL)
            await locks.release(NAME, token or 0)
            say(f"{'taken' if taken else 'refused'} {'held' if still else 'over'}")
    await redis.close()
    await locks.close()


if __name__ == "__main__":
    asyncio.run(hold(*sys.argv[1:]))
