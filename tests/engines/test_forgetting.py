"""What every database forgets, how little at a time, and what it keeps to say of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.engines.things import MIGRATIONS
from tests.mongo import a_database
from tests.real import fresh, on

from marquee.engines import mongo, sql
from marquee.kit.clock import Clock
from marquee.kit.events import Event
from marquee.kit.once import Once, once

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EVER = 10**9


@dataclass(frozen=True, kw_only=True)
class Sold(Event):
    key_field: ClassVar[str] = "item"
    item: str


@dataclass
class Hand(Clock):
    time: datetime = START

    def now(self) -> datetime:
        return self.time


async def make(db: mongo.Documents) -> None:
    await mongo.make_spine(db)


@dataclass
class Shop:
    """A database, and another process' view of the same."""

    db: Any
    other: Any
    clock: Hand

    async def tell(self, *days: int) -> None:
        """An event of each of these days."""
        events = [Sold(item=str(day), at=START + day * DAY) for day in days]
        if isinstance(self.db, sql.Database):
            await self.db.write(lambda connection: self.db.tell(connection, events))
            return

        async def work(turn: mongo.Turn) -> None:
            turn.tell(events)

        await self.db.write(work)

    async def ask_once(self, key: str) -> None:
        token = once.set(Once("ada", key, "print", str))
        try:
            await self.tell(0)
        finally:
            once.reset(token)

    async def kept(self) -> list[str]:
        return [sent.key for sent in await self.db.events_after(0, 100)]


@asynccontextmanager
async def a_shop(engine: str, folder: Path) -> AsyncIterator[Shop]:
    clock = Hand()

    async def both(url: str) -> Sequence[Any]:
        if engine == "mongodb":
            return [
                await mongo.Database.open(url, of="shop", steps=[make], clock=clock) for _ in "ab"
            ]
        return [await sql.Database.open(url, migrations=MIGRATIONS, clock=clock) for _ in "ab"]

    async def shop(url: str) -> AsyncIterator[Shop]:
        db, other = await both(url)
        yield Shop(db, other, clock)
        await db.close()
        await other.close()

    if engine == "mongodb":
        async with a_database() as url:
            async for found in shop(url):
                yield found
    else:
        with fresh(engine, folder) as url:
            async for found in shop(url):
                yield found


@pytest.fixture(params=on("sqlite", "postgresql", "mariadb", "mongodb"))
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shop]:
    async with a_shop(request.param, tmp_path) as found:
        yield found


async def test_only_the_oldest_go_and_so_many_at_a_time(shop: Shop) -> None:
    await shop.tell(1, 2, 3, 4, 5)
    assert await shop.db.forget(START, EVER, 2) == 0
    assert await shop.db.forgotten_up_to() == 0
    assert await shop.db.forget(START + 4 * DAY, EVER, 2) == 2
    assert (await shop.kept(), await shop.db.forgotten_up_to()) == (["3", "4", "5"], 2)
    assert await shop.db.forget(START + 4 * DAY, EVER, 2) == 1
    assert await shop.db.forget(START + 4 * DAY, EVER, 2) == 0
    assert (await shop.kept(), await shop.other.forgotten_up_to()) == (["4", "5"], 3)


async def test_nothing_after_a_place_goes_and_never_the_last(shop: Shop) -> None:
    await shop.tell(1, 2, 3)
    assert await shop.db.forget(START + 9 * DAY, 1, 100) == 1
    assert await shop.db.forget(START + 9 * DAY, 1, 100) == 0
    assert await shop.db.forget(START + 9 * DAY, EVER, 100) == 1
    assert await shop.kept() == ["3"]
    await shop.tell(4)
    assert [sent.place for sent in await shop.db.events_after(0, 9)] == [3, 4]


async def test_a_young_event_keeps_all_that_come_after_it(shop: Shop) -> None:
    """So one place says what is gone, also where clocks were not the same."""
    await shop.tell(1, 8, 2, 3)
    assert await shop.db.forget(START + 5 * DAY, EVER, 100) == 1
    assert (await shop.kept(), await shop.db.forgotten_up_to()) == (["8", "2", "3"], 1)


async def test_two_processes_forget_the_same_together(shop: Shop) -> None:
    await shop.tell(*range(1, 41))
    before = START + 31 * DAY
    gone = await asyncio.gather(
        *[each.forget(before, EVER, 5) for _ in range(4) for each in (shop.db, shop.other)]
    )
    assert sum(gone) == 30
    assert await shop.kept() == [str(day) for day in range(31, 41)]


async def test_what_each_listener_has_passed_is_what_it_said_last(shop: Shop) -> None:
    await shop.tell(1, 2, 3)
    assert await shop.db.listeners() == {}
    await shop.db.passed("search", 3)
    await shop.db.passed("reviews", 2)
    await shop.other.passed("search", 1)
    assert await shop.db.listeners() == {"search": 1, "reviews": 2}
    assert await shop.db.heard_up_to("search") == 0


async def test_a_place_that_is_passed_over_never_goes_back(shop: Shop) -> None:
    await shop.db.pass_over("lamps", 7)
    await shop.db.pass_over("lamps", 3)
    assert await shop.other.heard_up_to("lamps") == 7


async def test_saying_what_is_known_changes_nothing(shop: Shop) -> None:
    await shop.db.passed("search", 3)
    await shop.db.pass_over("lamps", 7)
    generation = shop.db.generation
    await shop.db.passed("search", 3)
    await shop.db.pass_over("lamps", 7)
    assert shop.db.generation == generation


async def test_answers_are_forgotten_by_age(shop: Shop) -> None:
    for day in range(4):
        shop.clock.time = START + day * DAY
        await shop.ask_once(f"k{day}")
    assert await shop.db.forget_answers(START + 2 * DAY, 1) == 1
    assert await shop.db.forget_answers(START + 2 * DAY, 100) == 1
    assert await shop.db.forget_answers(START + 2 * DAY, 100) == 0
    found = [await shop.db.find_once("ada", f"k{day}") is not None for day in range(4)]
    assert found == [False, False, True, True]
