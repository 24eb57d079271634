"""What only the embedded queue does: spare the same work, lease, share one file."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.engines.queues import KIND, Place, at_work, until

from marquee.engines.queue import crew
from marquee.engines.queue.sqlite import SqliteQueue
from marquee.engines.sql import raw
from marquee.kit.once import Once, once
from marquee.kit.work import Task


@pytest.fixture
async def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteQueue]:
    monkeypatch.setattr(crew, "POLL", 0.02)
    async with Place(f"sqlite:///{tmp_path}/queue.db").opened() as queue:
        assert isinstance(queue, SqliteQueue)
        yield queue


class Gate:
    """A worker that waits to be let go."""

    def __init__(self) -> None:
        self.begun: list[Task] = []
        self.opened = asyncio.Event()
        self.was_cancelled = False

    async def __call__(self, task: Task) -> None:
        self.begun.append(task)
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise


async def test_the_same_key_is_not_put_twice_while_it_waits(queue: SqliteQueue) -> None:
    first = await queue.put(KIND, "1", key="ada", priority="low")
    assert await queue.put(KIND, "1", key="ada", priority="high") == first
    assert await queue.put(KIND, "1", key="bob") != first
    assert await queue.put("other", "1", key="ada") != first
    gate = Gate()
    async with at_work(queue, gate):
        await until(lambda: bool(gate.begun))
        assert (gate.begun[0].id, gate.begun[0].priority) == (first, "high")
        # The one that has begun may have read what was there before.
        assert await queue.put(KIND, "1", key="ada") != first


async def test_work_put_off_is_sooner_when_somebody_wants_it_sooner(queue: SqliteQueue) -> None:
    first = await queue.put(KIND, "1", key="ada", after=timedelta(hours=1))
    assert await queue.waiting([KIND]) == {KIND: 0}
    assert await queue.put(KIND, "1", key="ada") == first
    assert await queue.waiting([KIND]) == {KIND: 1}
    assert await queue.put(KIND, "1", key="ada", after=timedelta(hours=1)) == first
    assert await queue.waiting([KIND]) == {KIND: 1}


async def test_the_key_of_the_dead_spares_nothing(queue: SqliteQueue) -> None:
    first = await queue.put(KIND, "1", key="ada")
    await queue._write(lambda c: raw.run(c, "UPDATE tasks SET died_at = '2026', error = 'no'"))
    assert await queue.put(KIND, "1", key="ada") != first


async def test_a_lease_is_kept_for_as_long_as_the_worker_works(queue: SqliteQueue) -> None:
    await queue.put(KIND, "1")
    gate, other = Gate(), Gate()
    async with at_work(queue, gate), at_work(queue, other):
        await until(lambda: bool(gate.begun or other.begun))
        first = await _due(queue)
        await until(lambda: _is_other(queue, first))
        assert len(gate.begun) + len(other.begun) == 1
        gate.opened.set()
        other.opened.set()
        await until(lambda: _is_other(queue, [], wanted=True))


async def test_a_worker_whose_task_another_has_is_cancelled_and_settles_nothing(
    queue: SqliteQueue,
) -> None:
    await queue.put(KIND, "1")
    gate = Gate()
    async with at_work(queue, gate):
        await until(lambda: bool(gate.begun))
        await queue._write(
            lambda c: raw.run(c, "UPDATE tasks SET holder = 'another', due_at = '9'")
        )
        await until(lambda: gate.was_cancelled)
    found = await queue._db.read(lambda c: raw.rows(c, "SELECT holder FROM tasks"))
    assert found == [("another",)]


async def test_a_put_leaves_an_idempotency_key_to_the_store_of_its_context(
    queue: SqliteQueue,
) -> None:
    asked = Once("ada", "key", "fingerprint", str)
    token = once.set(asked)
    try:
        await queue.put(KIND, "1")
    finally:
        once.reset(token)
    assert not asked.kept
    assert await queue._db.find_once("ada", "key") is None


async def test_looking_for_work_writes_nothing(queue: SqliteQueue) -> None:
    generation = queue._db.generation
    for _ in range(3):
        assert await queue._take(KIND, ("high", "normal", "low")) is None
    assert queue._db.generation == generation


async def _due(queue: SqliteQueue) -> list[raw.Row]:
    return await queue._db.read(lambda c: raw.rows(c, "SELECT due_at FROM tasks"))


async def _is_other(queue: SqliteQueue, due: list[raw.Row], *, wanted: bool = False) -> bool:
    return (await _due(queue) == due) is wanted
