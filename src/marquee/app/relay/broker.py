"""With a broker: each outbox is published to a topic, each listener reads the topics it hears."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

from marquee.app.parked.model import STRAY
from marquee.app.relay.delivery import Delivery
from marquee.app.relay.pulling import Bell, told_at
from marquee.app.relay.topics import stand
from marquee.engines.bus.kafka import FOR_A_WHILE, Kafka, envelope, hang_up, opened, told
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.events import Outbox, Sent

BATCH = 500
WAIT_MS = 100
LOOKED_BACK = 1000
LOOK_WITHIN = 1.0


@dataclass
class Publish:
    """From a context's outbox to its topic, in the order of places.

    Several processes may publish the same outbox at once: each looks before it sends whether another
    was quicker, and what is published twice is heard once.
    """

    source: str
    outbox: Outbox
    kafka: Kafka
    is_shared: bool = True
    pause: float = 0.0
    place: int = 0
    _topic: str = ""
    _end: int = -1
    bell: Bell = field(init=False)
    _reader: Any = None

    def __post_init__(self) -> None:
        self.bell = Bell(self.outbox, is_shared=self.is_shared)

    @property
    def name(self) -> str:
        return f"broker<-{self.source}"

    async def step(self) -> int:
        self.bell.hush()
        try:
            return await self._publish()
        except BaseException:
            self._end = -1  # how far it has got is not known: the topic is asked again
            raise

    async def _publish(self) -> int:
        if self._end < 0:
            await self._stand()
        sent = await self.outbox.events_after(self.place, BATCH)
        if sent and await self._end_now() != self._end:
            await self._stand()
            sent = await self.outbox.events_after(self.place, BATCH)
        if not sent:
            return 0
        last = await self.kafka.send(self._topic, [envelope(self.source, one) for one in sent])
        self.place, self._end = sent[-1].place, last + 1
        return len(sent)

    async def _end_now(self) -> int:
        here = TopicPartition(self._topic, 0)
        with told(self.kafka.address):
            if self._reader is None:
                self._reader = await self.kafka.reader()
                self._reader.assign([here])
            return int((await self._reader.end_offsets([here]))[here])

    async def _stand(self) -> None:
        """Go on after the last message of ours; from the beginning where there is none at all."""
        self._topic = self._topic or await self.kafka.make(self.source, settings=FOR_A_WHILE)
        self.place, self._end = await stand(self.kafka, self.source, self.outbox)

    async def rest(self) -> None:
        await self.bell.wait()

    async def breathe(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def behind(self) -> int:
        return max(0, await self.outbox.last_place() - self.place)

    async def waiting_since(self) -> datetime | None:
        return await told_at(self.outbox, self.place)

    async def close(self) -> None:
        if self._reader is not None:
            await hang_up(self._reader)


@dataclass
class Consume:
    """From a topic to a listener; the broker is told how far only when all has had its effect.

    With a `group` the work is shared by all processes of that group. Without one this process
    hears everything from after `place`.
    """

    delivery: Delivery
    kafka: Kafka
    group: str | None
    place: int = 0
    pause: float = 0.0
    _reader: Any = None
    _done: int = 0
    """The offset after the last message that has had its effect."""

    @property
    def name(self) -> str:
        return f"{self.delivery.name}<-{self.delivery.source}"

    async def step(self) -> int:
        with told(self.kafka.address):
            reader = self._reader or await self._started()
            taken = await reader.getmany(timeout_ms=WAIT_MS, max_records=BATCH)
        moved = 0
        for here, records in taken.items():
            try:
                await self._give(records)
            except BaseException:
                reader.seek(here, records[0].offset)  # what was read is read again
                raise
            with told(self.kafka.address):
                if self.group is not None:
                    await reader.commit({here: records[-1].offset + 1})
            self._done = records[-1].offset + 1
            moved += len(records)
        return moved

    async def _give(self, records: list[ConsumerRecord]) -> None:
        sent = []
        for record in records:
            one = opened(self.delivery.source, record)
            if one is None:
                await self._refuse(record)
            elif one.place > self.place:
                sent.append(one)
        await self.delivery.give(sent)
        if sent and self.group is None:
            self.place = max(self.place, sent[-1].place)

    async def _refuse(self, record: ConsumerRecord) -> None:
        ours = f"{record.topic}-{record.offset}"
        key, body = (repr(text or b"") for text in (record.key, record.value))
        error = Invalid("This is no event of Marquee.")
        await self.delivery.park(Sent(record.offset, ours, STRAY, key, body), error, tries=1)

    async def _started(self) -> Any:
        topic = await self.kafka.make(self.delivery.source, settings=FOR_A_WHILE)
        # A group for each topic: members of one group that hear different topics hold each other up.
        group = self.group and self.kafka.group(f"{self.group}.{self.delivery.source}")
        reader = self._reader = await self.kafka.reader(group)
        if self.group is not None:
            reader.subscribe([topic])
        else:
            here = TopicPartition(topic, 0)
            reader.assign([here])
            reader.seek(here, await self._from(reader, here))
        return reader

    async def _from(self, reader: Any, here: TopicPartition) -> int:
        """An offset that nothing after `place` is before."""
        first = int((await reader.beginning_offsets([here]))[here])
        end = int((await reader.end_offsets([here]))[here])
        back = LOOKED_BACK
        while end - back > first:
            reader.seek(here, end - back)
            sent = opened(self.delivery.source, await reader.getone(here))
            if sent is not None and sent.place <= self.place:
                return end - back
            back *= 8
        return first

    async def rest(self) -> None:
        """Asking waits for what comes."""

    async def breathe(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def behind(self) -> int:
        """Also of one that has not heard anything yet, or leaves the hearing to others of its group."""
        reader = self._reader
        if reader is None:
            return 0
        if self._done:
            ends = [reader.highwater(here) or 0 for here in reader.assignment()]
            return max([0, *(end - self._done for end in ends)])
        here = TopicPartition(self.kafka.topic(self.delivery.source), 0)
        try:
            with told(self.kafka.address):
                async with asyncio.timeout(LOOK_WITHIN):
                    end = int((await reader.end_offsets([here]))[here])
                    return max(0, end - await self._begins(reader, here))
        except (Unavailable, TimeoutError):
            return 0  # whether the broker is there is said elsewhere

    async def _begins(self, reader: Any, here: TopicPartition) -> int:
        if self.group is None:
            return int(await reader.position(here))
        first = await reader.committed(here)
        return int((await reader.beginning_offsets([here]))[here] if first is None else first)

    async def waiting_since(self) -> datetime | None:
        """Only the topic knows."""
        return None

    async def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            await hang_up(reader)
