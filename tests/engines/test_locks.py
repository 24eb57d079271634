"""What locks promise, in this process and in Redis."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis
from tests.engines.own_redis import a_database, a_redis

from marquee.engines.locks import Locks, MemoryLocks, holding, open_locks
from marquee.kit.errors import Unavailable

LONG = 60.0


@pytest.fixture
async def locks(url: str | None) -> AsyncIterator[Locks]:
    locks = await open_locks(url, field="X")
    yield locks
    await locks.close()


async def held(locks: Locks, name: str, ttl: float = LONG) -> int:
    token = await locks.hold(name, ttl)
    assert token is not None
    return token


async def test_one_holds_it_until_it_is_released(locks: Locks) -> None:
    token = await held(locks, "a")
    assert await locks.hold("a", LONG) is None
    assert await locks.hold("b", LONG) is not None
    assert await locks.release("a", token)
    assert not await locks.release("a", token)
    assert await locks.hold("a", LONG) is not None


async def test_only_the_holder_renews_and_releases(locks: Locks) -> None:
    token = await held(locks, "a")
    assert not await locks.renew("a", token - 1, LONG)
    assert not await locks.release("a", token + 1)
    assert not await locks.renew("b", token, LONG)
    assert await locks.renew("a", token, LONG)
    assert await locks.hold("a", LONG) is None


async def test_it_runs_out_and_the_next_number_is_greater(locks: Locks) -> None:
    first = await held(locks, "a", 0.001)
    second: int | None = None
    until = time.monotonic() + 10
    while second is None and time.monotonic() < until:
        second = await locks.hold("a", LONG)
    assert second is not None
    assert second > first
    assert not await locks.renew("a", first, LONG)
    assert not await locks.release("a", first)
    assert await locks.release("a", second)


async def test_renewing_lengthens_it() -> None:
    now = [0.0]
    locks = MemoryLocks(lambda: now[0])
    token = await held(locks, "a", 10)
    now[0] = 9
    assert await locks.renew("a", token, 10)
    now[0] = 18.9
    assert await locks.hold("a", 10) is None
    now[0] = 19
    assert not await locks.renew("a", token, 10)
    assert await locks.hold("a", 10) is not None


@pytest.mark.engine
async def test_in_redis_it_is_held_as_long_as_was_said() -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        locks = await open_locks(url, field="X")
        token = await held(locks, "a", 10)
        assert 9_000 < client.pttl("marquee:lock:a") <= 10_000
        await locks.renew("a", token, 20)
        assert 19_000 < client.pttl("marquee:lock:a") <= 20_000
        await locks.close()


async def test_of_many_at_once_one_holds_it_and_numbers_grow(url: str | None) -> None:
    processes = [await open_locks(url, field="X") for _ in range(4 if url else 1)]
    last = 0
    for _ in range(10):
        asked = [processes[at % len(processes)].hold("a", LONG) for at in range(64)]
        got = [token for token in await asyncio.gather(*asked) if token is not None]
        assert len(got) == 1
        assert got[0] > last
        last = got[0]
        assert await processes[0].release("a", last)
    for locks in processes:
        await locks.close()


@pytest.mark.engine
async def test_numbers_grow_over_an_emptied_redis() -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        locks = await open_locks(url, field="X")
        before = await held(locks, "a")
        client.flushdb()
        assert await held(locks, "a") > before
        assert not await locks.release("a", before)
        await locks.close()


@pytest.mark.engine
async def test_nobody_holds_anything_while_redis_is_away(tmp_path: Path) -> None:
    with a_redis(tmp_path) as own:
        locks = await open_locks(own.url, field="X")
        token = await held(locks, "a")
        own.stop()
        for asked in (locks.hold("b", 1), locks.renew("a", token, 1), locks.release("a", token)):
            with pytest.raises(Unavailable):
                await asked
        own.start()
        assert await held(locks, "a") > token
        await locks.close()


async def test_it_is_held_as_long_as_the_work_takes(url: str | None) -> None:
    locks, other = await open_locks(url, field="X"), await open_locks(url, field="X")
    other = other if url else locks
    async with holding(locks, "a", 1.5) as token:
        assert token is not None
        for _ in range(5):
            await asyncio.sleep(0.4)
            assert await other.hold("a", LONG) is None
        async with holding(other, "a", 0.3) as nothing:
            assert nothing is None
    async with holding(other, "a", LONG) as after:
        assert after is not None
        assert after > token
    await asyncio.gather(locks.close(), other.close())


async def test_work_whose_hold_is_lost_is_left(locks: Locks) -> None:
    others: list[int] = []

    async def work() -> None:
        async with holding(locks, "a", 0.3) as token:
            assert token is not None
            assert await locks.release("a", token)
            others.append(await held(locks, "a"))
            await asyncio.sleep(LONG)

    with pytest.raises(Unavailable, match="another's turn"):
        await work()
    assert await locks.renew("a", others[0], LONG)


async def test_an_error_of_the_work_is_its_own_and_lets_go(locks: Locks) -> None:
    with pytest.raises(TimeoutError, match="mine"):
        async with holding(locks, "a", LONG):
            raise TimeoutError("mine")
    assert await locks.hold("a", LONG) is not None


@pytest.mark.engine
async def test_work_is_left_when_redis_is_away_for_longer_than_the_hold(tmp_path: Path) -> None:
    with a_redis(tmp_path) as own:
        locks = await open_locks(own.url, field="X")

        async def work() -> None:
            async with holding(locks, "a", 0.3):
                own.stop()
                await asyncio.sleep(LONG)

        with pytest.raises(Unavailable, match="another's turn"):
            await work()
        await locks.close()
