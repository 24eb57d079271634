"""Events over Kafka: a topic of one partition for each context that tells.

One partition, so that a listener's place is one number, as without a broker; work is shared between
listeners, not within one. The topic itself says how far it has got: its last message.
"""

import asyncio
import contextlib
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    KafkaError,
    LeaderNotAvailableError,
    NoError,
    TopicAlreadyExistsError,
    for_code,
)

from marquee.engines.address import Address
from marquee.engines.bus.knock import knock
from marquee.kit.ending import end
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.events import Sent

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # what it cannot do, we tell ourselves
PORT = 9092
NAME = re.compile(r"[A-Za-z0-9._-]{0,200}")
"""What Kafka takes as the beginning of a topic's name, with room for ours."""
ANSWER_WITHIN_MS = 3_000
SILENT_FOR_MS, JOINED_WITHIN_MS = 10_000, 30_000
SAFE_COPIES = 3
LOOKS = 30
KEPT_FOR_MS = 30 * 86_400_000
FOREVER = {"cleanup.policy": "compact"}
FOR_A_WHILE = {"retention.ms": str(KEPT_FOR_MS)}
PLACE, SOURCE, KIND, ID = "marquee_place", "ce_source", "ce_type", "ce_id"


class Kafka:
    """A cluster, and the topics of ours on it, which all begin with the name in the URL."""

    def __init__(self, address: Address) -> None:
        if not NAME.fullmatch(address.name):
            raise Invalid("Its name is of at most 200 letters, figures, full stops, - and _.")
        self.address = address
        self._prefix = address.name or "marquee"
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._given_up: set[asyncio.Task[None]] = set()

    @classmethod
    def at(cls, url: str) -> Self:
        """Invalid for another scheme or an odd name. Nobody is asked anything yet."""
        return cls(Address.read(url, scheme="kafka", port=PORT))

    @classmethod
    async def open(cls, url: str) -> Self:
        """As `at` and `knock`."""
        kafka = cls.at(url)
        await kafka.knock()
        return kafka

    async def knock(self) -> None:
        """Invalid when a broker refuses us for good or is too old; Unavailable when none answers."""
        await knock(self.address, self._how())

    async def check(self) -> None:
        """Unavailable when no broker answers."""
        with told(self.address):
            async with self._admin() as admin:
                await admin.describe_cluster()

    async def topics(self) -> list[str]:
        """The names of all topics of ours."""
        with told(self.address):
            async with self._admin() as admin:
                return [one for one in await admin.list_topics() if one.startswith(self.topic(""))]

    def topic(self, name: str) -> str:
        return f"{self._prefix}.{name}"

    def group(self, name: str) -> str:
        return f"{self._prefix}.{name}"

    async def make(self, name: str, *, settings: dict[str, str]) -> str:
        """The topic's name; made when there is none.

        Invalid when there is one of several partitions: the order across keys would be lost.
        """
        topic = self.topic(name)
        with told(self.address):
            async with self._admin() as admin:
                brokers = len((await admin.describe_cluster())["brokers"])
                copies = min(SAFE_COPIES, brokers)
                new = NewTopic(
                    topic,
                    num_partitions=1,
                    replication_factor=copies,
                    topic_configs={**settings, "min.insync.replicas": str(max(1, copies - 1))},
                )
                answer = await admin.create_topics([new])
                refusal = for_code(answer.topic_errors[0][1])
                if refusal not in {NoError, TopicAlreadyExistsError}:
                    raise refusal
                partitions = await _partitions(admin, topic)
        if partitions > 1:
            raise Invalid(f"The topic {topic} has more than one partition.")
        return topic

    async def send(
        self, topic: str, messages: Sequence[tuple[str, bytes | None, list[tuple[str, bytes]]]]
    ) -> int:
        """Keys, values and headers, in order; the offset of the last, once all are safe."""
        with told(self.address):
            try:
                producer = await self._started()
                sent = [
                    await producer.send(
                        topic, value, key=key.encode(), headers=headers, partition=0
                    )
                    for key, value, headers in messages
                ]
                done: list[Any] = await asyncio.gather(*sent)
            except KafkaError:
                await self._drop_producer()  # one that has failed may refuse all that follows
                raise
        return int(done[-1].offset)

    async def reader(self, group: str | None = None) -> AIOKafkaConsumer:
        """Started; it commits nothing by itself."""
        how = self._how()
        if group is not None:  # whoever joins waits until the others have noticed
            how["request_timeout_ms"] = JOINED_WITHIN_MS
        reader = AIOKafkaConsumer(
            **how,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SILENT_FOR_MS,
            max_poll_interval_ms=600_000,
        )
        await self._start(reader, lambda: hang_up(reader))
        return reader

    async def latest(self, topic: str, most: int) -> tuple[int, list[ConsumerRecord]]:
        """The offset after the last message, and the last messages, as far as they are kept."""
        async with self._reading(topic) as (reader, here, stop):
            first = (await reader.beginning_offsets([here]))[here]
            return stop, await _all_from(reader, here, max(first, stop - most), stop)

    async def everything(self, topic: str) -> list[ConsumerRecord]:
        """For a small topic: all that is kept in it at this moment."""
        async with self._reading(topic) as (reader, here, stop):
            first = (await reader.beginning_offsets([here]))[here]
            return await _all_from(reader, here, first, stop)

    async def close(self) -> None:
        await self._drop_producer()
        if self._given_up:
            await asyncio.wait(self._given_up)

    @contextlib.asynccontextmanager
    async def _reading(self, topic: str) -> AsyncIterator[tuple[Any, TopicPartition, int]]:
        here = TopicPartition(topic, 0)
        with told(self.address):
            reader = await self.reader()
            try:
                reader.assign([here])
                yield reader, here, (await reader.end_offsets([here]))[here]
            finally:
                await hang_up(reader)

    @contextlib.asynccontextmanager
    async def _admin(self) -> AsyncIterator[Any]:
        admin = AIOKafkaAdminClient(**self._how())
        await self._start(admin, admin.close)
        try:
            yield admin
        finally:
            await admin.close()

    async def _started(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                producer = AIOKafkaProducer(**self._how(), acks="all", enable_idempotence=True)
                await self._start(producer, producer.stop)
                self._producer = producer
            return self._producer

    async def _start(self, client: Any, leave: Callable[[], Awaitable[None]]) -> None:
        """Whoever gives up waits for nothing; cancelled, the driver would leave a connection open."""
        starting = asyncio.ensure_future(client.start())
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            leaving = asyncio.create_task(_left(starting, leave))
            self._given_up.add(leaving)
            leaving.add_done_callback(self._given_up.discard)
            raise
        except BaseException:
            await leave()
            raise

    async def _drop_producer(self) -> None:
        async with self._lock:
            producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(KafkaError, TimeoutError):
                async with asyncio.timeout(ANSWER_WITHIN_MS / 1000):
                    await producer.stop()

    def _how(self) -> dict[str, Any]:
        address = self.address
        how: dict[str, Any] = {
            "bootstrap_servers": [f"{host}:{port}" for host, port in address.hosts],
            "request_timeout_ms": ANSWER_WITHIN_MS,
        }
        encrypted = "SSL" if address.is_encrypted else "PLAINTEXT"
        if address.is_encrypted:
            how["ssl_context"] = ssl.create_default_context(cafile=address.ca)
        if address.user is not None:
            how |= {
                "sasl_mechanism": "PLAIN",
                "sasl_plain_username": address.user,
                "sasl_plain_password": address.password or "",
            }
            encrypted = f"SASL_{encrypted}"
        return how | {"security_protocol": encrypted}


async def hang_up(reader: AIOKafkaConsumer) -> None:
    """Soon, and in silence: the driver would raise what its own tasks end with as they are cancelled."""
    await end([asyncio.ensure_future(reader.stop())], patience=ANSWER_WITHIN_MS / 1000)
    await reader._client.close()  # noqa: SLF001 - it is left open where the rest was given up


async def _left(starting: "asyncio.Future[None]", leave: Callable[[], Awaitable[None]]) -> None:
    """At its end, when that is soon."""
    await end([starting], patience=ANSWER_WITHIN_MS / 1000)
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        await leave()


async def _all_from(
    reader: AIOKafkaConsumer, here: TopicPartition, start: int, stop: int
) -> list[ConsumerRecord]:
    found: list[ConsumerRecord] = []
    if start < stop:
        reader.seek(here, start)
    while start < stop and await reader.position(here) < stop:
        for records in (await reader.getmany(here, timeout_ms=1000)).values():
            found += records
    return found


async def _partitions(admin: AIOKafkaAdminClient, topic: str) -> int:
    """A new topic is known to all brokers a moment later."""
    for _look in range(LOOKS):
        [found] = await admin.describe_topics([topic])
        if found["error_code"] == 0:
            return len(found["partitions"])
        await asyncio.sleep(0.1)
    raise LeaderNotAvailableError


@contextlib.contextmanager
def told(address: Address) -> Iterator[None]:
    """What the driver raises, as errors of ours."""
    try:
        yield
    except (KafkaError, OSError, TimeoutError) as error:
        reason = type(error).__name__
        raise Unavailable(f"{address} does not answer: {reason}.", retry_after=2) from error


def envelope(source: str, sent: Sent) -> tuple[str, bytes, list[tuple[str, bytes]]]:
    """An event as a CloudEvent in binary mode, with its place in the outbox it comes from."""
    headers = {
        "ce_specversion": "1.0",
        ID: sent.id,
        SOURCE: f"/marquee/{source}",
        KIND: sent.kind,
        "content-type": "application/json",
        PLACE: str(sent.place),
    }
    return sent.key, sent.body.encode(), [(name, text.encode()) for name, text in headers.items()]


def opened(source: str, record: ConsumerRecord) -> Sent | None:
    """The event in a message; None when it is not one of this context's."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    place = headers.get(PLACE, "")
    if headers.get(SOURCE) != f"/marquee/{source}" or not (place.isascii() and place.isdigit()):
        return None
    try:
        key, body = (record.key or b"").decode(), (record.value or b"").decode()
    except UnicodeDecodeError:
        return None
    return Sent(int(place), headers.get(ID, ""), headers.get(KIND, ""), key, body)
