"""What every queue promises, over SQLite and RabbitMQ."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import cast

import pytest
from tests.engines.queues import KIND, QUICK, Child, Place, at_work, raze, until, until_dead
from tests.real import on, real

from marquee.engines.queue import crew
from marquee.kit.errors import Invalid, NotFound, TooLarge
from marquee.kit.ids import new_id
from marquee.kit.work import MOST_BODY, Patience, Priority, Queue, Task

ODD = [
    "",
    "{}",
    '"\x00\x01\x7f"',
    "日本語 \u202e 🎬 e\u0301",
    "'); DROP TABLE tasks; --",
    "\r\n\t%s{0}",
]


@pytest.fixture(params=on("sqlite", "rabbitmq"))
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    monkeypatch.setattr(crew, "POLL", 0.02)
    if request.param == "sqlite":
        yield Place(f"sqlite:///{tmp_path}/queue.db")
        return
    url, prefix = real("rabbitmq"), f"test.{new_id()}"
    yield Place(f"{url}?prefix={prefix}")
    await raze(url, prefix)


@pytest.fixture
async def queue(place: Place) -> AsyncIterator[Queue]:
    async with place.opened() as queue:
        yield queue


class Workshop:
    """A worker that notes what it does, and fails while it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.did: list[Task] = []
        self.tried: list[tuple[float, int]] = []

    async def __call__(self, task: Task) -> None:
        self.tried.append((monotonic(), task.attempts))
        await asyncio.sleep(0)
        if self.fails:
            raise ValueError(f"no stamps for {task.body}")
        self.did.append(task)

    def has_done(self, count: int) -> bool:
        return len(self.did) >= count


class Sleeper:
    """A worker that never finishes by itself."""

    def __init__(self) -> None:
        self.begun: list[Task] = []
        self.was_cancelled = 0

    async def __call__(self, task: Task) -> None:
        self.begun.append(task)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled += 1
            raise


async def test_each_of_many_tasks_is_done_once_by_one_of_four_workers(
    place: Place, queue: Queue
) -> None:
    put = await asyncio.gather(*(queue.put(KIND, str(n)) for n in range(200)))
    shop = Workshop()
    async with (
        place.opened() as other,
        at_work(queue, shop, at_once=2),
        at_work(other, shop, at_once=2),
    ):
        await until(lambda: shop.has_done(200))
    assert Counter(task.id for task in shop.did) == Counter(put)
    assert {task.body for task in shop.did} == {str(n) for n in range(200)}
    assert await queue.waiting([KIND]) == {KIND: 0}


async def test_a_task_comes_as_it_was_put(queue: Queue) -> None:
    ids = [await queue.put(KIND, body, priority="low", key="k") for body in ODD[:1]]
    ids += [await queue.put(KIND, body, priority="low") for body in ODD[1:]]
    shop = Workshop()
    async with at_work(queue, shop):
        await until(lambda: shop.has_done(len(ODD)))
    assert [(task.id, task.body) for task in shop.did] == list(zip(ids, ODD, strict=True))
    assert {(t.kind, t.priority, t.attempts) for t in shop.did} == {(KIND, "low", 1)}
    assert [task.key for task in shop.did][:2] == ["k", None]


async def test_what_is_put_while_they_work_is_done(queue: Queue) -> None:
    shop = Workshop()
    async with at_work(queue, shop):
        for n in range(3):
            await queue.put(KIND, str(n))
            await until(lambda n=n: shop.has_done(n + 1))


async def test_the_task_of_a_killed_worker_is_done_by_another(place: Place, queue: Queue) -> None:
    task_id = await queue.put(KIND, "1")
    async with Child.that("work", place) as child:
        assert await child.says() == f"begun {task_id}"
        shop = Workshop()
        async with at_work(queue, shop):
            await child.kill()
            await until(lambda: shop.has_done(1))
    assert [(task.id, task.attempts) for task in shop.did] == [(task_id, 2)]


async def test_a_task_that_kills_its_workers_is_dead_after_its_tries(
    place: Place, queue: Queue
) -> None:
    task_id = await queue.put(KIND, "1")
    async with Child.that("work", place) as child:
        await child.says()
    shop = Workshop()
    async with at_work(queue, shop, patience=Patience(most_tries=1)):
        found = await until_dead(queue)
    assert [(dead.task.id, dead.error) for dead in found] == [(task_id, crew.NOBODY_CAME_BACK)]
    assert not shop.tried


async def test_what_was_put_is_there_after_the_one_who_put_it_was_killed(place: Place) -> None:
    async with Child.that("put", place) as child:
        task_id = await child.says()
    shop = Workshop()
    async with place.opened() as queue, at_work(queue, shop):
        await until(lambda: shop.has_done(1))
    assert [task.id for task in shop.did] == [task_id]


async def test_a_task_that_fails_is_dead_after_five_tries_and_can_be_revived(queue: Queue) -> None:
    task_id = await queue.put(KIND, '"ada"', priority="high", key="ada")
    shop = Workshop(fails=True)
    async with at_work(queue, shop):
        found = await until_dead(queue)
        assert [attempts for _, attempts in shop.tried] == [1, 2, 3, 4, 5]
        assert [(dead.task.id, dead.error) for dead in found] == [
            (task_id, 'ValueError: no stamps for "ada"')
        ]
        assert found[0].task.attempts == 5
        assert await queue.dead() == found
        shop.fails = False
        await queue.revive(task_id)
        await until(lambda: shop.has_done(1))
    revived = shop.did[0]
    assert (revived.id, revived.attempts, revived.priority, revived.key) == (
        *(task_id, 1),
        *("high", "ada"),
    )
    assert revived.put_at == found[0].task.put_at
    assert await queue.dead() == []


async def test_the_dead_are_listed_in_order_and_dropped_one_by_one(queue: Queue) -> None:
    shop = Workshop(fails=True)
    ids = []
    async with at_work(queue, shop, patience=Patience(most_tries=1)):
        for n in range(3):
            ids.append(await queue.put(KIND, str(n)))
            await until_dead(queue, n + 1)
    assert [dead.task.id for dead in await queue.dead(most=2)] == ids[:2]
    await queue.drop(ids[1])
    assert [dead.task.id for dead in await queue.dead()] == [ids[0], ids[2]]
    for lost in (queue.drop, queue.revive):
        with pytest.raises(NotFound):
            await lost(ids[1])
    found = await asyncio.gather(*(queue.dead() for _ in range(4)))
    assert [len(dead) for dead in found] == [2] * 4


async def test_high_goes_first_but_low_does_not_starve(queue: Queue) -> None:
    for n in range(5):
        await queue.put(KIND, str(n), priority="low")
    await queue.put(KIND, "x", priority="normal")
    for n in range(20):
        await queue.put(KIND, str(n), priority="high")
    shop = Workshop()
    async with at_work(queue, shop):
        await until(lambda: shop.has_done(26))
    order = [task.priority for task in shop.did]
    assert order[:3] == ["high"] * 3
    assert order.count("high") == 20
    assert order[:12].count("high") >= 9
    assert order.index("normal") < 20
    assert order.index("low") < 20
    assert [t.body for t in shop.did if t.priority == "high"] == [str(n) for n in range(20)]


async def test_the_pauses_between_tries_grow(queue: Queue) -> None:
    patience = Patience(most_tries=4, first=timedelta(milliseconds=125))
    await queue.put(KIND, "1")
    shop = Workshop(fails=True)
    async with at_work(queue, shop, patience=patience):
        await until(lambda: len(shop.tried) == 4)
    times = [at for at, _ in shop.tried]
    waited = [later - earlier for earlier, later in pairwise(times)]
    # Only that none was too short: how long a busy machine takes besides says nothing.
    for number, seconds in enumerate(waited, 1):
        assert seconds > patience.pause(number).total_seconds() * 0.9


async def test_a_task_put_off_is_not_begun_before(queue: Queue) -> None:
    shop = Workshop()
    began = monotonic()
    async with at_work(queue, shop):
        await queue.put(KIND, "1", after=timedelta(milliseconds=450))
        await queue.put(KIND, "2", after=timedelta(seconds=-1))
        await until(lambda: shop.has_done(2))
    assert [(task.body, task.attempts) for task in shop.did] == [("2", 1), ("1", 1)]
    assert shop.tried[1][0] - began > 0.44


async def test_a_worker_that_is_stopped_gives_its_task_back_as_if_never_tried(queue: Queue) -> None:
    task_id = await queue.put(KIND, "1")
    for _ in range(QUICK.most_tries + 1):
        sleeper = Sleeper()
        async with at_work(queue, sleeper):
            await until(lambda sleeper=sleeper: bool(sleeper.begun))
        assert [(task.id, task.attempts) for task in sleeper.begun] == [(task_id, 1)]
        assert sleeper.was_cancelled == 1
    assert await queue.waiting([KIND]) == {KIND: 1}


async def test_no_more_are_taken_than_are_worked_on(queue: Queue) -> None:
    for _ in range(10):
        await queue.put(KIND, "1")
    sleeper = Sleeper()
    async with at_work(queue, sleeper, at_once=3):
        await until(lambda: len(sleeper.begun) == 3)
        assert await queue.waiting([KIND]) == {KIND: 7}


@pytest.mark.parametrize(
    ("kind", "body", "key", "error"),
    [
        ("Mail", "1", None, Invalid),
        ("a..b", "1", None, Invalid),
        ("a\n", "1", None, Invalid),
        ("a" * 101, "1", None, Invalid),
        ("mail", "\ud800", None, Invalid),
        ("mail", "1", "", Invalid),
        ("mail", "1", "\ud800", Invalid),
        ("mail", "1", "k" * 101, Invalid),
        ("mail", "ü" * (MOST_BODY // 2 + 1), None, TooLarge),
    ],
)
async def test_what_no_engine_shall_take_is_refused(
    queue: Queue, kind: str, body: str, key: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await queue.put(kind, body, key=key)


async def test_a_priority_there_is_not_is_refused(queue: Queue) -> None:
    with pytest.raises(Invalid):
        await queue.put(KIND, "1", priority=cast("Priority", "urgent"))


async def test_the_largest_body_is_taken(queue: Queue) -> None:
    await queue.put(KIND, "x" * MOST_BODY)
    shop = Workshop()
    async with at_work(queue, shop):
        await until(lambda: shop.has_done(1))
    assert len(shop.did[0].body) == MOST_BODY


async def test_a_queue_is_well(queue: Queue) -> None:
    await queue.check()
