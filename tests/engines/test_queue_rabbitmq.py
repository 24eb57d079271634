"""What only RabbitMQ can do to a queue: be away, refuse, lose a queue, hang."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.queues import KIND, Place, Wire, a_wire, at_work, raze, until
from tests.real import real

from marquee.engines.address import Address
from marquee.engines.queue import crew, open_queue
from marquee.engines.queue.rabbitmq import link as link_module
from marquee.engines.queue.rabbitmq.examine import refused
from marquee.engines.queue.rabbitmq.layout import (
    LITTLE,
    RUNGS,
    UNTOLD,
    Layout,
    read,
    read_dead,
    rung,
    written,
)
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.ids import new_id
from marquee.kit.work import Dead, Patience, Queue, Task

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Corner:
    url: str
    prefix: str

    @property
    def place(self) -> Place:
        return Place(f"{self.url}?prefix={self.prefix}")

    def by(self, port: int) -> Place:
        address = Address.read(self.url, scheme="amqp", port=5672)
        return Place(self.place.url.replace(f":{address.port}/", f":{port}/"))

    @property
    def port(self) -> int:
        return Address.read(self.url, scheme="amqp", port=5672).port


@pytest.fixture
async def corner(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Corner]:
    monkeypatch.setattr(crew, "POLL", 0.02)
    corner = Corner(real("rabbitmq"), f"test.{new_id()}")
    yield corner
    await raze(corner.url, corner.prefix)


@pytest.fixture
async def wire(corner: Corner) -> AsyncIterator[Wire]:
    async with a_wire(corner.port) as wire:
        yield wire


@pytest.fixture
async def wired(corner: Corner, wire: Wire) -> AsyncIterator[Queue]:
    async with corner.by(wire.port).opened() as queue:
        yield queue


async def put_until_taken(queue: Queue, body: str) -> str:
    async with asyncio.timeout(20):
        while True:
            try:
                return await queue.put(KIND, body)
            except Unavailable:
                await asyncio.sleep(0.05)


@pytest.mark.engine
async def test_work_goes_on_when_the_broker_is_back(wired: Queue, wire: Wire) -> None:
    done: list[str] = []

    async def worker(task: Task) -> None:
        done.append(task.body)

    async with at_work(wired, worker):
        await wired.put(KIND, "before")
        await until(lambda: done == ["before"])
        await wire.cut()
        for ask in (wired.put(KIND, "lost"), wired.check(), wired.dead(), wired.waiting([KIND])):
            with pytest.raises(Unavailable) as away:
                await ask
            assert away.value.retry_after
        await wire.mend()
        await put_until_taken(wired, "after")
        await until(lambda: "after" in done)
    assert set(done) == {"before", "after"}, "'before' twice: what settled it may be cut off"


@pytest.mark.engine
async def test_a_broker_that_hangs_is_away_and_then_connected_to_again(
    wired: Queue, wire: Wire
) -> None:
    await wired.put(KIND, "1")
    wire.swallows = True
    with pytest.raises(Unavailable, match="no answer in time"):
        await wired.put(KIND, "2")
    wire.swallows = False
    await put_until_taken(wired, "3")


@pytest.mark.engine
async def test_a_worker_is_cancelled_when_its_task_may_be_another_s(
    corner: Corner, wired: Queue, wire: Wire
) -> None:
    begun: list[int] = []
    cancelled: list[int] = []

    async def worker(task: Task) -> None:
        begun.append(task.attempts)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(task.attempts)
            raise

    await wired.put(KIND, "1")
    async with at_work(wired, worker):
        await until(lambda: begun == [1])
        await wire.cut()
        await until(lambda: cancelled == [1])
        async with corner.place.opened() as other, at_work(other, worker):
            await until(lambda: begun == [1, 2])


@pytest.mark.engine
async def test_a_put_that_reaches_no_queue_is_an_error_and_the_next_one_finds_it(
    corner: Corner,
) -> None:
    async with corner.place.opened() as queue:
        await queue.put(KIND, "1")
        await raze(corner.url, corner.prefix)
        with pytest.raises(Unavailable):
            await queue.put(KIND, "2")
        await queue.put(KIND, "3")
        assert await queue.waiting([KIND]) == {KIND: 1}


@pytest.mark.engine
async def test_a_task_whose_next_wait_is_gone_goes_back_to_the_workers(corner: Corner) -> None:
    tried: list[int] = []

    async def worker(task: Task) -> None:
        tried.append(task.attempts)
        if task.attempts == 2:
            await raze(corner.url, corner.prefix, only_later=True)
        if task.attempts < 3:
            raise ValueError("no")

    async with corner.place.opened() as queue:
        await queue.put(KIND, "1")
        async with at_work(queue, worker):
            await until(lambda: tried == [1, 2, 3])


@pytest.mark.parametrize("prefix", ["", "a/b", "a b", "é", "a" * 61])
async def test_a_prefix_that_cannot_name_queues_is_refused(prefix: str) -> None:
    with pytest.raises(Invalid, match="prefix"):
        await open_queue(f"amqp://127.0.0.1?prefix={prefix}")


@pytest.mark.engine
async def test_queues_of_somebody_else_by_our_names_are_told(corner: Corner) -> None:
    import aio_pika

    connection = await aio_pika.connect(corner.url)
    channel = await connection.channel()
    await channel.declare_queue(Layout(corner.prefix).work(KIND, "normal"), durable=True)
    await connection.close()
    async with corner.place.opened() as queue:
        with pytest.raises(Unavailable, match="prefix"):
            await queue.put(KIND, "1")


@pytest.mark.engine
async def test_a_message_of_somebody_else_is_given_to_the_worker(corner: Corner) -> None:
    import aio_pika

    found: list[Task] = []

    async def worker(task: Task) -> None:
        found.append(task)

    async with corner.place.opened() as queue:
        await queue.waiting([KIND])
        connection = await aio_pika.connect(corner.url)
        channel = await connection.channel()
        name = Layout(corner.prefix).work(KIND, "high")
        await channel.default_exchange.publish(aio_pika.Message(b"\xff"), name)
        await connection.close()
        async with at_work(queue, worker):
            await until(lambda: len(found) == 1)
    assert (found[0].body, found[0].priority, found[0].attempts) == ("�", "normal", 1)


@pytest.mark.engine
async def test_no_secret_reaches_an_error_or_a_log(
    corner: Corner, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    port = corner.port
    with pytest.raises(Invalid, match="refuses") as refused:
        await open_queue(f"amqp://canary-user:canary-word@127.0.0.1:{port}/?prefix=canary")
    assert "canary" not in str(refused.value)
    address = Address.read(corner.url, scheme="amqp", port=5672)
    async with corner.place.opened() as queue:
        await queue.put(KIND, "1")
    assert "canary" not in caplog.text
    assert address.password is None or f":{address.password}@" not in caplog.text


async def test_a_broker_that_is_not_there_is_unavailable(unused_tcp_port: int) -> None:
    with pytest.raises(Unavailable, match=r"amqp://127\.0\.0\.1") as away:
        await open_queue(f"amqp://canary:canary@127.0.0.1:{unused_tcp_port}/films")
    assert "canary" not in str(away.value)


@pytest.mark.parametrize("version", ["3.9.29", "2.8", "", "other"])
def test_an_old_or_unknown_server_will_not_do(version: str) -> None:
    assert link_module._number(version) < link_module.OLDEST


@pytest.mark.parametrize("version", ["3.10.0", "3.13.7", "4.1.2-rc.1"])
def test_a_server_since_3_10_will_do(version: str) -> None:
    assert link_module._number(version) >= link_module.OLDEST


@given(st.integers(min_value=1, max_value=400 * 24 * 3600 * 1000))
def test_a_wait_climbs_down_its_rungs_to_the_end(milliseconds: int) -> None:
    left, passed, steps = milliseconds, 0, 0
    while left > passed:
        step = rung(timedelta(milliseconds=left - passed))
        assert step in RUNGS
        passed += step
        steps += 1
    assert milliseconds <= passed <= milliseconds * LITTLE + RUNGS[0]
    assert steps <= len(RUNGS) + milliseconds // RUNGS[-1]


def a_message(body: bytes, **told: Any) -> SimpleNamespace:
    return SimpleNamespace(body=body, **told)


def test_a_task_is_read_as_it_was_written() -> None:
    task = Task("id", KIND, "ü", "low", 3, NOW, "key")
    dead = Dead(task, "ValueError: no", NOW + timedelta(hours=1))
    message = written(a_message, task, due=NOW, dead=dead)
    assert read(message, NOW) == task
    assert read_dead(message, NOW) == dead
    assert message.delivery_mode == 2


def test_what_the_broker_gave_up_says_so() -> None:
    message = written(a_message, Task("id", KIND, "1", "high", 0, NOW))
    found = read_dead(message, NOW)
    assert (found.error, found.died_at) == (UNTOLD, NOW)


def test_a_pause_doubles_up_to_the_longest() -> None:
    patience = Patience(first=timedelta(seconds=1), longest=timedelta(seconds=6))
    assert [patience.pause(n).total_seconds() for n in (1, 2, 3, 4, 5000)] == [1, 2, 4, 6, 6]


@pytest.mark.engine
async def test_a_vhost_that_is_not_there_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(Invalid, match="vhost"):
        await open_queue(f"{real('rabbitmq')}nowhere-{new_id()}", may_be_away=True)


@pytest.mark.parametrize("where", ["10.3.10.5:5672/vhost", "one:5672/films"])
def test_a_password_that_is_refused_is_told_as_that_whatever_the_address_is(where: str) -> None:
    told = refused(Invalid(f"amqp://{where} refuses the user or the password."))
    assert (told.what, told.detail) == ("reachable", "it refuses the user or the password")
