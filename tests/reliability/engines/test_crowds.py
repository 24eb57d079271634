"""L6, L7: a crowd that misses loads once; what was read before a write is never kept after it."""

import asyncio
import os
import random
import sys

import pytest
from tests.engines.own_redis import a_database
from tests.reliability import figures
from tests.reliability.engines.crowd import AT_ONCE, KEY, PATIENCE, SLOW, TAG, Origin, want
from tests.reliability.site import CODE

from marquee.engines import redis as engine
from marquee.engines.cache import Cache, open_cache

PROCESSES = 3
KEYS = 50


@pytest.fixture(autouse=True)
def _patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WITHIN", PATIENCE)


async def loads_of(cache: Cache, rounds: int) -> int:
    """The most loads that a crowd took which missed what had just been cleared."""
    most = 0
    for _round in range(rounds):
        origin = Origin()
        await cache.clear(TAG)
        answers = await want(cache, origin)
        assert answers == {"0": AT_ONCE}
        most = max(most, origin.loads)
    return most


def way(url: str | None) -> str:
    return "redis" if url else "memory"


async def test_a_crowd_that_misses_loads_once(cache: Cache, url: str | None) -> None:
    most = await loads_of(cache, rounds := figures.sized(5, 100))
    figures.keep("L6", **{way(url): {"at_once": AT_ONCE, "rounds": rounds, "most_loads": most}})
    assert most == 1


async def test_a_load_that_fails_wakes_the_whole_crowd(cache: Cache) -> None:
    origin = Origin(fails=True)
    assert await want(cache, origin) == {"NotFound": AT_ONCE}
    assert origin.loads == 1
    origin.fails = False
    assert await want(cache, origin) == {"0": AT_ONCE}
    assert origin.loads == 2


@pytest.mark.engine
async def test_crowds_in_several_processes_load_at_most_once_in_each() -> None:
    with a_database() as url:
        environment = os.environ | {"PYTHONPATH": CODE}
        crowds = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.reliability.engines.crowd", url),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(PROCESSES)
        ]
        cache = await open_cache(url, field="X")
        try:
            most, rounds = 0, figures.sized(5, 50)
            for _round in range(rounds):
                await cache.clear(TAG)
                for one in crowds:
                    assert one.stdin is not None
                    one.stdin.write(b"\n")
                told = [await answer(one) for one in crowds]
                assert [answered for _loads, answered in told] == [AT_ONCE] * PROCESSES
                assert max(loads for loads, _answered in told) <= 1
                most = max(most, sum(loads for loads, _answered in told))
        finally:
            for one in crowds:
                one.kill()
                await one.communicate()
            await cache.close()
    figures.keep("L6", several={"processes": PROCESSES, "rounds": rounds, "most_loads": most})
    assert 1 <= most <= PROCESSES


async def answer(crowd: asyncio.subprocess.Process) -> tuple[int, int]:
    assert crowd.stdout is not None
    async with asyncio.timeout(PATIENCE):
        loads, answered = (await crowd.stdout.readline()).split()
    return int(loads), int(answered)


async def write_and_read(cache: Cache, rounds: int) -> tuple[int, int]:
    """How often somebody read what was before their own write, and how many keys ended stale.

    Others read all the while, and take long between reading and keeping.
    """
    origin, rng = Origin(), random.Random(3)

    async def get(key: str, pause: float = 0.0) -> int:
        answer = await cache.get_or_load(key, lambda: origin.load(key, pause), ttl=60, tags=(key,))
        return int(answer)

    async def write(key: str) -> int:
        missed = 0
        for number in range(1, rounds + 1):
            reading = asyncio.create_task(get(key, SLOW))
            await asyncio.sleep(rng.random() * 0.04)
            origin.values[key] = number
            await cache.clear(key)
            missed += await get(key) != number
            await reading
            missed += await get(key) != number
        return missed

    keys = [f"{KEY}{number}" for number in range(KEYS)]
    stale = sum(await asyncio.gather(*map(write, keys)))
    ended = [await get(key) != rounds for key in keys]
    return stale, sum(ended)


async def test_nobody_reads_what_was_before_their_own_write(cache: Cache, url: str | None) -> None:
    rounds = figures.sized(8, 40)
    stale, ended = await write_and_read(cache, rounds)
    told = {"rounds": rounds * KEYS, "stale_reads": stale, "stale_in_the_end": ended}
    figures.keep("L7", **{way(url): told})
    assert (stale, ended) == (0, 0)
