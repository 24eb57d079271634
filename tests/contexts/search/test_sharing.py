"""What processes have together that answer from one index: answers kept in Redis, turns to build it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from tests.contexts.search.fakes import MemoryCatalog, a_film, a_person
from tests.contexts.search.homes import Home, a_cluster, a_home
from tests.contexts.search.house import House, a_house, titles
from tests.engines.own_redis import a_database, a_redis
from tests.reliability.site import CODE, wait_for

from marquee.contexts.search import jobs
from marquee.contexts.search.ports import Busy, Filters
from marquee.contexts.search.service import REBUILD, Hits
from marquee.contexts.search.stores import sharing
from marquee.contexts.search.stores.sharing import open_sharing
from marquee.engines.cache import redis as in_redis
from marquee.engines.opensearch import address
from marquee.kit.errors import Unavailable
from marquee.kit.work import Task

pytestmark = pytest.mark.engine
ANY, SUN = Filters(), Filters({"genre": ("Sun",)})
LOCK = "marquee:lock:*"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home("opensearch", tmp_path) as found:
        yield found


@pytest.fixture
def cache_url() -> Iterator[str]:
    with a_database() as url:
        yield url


@pytest.fixture
async def pair(home: Home, cache_url: str) -> AsyncIterator[tuple[House, House]]:
    """Two replicas, asking one catalog."""
    catalog = MemoryCatalog()
    async with AsyncExitStack() as open_:
        houses = [
            await open_.enter_async_context(
                a_house(home.folder, catalog, url=home.url, cache_url=cache_url)
            )
            for _ in range(2)
        ]
        yield houses[0], houses[1]


async def ask(house: House, q: str, filters: Filters = ANY, limit: int = 20) -> Hits:
    return await house.search.search(q, filters, cursor=None, limit=limit)


async def asked(home: Home) -> int:
    """How many questions OpenSearch has been asked."""
    async with a_cluster(home.url) as cluster:
        found: Any = await cluster.told(f"/{address(home.url).name}/_stats/search")
        count: int = found["_all"]["total"]["search"]["query_total"]
        return count


async def test_what_anybody_asked_a_moment_ago_is_not_asked_again(
    home: Home, pair: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOMENT", 600.0)
    one, other = pair
    await one.rebuilt(*(a_film(n, "Red Sun", genres=("Sun",)) for n in range(1, 50)), a_person(1))
    first = [await ask(one, "red sun"), await ask(one, "red sun", SUN)]
    suggested = await one.search.suggest("re", limit=8)
    before = await asked(home)
    for house in (other, one):
        assert [await ask(house, " RED sun!"), await ask(house, "Red Sun", SUN)] == first
        assert await house.search.suggest("Re", limit=8) == suggested
        assert await house.search.suggest("re", limit=3) == suggested[:3]
    assert await asked(home) == before
    assert (await ask(other, "red sun", limit=19)).next is not None
    assert (await ask(other, "red sun", Filters({"genre": ("Moon",)}))).total == 0
    assert await asked(home) > before


async def test_many_who_ask_the_same_at_once_ask_once(
    home: Home, pair: tuple[House, House]
) -> None:
    one, _other = pair
    await one.rebuilt(a_film(1, "Red Sun"))
    before = await asked(home)
    await ask(one, "red")
    alone = await asked(home) - before
    pages = await asyncio.gather(*(ask(one, "sun") for _ in range(40)))
    assert [page.total for page in pages] == [1] * 40
    assert await asked(home) - before <= 2 * alone


async def test_a_kept_answer_is_the_same_as_one_that_is_not(
    home: Home, pair: tuple[House, House]
) -> None:
    one, other = pair
    films = (a_film(n, f"Alike {n % 9}", 1900 + n, genres=("War",)) for n in range(1, 60))
    await one.rebuilt(*films, a_person(1, "Anna Alike"))
    async with a_house(home.folder, one.catalog, url=home.url) as plain:
        cursor: str | None = None
        for _page in range(4):
            pages = [
                await house.search.search("alike", ANY, cursor=cursor, limit=13)
                for house in (plain, one, other)
            ]
            assert pages[0] == pages[1] == pages[2]
            cursor = pages[0].next
        told = [await house.search.suggest("al", limit=20) for house in (plain, one, other)]
        assert told[0] == told[1] == told[2]
        assert told[0]


async def test_what_has_changed_is_seen_by_the_next_question_to_anybody(
    pair: tuple[House, House],
) -> None:
    one, other = pair
    await one.rebuilt(a_film(1, "Solaris"), a_film(2, "Solaris II"))
    for number in range(3, 10):
        writer = pair[number % 2]
        writer.catalog.put(a_film(number, "Solaris"))
        await writer.search.follow([str(number)], [])
        assert [(await ask(house, "solaris")).total for house in pair] == [number, number]
    del one.catalog.films["2"]
    await one.search.follow(["2"], [])
    assert "Solaris II" not in titles((await ask(other, "solaris")).hits)
    assert "Solaris II" not in titles(await other.search.suggest("sol", limit=20))
    one.catalog.films.clear()
    await other.search.rebuild()
    assert (await ask(one, "solaris")).total == 0


async def test_nobody_reads_in_the_names_of_keys_what_people_look_for(
    pair: tuple[House, House], cache_url: str
) -> None:
    one, _other = pair
    await one.rebuilt(a_film(1, "Solaris"))
    await ask(one, "solaris")
    with redis.Redis.from_url(cache_url) as client:
        names = [bytes(name) for name in client.keys("marquee:cache:*")]
    assert names
    assert not any(b"solaris" in name.lower() for name in names)


async def test_without_redis_it_answers_what_is_true_and_does_so_when_it_is_back(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_redis, "REST", 0.0)
    with a_redis(tmp_path) as own:
        async with a_house(home.folder, url=home.url, cache_url=own.url) as house:
            checks = {check.name: check for check in house.room.checks}
            await checks["kept answers"].run()
            assert not checks["kept answers"].is_needed
            await house.rebuilt(a_film(1, "Solaris"))
            assert (await ask(house, "solaris")).total == 1
            own.stop()
            with pytest.raises(Unavailable):
                await checks["kept answers"].run()
            house.catalog.put(a_film(2, "Solaris"))
            await house.search.follow(["2"], [])
            assert (await ask(house, "solaris")).total == 2
            assert len(await house.search.suggest("sol", limit=5)) == 2
            with pytest.raises(Unavailable):  # nobody knows whose turn it is
                await house.search.rebuild()
            own.start()
            assert (await ask(house, "solaris")).total == 2
            assert (await house.search.rebuild()).movies == 2


async def test_it_starts_without_redis(home: Home) -> None:
    catalog = MemoryCatalog()
    catalog.put(a_film(1, "Solaris"))
    async with a_house(home.folder, catalog, url=home.url) as house:
        assert (await ask(house, "solaris")).total == 1
    away = "redis://127.0.0.1:1"
    async with a_house(home.folder, catalog, url=home.url, cache_url=away) as house:
        assert (await ask(house, "solaris")).total == 1


async def test_an_index_of_one_process_shares_nothing(home: Home, tmp_path: Path) -> None:
    async with a_home("tantivy", tmp_path / "near") as near:
        index = await near.index()
        assert await open_sharing(index.name, "redis://127.0.0.1:1", field="X") is None
    assert await open_sharing((await home.index()).name, None, field="X") is None


@dataclass
class Slow(MemoryCatalog):
    """It answers a rebuild when it may."""

    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    is_slow: bool = False

    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        if self.is_slow:
            self.is_asked.set()
            await self.may_answer.wait()
        return await super().movie_ids(after=after, limit=limit)


async def test_who_would_build_it_meanwhile_is_told_and_a_worker_waits_for_its_turn(
    home: Home, pair: tuple[House, House], cache_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AGAIN", 0.05)
    slow = Slow()
    async with a_house(home.folder, slow, url=home.url, cache_url=cache_url) as builder:
        await builder.rebuilt(a_film(1, "Old"))
        slow.is_slow = True
        building = asyncio.create_task(builder.search.rebuild())
        await slow.is_asked.wait()
        one, other = pair
        other.catalog.put(a_film(2, "New"))
        with pytest.raises(Busy, match="being built"):
            await one.search.rebuild()
        assert titles((await ask(one, "old")).hits) == ["Old"]
        task = Task("1", REBUILD, "{}", "normal", 1, datetime.now(UTC))
        working = asyncio.create_task(other.room.works[REBUILD](task))
        await asyncio.wait({working}, timeout=0.3)
        assert not working.done()
        slow.may_answer.set()
        await building
        await working
        assert titles((await ask(one, "new")).hits) == ["New"]
        assert len(await home.names()) == 1


async def test_who_was_stopped_and_lost_the_turn_puts_no_older_index_in_place(
    home: Home, pair: tuple[House, House], cache_url: str
) -> None:
    await pair[0].rebuilt(a_film(1, "Old"))
    builder = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.contexts.search.builder",
            home.url,
            cache_url,
            "Old",
            "Gone",
        ),
        env=os.environ | {"PYTHONPATH": CODE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert builder.stdout is not None
    assert builder.stdin is not None
    try:
        assert await builder.stdout.readline() == b"asked\n"
        with redis.Redis.from_url(cache_url) as client:
            assert client.keys(LOCK)
            builder.send_signal(signal.SIGSTOP)
            await asyncio.to_thread(wait_for, lambda: not client.keys(LOCK))
        await pair[1].rebuilt(a_film(1, "New"))
        builder.send_signal(signal.SIGCONT)
        builder.stdin.write(b"\n" * 9)
        lines = (await builder.stdout.read()).decode().splitlines()
    finally:
        if builder.returncode is None:
            builder.kill()
        await builder.wait()
    assert lines[-1] != "built"
    assert titles((await ask(pair[0], "new")).hits) == ["New"]
    assert (await ask(pair[0], "gone")).total == 0
    assert len(await home.names()) == 1
