"""What a cache promises, in this process and in Redis (L6, L7)."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from tests.engines.gate import Gate
from tests.engines.own_redis import OwnRedis, a_database, a_redis

from marquee.engines import redis as engine
from marquee.engines.cache import Cache, open_cache
from marquee.engines.cache import redis as in_redis
from marquee.engines.cache.memory import MemoryCache
from marquee.kit.errors import Invalid, NotFound, Unavailable

LONG = 60.0


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    monkeypatch.setattr(in_redis, "REST", 0.0)
    with a_redis(tmp_path) as own:
        yield own


class Origin:
    """Where answers come from, slowly; it counts how often it is asked."""

    def __init__(self, value: bytes = b"1") -> None:
        self.value = value
        self.asked = 0
        self._was_asked = asyncio.Condition()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def load(self) -> bytes:
        async with self._was_asked:
            self.asked += 1
            self._was_asked.notify_all()
        value = self.value
        await self.may_answer.wait()
        await asyncio.sleep(0)
        return value

    async def was_asked(self, times: int) -> None:
        async with self._was_asked:
            await self._was_asked.wait_for(lambda: self.asked >= times)


async def get(cache: Cache, origin: Origin, key: str = "k", *tags: str) -> bytes:
    return await cache.get_or_load(key, origin.load, ttl=LONG, tags=tags or ("t",))


async def test_what_was_loaded_is_kept(cache: Cache) -> None:
    origin = Origin(b"\x00\xff odd \r\n" * 1_000)
    for _ in range(3):
        assert await get(cache, origin) == origin.value
    assert origin.asked == 1
    await get(cache, origin, "another key")
    assert origin.asked == 2
    assert await get(cache, Origin(b""), "empty") == b""
    assert await get(cache, Origin(b"not asked"), "empty") == b""


async def test_what_is_cleared_is_loaded_anew(cache: Cache) -> None:
    origin = Origin(b"old")
    await get(cache, origin, "k", "a", "b")
    await cache.clear("c")
    origin.value = b"new"
    assert await get(cache, origin, "k", "b", "a") == b"old"
    for tag in ("a", "b"):
        await cache.clear(tag)
        origin.value += b"er"
        assert await get(cache, origin, "k", "a", "b") == origin.value
    assert origin.asked == 3


async def test_many_who_miss_at_once_load_once(cache: Cache) -> None:
    origin = Origin()
    assert await asyncio.gather(*[get(cache, origin) for _ in range(500)]) == [b"1"] * 500
    assert origin.asked == 1


async def test_a_load_that_fails_wakes_all_who_wait_and_is_not_kept(cache: Cache) -> None:
    asked = 0

    async def fail() -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        raise NotFound("No.")

    waiting = [cache.get_or_load("k", fail, ttl=LONG) for _ in range(500)]
    done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 30)
    assert {type(one) for one in done} == {NotFound}
    assert asked < 5
    assert await get(cache, Origin(b"found")) == b"found"


async def test_whoever_leaves_does_not_take_the_load_along(cache: Cache) -> None:
    origin = Origin()
    origin.may_answer.clear()
    first = asyncio.create_task(get(cache, origin))
    await origin.was_asked(1)
    second = asyncio.create_task(get(cache, origin))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    origin.may_answer.set()
    assert await second == b"1"


async def test_closing_ends_what_is_loaded(url: str | None) -> None:
    cache, origin = await open_cache(url, field="X"), Origin()
    origin.may_answer.clear()
    asking = asyncio.create_task(get(cache, origin))
    await origin.was_asked(1)
    await cache.close()
    with pytest.raises(Unavailable):
        await asking


async def test_a_load_from_before_a_clear_is_neither_kept_nor_shared(cache: Cache) -> None:
    origin = Origin(b"old")
    origin.may_answer.clear()
    before = asyncio.create_task(get(cache, origin))
    await origin.was_asked(1)
    await cache.clear("t")
    origin.value = b"new"
    after = asyncio.create_task(get(cache, origin))
    await origin.was_asked(2)
    origin.may_answer.set()
    assert await after == b"new"
    assert await before == b"old"
    assert await get(cache, origin) == b"new"
    assert origin.asked == 2


async def test_nobody_reads_what_was_before_their_own_write(url: str | None) -> None:
    """Eight writers and readers, over two processes where they share a cache."""
    caches = [await open_cache(url, field="X") for _ in range(2 if url else 1)]
    written, chance = 0, random.Random(3)

    async def load() -> bytes:
        value = written
        await asyncio.sleep(chance.random() / 500)
        return str(value).encode()

    async def work(at: int) -> int:
        nonlocal written
        stale = 0
        for _ in range(50):
            written += 1
            mine = written
            await caches[at % len(caches)].clear("t")
            for cache in caches:
                found = int(await cache.get_or_load("k", load, ttl=LONG, tags=("t",)))
                stale += found < mine
        return stale

    assert sum(await asyncio.gather(*[work(at) for at in range(8)])) == 0
    for cache in caches:
        assert int(await cache.get_or_load("k", load, ttl=LONG, tags=("t",))) == written
        await cache.close()


async def test_in_this_process_it_is_kept_for_as_long_as_was_said() -> None:
    now = [0.0]
    cache, origin = MemoryCache(clock=lambda: now[0]), Origin()
    await cache.get_or_load("k", origin.load, ttl=10)
    now[0] = 9.9
    await cache.get_or_load("k", origin.load, ttl=10)
    assert origin.asked == 1
    now[0] = 10
    await cache.get_or_load("k", origin.load, ttl=10)
    assert origin.asked == 2


async def test_in_this_process_what_was_used_longest_ago_makes_room() -> None:
    cache, origin = MemoryCache(most_bytes=3_000), Origin(b"x" * 400)
    for key in ("a", "b", "c"):
        await get(cache, origin, key)
    await get(cache, origin, "a")
    await get(cache, origin, "d")
    assert origin.asked == 4
    await get(cache, origin, "a")
    assert origin.asked == 4
    await get(cache, origin, "b")
    assert origin.asked == 5
    assert await get(cache, Origin(b"y" * 5_000), "too large") == b"y" * 5_000
    assert cache._bytes <= 3_000


async def test_very_many_tags_are_forgotten_with_what_they_were_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("marquee.engines.cache.memory.MOST_TAGS", 10)
    cache, origin = MemoryCache(), Origin()
    await get(cache, origin)
    for number in range(11):
        await cache.clear(str(number))
    assert len(cache._cleared_at) <= 10
    await get(cache, origin)
    assert origin.asked == 2


@pytest.mark.engine
async def test_in_redis_it_expires_by_itself() -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        cache = await open_cache(url, field="X")
        await cache.get_or_load("k", Origin().load, ttl=10, tags=("t",))
        assert 9_000 < client.pttl("marquee:cache:entry:k") <= 10_000
        assert client.pttl("marquee:cache:tag:t") > 6 * 24 * 60 * 60 * 1_000
        await cache.close()


@pytest.mark.engine
async def test_processes_share_what_is_kept_and_what_is_cleared() -> None:
    with a_database() as url:
        one, other = await open_cache(url, field="X"), await open_cache(url, field="X")
        origin = Origin(b"old")
        assert await get(one, origin) == await get(other, origin) == b"old"
        assert origin.asked == 1
        origin.value = b"new"
        await one.clear("t")
        assert await get(other, origin) == b"new"
        for cache in (one, other):
            await cache.close()


@pytest.mark.engine
async def test_a_lost_tag_takes_with_it_what_was_kept_under_it() -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        cache, origin = await open_cache(url, field="X"), Origin()
        await get(cache, origin)
        client.delete("marquee:cache:tag:t")
        await get(cache, origin)
        assert origin.asked == 2
        await cache.close()


@pytest.mark.engine
async def test_without_redis_all_is_loaded_and_a_clear_is_made_up_for(own: OwnRedis) -> None:
    cache, other = await open_cache(own.url, field="X"), await open_cache(own.url, field="X")
    origin = Origin(b"old")
    await get(cache, origin)
    with redis.Redis(port=own.port) as client:
        client.config_set("maxmemory", 1)  # it reads and does not write
        origin.value = b"new"
        await cache.clear("t")
        assert await get(cache, origin) == b"new"
        client.config_set("maxmemory", 0)
        assert await get(cache, origin) == b"new"
        assert await get(other, Origin(b"not asked")) == b"new"
    own.stop()
    asked = origin.asked
    origin.may_answer.clear()
    asking = [asyncio.create_task(get(cache, origin)) for _ in range(500)]
    await asyncio.wait(asking, timeout=1)  # so that each has found Redis away
    origin.may_answer.set()
    assert await asyncio.gather(*asking) == [b"new"] * 500
    assert origin.asked - asked < 5
    origin.value = b"newest"
    await cache.clear("t")
    assert await get(cache, origin) == b"newest"
    with pytest.raises(Unavailable):
        await cache.check()
    own.start()
    assert await get(cache, origin) == b"newest"
    for one in (cache, other):
        await one.close()


@pytest.mark.engine
async def test_without_redis_a_load_from_before_a_clear_is_not_shared(own: OwnRedis) -> None:
    cache, origin = await open_cache(own.url, field="X"), Origin(b"old")
    own.stop()
    origin.may_answer.clear()
    before = asyncio.create_task(get(cache, origin))
    await origin.was_asked(1)
    await cache.clear("t")
    origin.value = b"new"
    after = asyncio.create_task(get(cache, origin))
    await asyncio.wait_for(origin.was_asked(2), 10)
    origin.may_answer.set()
    assert (await before, await after) == (b"old", b"new")
    await cache.close()


@pytest.mark.engine
async def test_while_one_looks_whether_redis_is_back_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_redis, "REST", LONG)
    monkeypatch.setattr(engine, "WITHIN", LONG)
    with a_database() as url:
        gate, origin = Gate(url), Origin()
        await gate.open()
        cache = await open_cache(gate.url, field="X")
        await gate.shut()
        await get(cache, origin)
        await gate.open()
        gate.moving.clear()
        cache._rests_until = 0.0  # type: ignore[attr-defined]
        looking = asyncio.create_task(get(cache, origin))
        await asyncio.sleep(0)
        assert await get(cache, origin, "another") == b"1"
        assert not looking.done()
        gate.moving.set()
        await looking
        assert await get(cache, Origin(b"not asked")) == b"1"
        await cache.close()
        await gate.shut()


@pytest.mark.engine
async def test_what_was_cleared_does_not_return_with_a_restored_snapshot(own: OwnRedis) -> None:
    cache, origin = await open_cache(own.url, field="X"), Origin(b"old")
    await get(cache, origin)
    with redis.Redis(port=own.port) as client:
        client.save()
    origin.value = b"new"
    await cache.clear("t")
    own.stop()
    own.start()
    assert await get(cache, origin) == b"new"
    assert await get(cache, origin) == b"new"
    await cache.close()


async def test_a_url_that_is_not_one_of_redis_is_named() -> None:
    with pytest.raises(Invalid) as told:
        await open_cache("memcached://127.0.0.1", field="MARQUEE_CACHE_URL")
    assert told.value.field == "MARQUEE_CACHE_URL"
