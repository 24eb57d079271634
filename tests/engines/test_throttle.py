"""How often something may be tried."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import redis
import time_machine
from limits import RateLimitItemPerSecond
from tests.engines.own_redis import a_database, a_redis

from marquee.engines.throttle import Quota, Throttle, open_throttle
from marquee.engines.throttle.memory import SWEEP_ABOVE, MemoryThrottle
from marquee.kit.errors import Invalid, TooMany, Unavailable

QUOTA = ("door", 3, 60)


@pytest.fixture
async def throttle(url: str | None) -> AsyncIterator[Throttle]:
    throttle = await open_throttle(url, field="X")
    yield throttle
    await throttle.close()


async def fail(throttle: Throttle, *quotas: Quota) -> None:
    async with throttle.admit(*quotas) as attempt:
        attempt.spend()
        attempt.spend()


async def refused(throttle: Throttle, *quotas: Quota) -> int | None:
    """How long to wait."""
    with pytest.raises(TooMany) as told:
        await throttle.admit(*quotas).__aenter__()
    return told.value.retry_after


async def test_after_the_last_one_it_says_how_long_to_wait() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = MemoryThrottle()
        for _ in range(3):
            await fail(throttle, QUOTA)
            now.shift(10)
        assert await refused(throttle, QUOTA) == 30
        now.shift(30.1)
        await fail(throttle, QUOTA)
        await refused(throttle, QUOTA)


@pytest.mark.engine
async def test_in_redis_the_window_moves_in_the_same_way() -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        throttle = await open_throttle(url, field="X")

        def pass_by(seconds: float) -> None:
            for name in client.keys("marquee:tries:spent:*"):
                for member in client.zrange(name, 0, -1):
                    client.zincrby(name, -seconds * 1_000_000, member)

        for _ in range(3):
            await fail(throttle, QUOTA)
            pass_by(10)
        assert await refused(throttle, QUOTA) in {29, 30}
        pass_by(30.1)
        await fail(throttle, QUOTA)
        await refused(throttle, QUOTA)
        for name in client.scan_iter():
            assert 0 < client.ttl(name) <= 61
            assert b"door" not in name
        await throttle.close()


async def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = MemoryThrottle()
        for _ in range(3):
            await fail(throttle, QUOTA)
        for _ in range(50):
            now.shift(1)
            await refused(throttle, QUOTA)
        now.shift(10.1)
        await fail(throttle, QUOTA)


async def test_what_succeeds_is_not_counted(throttle: Throttle) -> None:
    for _ in range(50):
        async with throttle.admit(QUOTA):
            pass


async def test_tries_under_way_count(throttle: Throttle) -> None:
    async with AsyncExitStack() as others, AsyncExitStack() as first:
        await first.enter_async_context(throttle.admit(QUOTA))
        for _ in range(2):
            await others.enter_async_context(throttle.admit(QUOTA))
        assert await refused(throttle, QUOTA) == 1
        await first.aclose()
        await others.enter_async_context(throttle.admit(QUOTA))
        assert await refused(throttle, QUOTA) == 1


async def test_of_many_at_once_no_more_begin_than_may(throttle: Throttle) -> None:
    begun = 0

    async def guess() -> None:
        nonlocal begun
        async with throttle.admit(QUOTA, ("all", 5, 60)) as attempt:
            begun += 1
            await asyncio.sleep(0.01)
            attempt.spend()

    done = await asyncio.gather(*[guess() for _ in range(64)], return_exceptions=True)
    assert begun == 3
    assert sum(isinstance(one, TooMany) for one in done) == 61


async def test_giving_up_half_way_counts_unless_nothing_was_tried(throttle: Throttle) -> None:
    for _ in range(10):
        with pytest.raises(Unavailable):
            async with throttle.admit(QUOTA):
                raise Unavailable("Too busy.")
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            async with throttle.admit(QUOTA):
                raise asyncio.CancelledError
    assert (await refused(throttle, QUOTA) or 0) > 1


async def test_any_spent_quota_refuses_and_the_others_stay_as_they_are(throttle: Throttle) -> None:
    other = ("other", 5, 60)
    for _ in range(3):
        await fail(throttle, QUOTA, other)
    for _ in range(10):
        await refused(throttle, QUOTA, other)
    await fail(throttle, other)
    await fail(throttle, other)
    await refused(throttle, other)


async def test_unusual_keys_are_counted(throttle: Throttle) -> None:
    for key in ("", "\x00 \ud800 🎬 ' $1", "x" * 10_000):
        for _ in range(3):
            await fail(throttle, (key, 3, 60))
        await refused(throttle, (key, 3, 60))


async def test_keys_that_are_not_tried_again_are_forgotten() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = MemoryThrottle()
        for number in range(SWEEP_ABOVE + 1):
            await fail(throttle, (f"key {number}", 3, 60))
        now.shift(61)
        await fail(throttle, ("last", 3, 60))
        assert len(throttle._storage.events) == 1


async def test_keys_are_forgotten_beside_the_storages_own_thread() -> None:
    """It drops what has run out, key by key, each under the key's lock."""
    throttle = MemoryThrottle()
    key = RateLimitItemPerSecond(3, 60).key_for("door")
    with time_machine.travel(1_000_000) as now:
        for number in range(SWEEP_ABOVE):
            await fail(throttle, (f"key {number}", 3, 60))
        await fail(throttle, QUOTA)
        now.shift(61)
        with throttle._storage.locks[key]:
            sweeping = asyncio.create_task(asyncio.to_thread(throttle._sweep))
            await asyncio.wait([sweeping], timeout=0.2)
            assert key in throttle._storage.events
        await sweeping
        assert key not in throttle._storage.events


@pytest.mark.engine
async def test_processes_share_the_count() -> None:
    with a_database() as url:
        throttles = [await open_throttle(url, field="X") for _ in range(3)]
        for throttle in throttles:
            await fail(throttle, QUOTA)
        for throttle in throttles:
            await refused(throttle, QUOTA)
            await throttle.close()


@pytest.mark.engine
async def test_what_cannot_be_counted_is_not_admitted(tmp_path: Path) -> None:
    with a_redis(tmp_path) as own:
        own.stop()
        throttle = await open_throttle(own.url, field="X")
        with pytest.raises(Unavailable):
            await fail(throttle, QUOTA)
        with pytest.raises(Unavailable):
            await throttle.check()
        own.start()
        await throttle.check()
        async with throttle.admit(QUOTA):
            own.stop()
        with pytest.raises(Unavailable):
            await fail(throttle, QUOTA)
        await throttle.close()


async def test_a_url_that_is_not_one_of_redis_is_named() -> None:
    with pytest.raises(Invalid) as told:
        await open_throttle("memcached://127.0.0.1", field="MARQUEE_CACHE_URL")
    assert told.value.field == "MARQUEE_CACHE_URL"
