"""Events over a real Kafka: each once, in order, shared where work is shared."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from aiokafka import AIOKafkaConsumer
from tests.app.doctor.ward import settings
from tests.app.relay.stage import KINDS, Audience, Box
from tests.contexts.auth.test_sessions import a_session
from tests.engines.own_redis import a_database
from tests.topics import a_kafka

from marquee.app.doctor.examination import examine as look
from marquee.app.parked.broker import BrokerParking
from marquee.app.relay import delivery as deliveries
from marquee.app.relay.broker import Consume, Publish
from marquee.app.relay.delivery import Delivery
from marquee.app.relay.topics import LAST_LOOKED_AT
from marquee.contexts.auth.events import SessionStarted
from marquee.contexts.auth.stores.redis import RedisSessionStore
from marquee.engines.bus import examine
from marquee.engines.bus.kafka import FOR_A_WHILE, Kafka, opened
from marquee.kit.ending import end
from marquee.kit.errors import Invalid, Unavailable

pytestmark = pytest.mark.engine
LAMPS = [str(n) for n in range(1200)]


@pytest.fixture
async def kafka() -> AsyncIterator[Kafka]:
    async with a_kafka() as kafka:
        yield kafka


def a_delivery(audience: Audience, kafka: Kafka) -> Delivery:
    return Delivery("hall", "lamps", audience.hear, KINDS, BrokerParking(kafka))


@contextlib.asynccontextmanager
async def running(*ways: Publish | Consume) -> AsyncIterator[None]:
    async def carry(way: Publish | Consume) -> None:
        while True:
            if not await way.step():
                await way.rest()

    tasks = [asyncio.create_task(carry(way)) for way in ways]
    try:
        yield
    finally:
        await end(tasks)
        for way in ways:
            await way.close()


async def until(there: Callable[[], bool]) -> None:
    for _look in range(1500):
        if there():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came")


async def step_all(*ways: Publish | Consume) -> None:
    for way in ways:
        while await way.step():
            pass


async def test_each_event_is_heard_once_and_in_order(kafka: Kafka) -> None:
    box, audience = Box(), Audience()
    box.tell(*LAMPS, "Ünïçødé 🎬")
    publish = Publish("lamps", box, kafka)
    async with running(publish, Consume(a_delivery(audience, kafka), kafka, "hall")):
        await until(lambda: len(audience.lit) == len(box.sent))
        box.tell("late")
        await until(lambda: audience.lit[-1] == "late")
    assert audience.lit == [*LAMPS, "Ünïçødé 🎬", "late"]
    assert await publish.behind() == 0


@pytest.mark.parametrize("group", ["hall", None])
async def test_who_has_heard_nothing_yet_is_behind(kafka: Kafka, group: str | None) -> None:
    box, audience = Box(), Audience()
    box.tell(*LAMPS)
    await step_all(publish := Publish("lamps", box, kafka))
    consume = Consume(a_delivery(audience, kafka), kafka, group)
    consume._reader = await consume._started()
    assert await consume.behind() == len(LAMPS)
    await until_some(consume)
    await step_all(consume)
    assert await consume.behind() == 0
    await consume.close()
    later = Consume(a_delivery(audience, kafka), kafka, "hall")
    later._reader = await later._started()
    assert await later.behind() == (0 if group else len(LAMPS))
    await later.close()
    await publish.close()


async def test_what_several_publish_is_heard_once_and_in_order(kafka: Kafka) -> None:
    box, audience = Box(), Audience()
    publishers = [Publish("lamps", box, kafka) for _ in range(3)]
    consume = Consume(a_delivery(audience, kafka), kafka, None)
    async with running(*publishers, consume):
        for lamp in range(300):
            box.tell(str(lamp))
            if lamp % 10 == 0:
                await asyncio.sleep(0.01)
        await until(lambda: len(audience.lit) == 300)
    assert audience.lit == [str(n) for n in range(300)]


async def test_a_publisher_that_begins_anew_goes_on_where_the_topic_ends(kafka: Kafka) -> None:
    box = Box()
    box.tell("a", "b")
    first = Publish("lamps", box, kafka)
    await step_all(first)
    await first.close()
    box.tell("c")
    second = Publish("lamps", box, kafka)
    assert await second.step() == 1
    await second.close()


async def test_what_is_cancelled_while_it_connects_leaves_no_connection_open(kafka: Kafka) -> None:
    for moment in range(30):
        for connect in (kafka.reader, kafka._started, kafka.check):
            connecting = asyncio.create_task(connect())
            await asyncio.sleep(moment / 2000)
            connecting.cancel()
            [connected] = await asyncio.gather(connecting, return_exceptions=True)
            if isinstance(connected, AIOKafkaConsumer):
                await connected.stop()
            await kafka.close()
    gc.collect()  # one that was left open warns, and a warning is an error here


async def test_what_the_driver_raises_as_it_ends_holds_nothing_up(kafka: Kafka) -> None:
    consume = Consume(a_delivery(Audience(), kafka), kafka, "hall")
    consume._reader = reader = await consume._started()

    async def cancelled() -> None:
        raise asyncio.CancelledError  # as of a fetch that it was about to try again

    fetching = asyncio.create_task(cancelled())
    reader._fetcher._pending_tasks.add(fetching)
    await consume.close()
    assert fetching.cancelled()
    gc.collect()  # a connection that was left open warns


async def test_a_listener_killed_before_it_told_the_broker_loses_nothing(kafka: Kafka) -> None:
    box, audience = Box(), Audience()
    box.tell(*LAMPS)
    await step_all(publish := Publish("lamps", box, kafka))
    first = Consume(a_delivery(audience, kafka), kafka, "hall")
    await until_some(first)
    assert first._reader is not None
    heard = len(audience.lit)
    first._reader.commit = refused  # the process ends between effect and commit
    with pytest.raises(Unavailable):
        await until_some(first)
    await first.close()
    assert len(audience.lit) > heard
    async with running(Consume(a_delivery(audience, kafka), kafka, "hall")):
        await until(lambda: len(audience.lit) == len(LAMPS))
    assert audience.lit == LAMPS
    assert audience.deliveries > len(LAMPS)
    await publish.close()


async def refused(_places: Any) -> None:
    raise ConnectionResetError


async def until_some(way: Consume) -> None:
    while not await way.step():
        pass


async def test_two_of_a_group_share_and_each_alone_hears_all(kafka: Kafka) -> None:
    box, shared = Box(), Audience()
    box.tell(*LAMPS)
    alone = [Audience(), Audience()]
    ways = [
        Publish("lamps", box, kafka),
        *(Consume(a_delivery(shared, kafka), kafka, "hall") for _ in range(2)),
        *(Consume(a_delivery(one, kafka), kafka, None) for one in alone),
    ]
    async with running(*ways):
        await until(lambda: all(len(one.lit) == len(LAMPS) for one in (shared, *alone)))
    assert shared.lit == LAMPS
    assert shared.deliveries == len(LAMPS)
    assert [one.lit for one in alone] == [LAMPS, LAMPS]


async def test_a_new_projection_hears_everything_from_any_place(kafka: Kafka) -> None:
    box = Box()
    box.tell(*LAMPS)
    await step_all(publish := Publish("lamps", box, kafka))
    await publish.close()
    for place in (0, 1, 700, len(LAMPS)):
        audience = Audience(places={"lamps": place})
        async with running(Consume(a_delivery(audience, kafka), kafka, None, place)):
            await until(lambda heard=audience, place=place: len(heard.lit) == len(LAMPS) - place)
        assert audience.lit == LAMPS[place:]


async def test_messages_nobody_can_take_are_parked_on_the_broker(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "FIRST_PAUSE", 0.0001)
    box = Box()

    def broken(event: Any) -> None:
        if event.lamp == "broken":
            raise ValueError("the lamp is broken")

    audience = Audience(trouble=broken)
    box.tell("a", "broken", "b")
    publish = Publish("lamps", box, kafka)
    await step_all(publish)
    topic = await kafka.make("lamps", settings=FOR_A_WHILE)
    await kafka.send(topic, [("x", b"\xff\xfe garbage", [])])
    assert await Publish("lamps", box, kafka).step() == 0  # a stray message is not in its way
    async with running(Consume(a_delivery(audience, kafka), kafka, "hall")):
        parking = BrokerParking(kafka)
        found = await parking.messages()
        for _look in range(600):
            if len(found) == 2:
                break
            await asyncio.sleep(0.05)
            found = await parking.messages()
    assert audience.lit == ["a", "b"]
    by_key = {message.key: message for message in found}
    assert by_key["broken"].error == "ValueError: the lamp is broken"
    assert "no event of Marquee" in by_key["b'x'"].error
    assert await parking.find(by_key["broken"].id) == by_key["broken"]
    await parking.drop(by_key["broken"].id)
    [stray] = await parking.messages()
    assert stray.key == "b'x'"
    await parking.drop(stray.id)
    again = Audience()  # a process that begins anew reads all of the topic
    async with running(Consume(a_delivery(again, kafka), kafka, None)):
        await until(lambda: again.lit == ["a", "broken", "b"])
    assert await parking.messages() == []
    await publish.close()


async def test_a_topic_of_another_program_is_refused(kafka: Kafka) -> None:
    topic = await kafka.make("lamps", settings=FOR_A_WHILE)
    await kafka.send(topic, [("k", b"somebody else's", [])])
    box = Box()
    box.tell("a")
    with pytest.raises(Invalid, match="another program's messages") as refused:
        await Publish("lamps", box, kafka).step()
    assert refused.value.field == "MARQUEE_EVENTS_URL"


async def test_many_strays_after_our_own_do_not_make_a_topic_somebody_else_s(kafka: Kafka) -> None:
    box = Box()
    box.tell("a", "b")
    await step_all(first := Publish("lamps", box, kafka))
    await first.close()
    topic = kafka.topic("lamps")
    await kafka.send(topic, [("k", b"somebody else's", [])] * (LAST_LOOKED_AT[0] + 1))
    again = Publish("lamps", box, kafka)
    assert await again.step() == 0
    assert again.place == 2
    await again.close()


async def test_a_topic_of_another_instance_is_refused(kafka: Kafka) -> None:
    theirs, ours = Box(), Box()
    theirs.tell("a", "b")
    await step_all(first := Publish("lamps", theirs, kafka))
    await first.close()
    ours.tell("a", "b", "c")
    with pytest.raises(Invalid, match="another instance"):
        await Publish("lamps", ours, kafka).step()


async def test_sessions_go_on_where_the_topic_ends_after_their_redis_was_emptied(
    kafka: Kafka, tmp_path: Path
) -> None:
    with a_database() as url, redis.Redis.from_url(url) as client:
        given = settings(tmp_path, {"auth": url}, events_url=str(kafka.address))
        for _ in range(2):
            store = await RedisSessionStore.open(url)
            publish = Publish("auth", store, kafka)
            assert await publish.step() == 0  # there is nothing to tell, and nothing against it
            topics = next(one for one in (await look(given)).parts if one.name == "topics")
            assert {finding.state for finding in topics.findings} == {"ok"}
            assert not any("yet" in one.detail for one in topics.findings if one.what == "auth")
            session, _ = a_session()
            about = SessionStarted(
                session_id=session.id, account_id=session.account_id, kind=session.kind
            )
            await store.start(session, 5, [about])
            assert await publish.step() == 1
            await publish.close()
            await store.close()
            client.flushdb()
        _, records = await kafka.latest(kafka.topic("auth"), 10)
        told = [sent for record in records if (sent := opened("auth", record))]
        assert [sent.place for sent in told] == sorted({sent.place for sent in told})
        assert len(told) == 2


async def test_a_topic_of_several_partitions_is_refused(kafka: Kafka) -> None:
    from aiokafka.admin import NewTopic

    async with kafka._admin() as admin:
        await admin.create_topics([NewTopic(kafka.topic("lamps"), 3, 1)])
    with pytest.raises(Invalid, match="more than one partition"):
        await kafka.make("lamps", settings=FOR_A_WHILE)


async def test_topics_of_a_longer_name_are_not_ours(kafka: Kafka) -> None:
    other = await Kafka.open(f"{kafka.address}2")
    theirs, ours = [await one.make("lamps", settings=FOR_A_WHILE) for one in (other, kafka)]
    try:
        assert await kafka.topics() == [ours]
    finally:
        async with other._admin() as admin:
            await admin.delete_topics([theirs])
        await other.close()


@pytest.mark.parametrize("name", ["two words", "a%2Fb", "é", "x" * 201])
async def test_a_name_that_no_topic_may_begin_with_is_invalid(name: str) -> None:
    with pytest.raises(Invalid, match="Its name is of"):
        await Kafka.open(f"kafka://127.0.0.1:1/{name}")


async def test_a_broker_that_is_away_is_told_without_secrets(unused_tcp_port: int) -> None:
    url = f"kafka://ada:canary@127.0.0.1:{unused_tcp_port}/films"
    with pytest.raises(Unavailable) as away:
        await Kafka.open(url)
    assert "canary" not in away.value.detail
    assert f"127.0.0.1:{unused_tcp_port}" in away.value.detail


async def test_the_topics_keep_what_they_promise(kafka: Kafka) -> None:
    topic = await kafka.make("lamps", settings=FOR_A_WHILE)
    async with kafka._admin() as admin:
        settings = (await examine._settings(admin, [topic]))[topic]
    assert settings["min.insync.replicas"] == "1"
    assert settings["cleanup.policy"] == "delete"
