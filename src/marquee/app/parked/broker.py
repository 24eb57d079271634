"""Parked messages on the broker, in a topic that keeps the last word on each."""

from collections.abc import Sequence

import msgspec

from marquee.app.parked.model import STRAY, ParkedMessage
from marquee.engines.bus.kafka import FOREVER, KEPT_FOR_MS, Kafka

SETTINGS = {**FOREVER, "delete.retention.ms": str(2 * KEPT_FOR_MS)}
"""That one was dropped is known for longer than its topic holds it."""
MESSAGE = msgspec.json.Decoder(ParkedMessage)


class BrokerParking:
    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._topic = ""

    async def park(self, message: ParkedMessage) -> bool:
        if message.kind == STRAY and await self._was_told_of(message.id):
            return False
        await self._say(message.id, msgspec.json.encode(message))
        return True

    async def _was_told_of(self, message_id: str) -> bool:
        records = await self._kafka.everything(await self._made())
        return any(record.key == message_id.encode() for record in records)

    async def messages(self) -> Sequence[ParkedMessage]:
        await self._made()
        return await self.read()

    async def read(self) -> Sequence[ParkedMessage]:
        """The same where the topic is known to be there."""
        found: dict[bytes, ParkedMessage] = {}
        for record in await self._kafka.everything(self._kafka.topic("parked")):
            found.pop(record.key, None)
            if record.value is not None:
                found[record.key] = MESSAGE.decode(record.value)
        return sorted(found.values(), key=lambda message: (message.parked_at, message.id))

    async def find(self, message_id: str) -> ParkedMessage | None:
        messages = await self.messages()
        return next((message for message in messages if message.id == message_id), None)

    async def drop(self, message_id: str) -> None:
        await self._say(message_id, None)

    async def close(self) -> None:
        await self._kafka.close()

    async def _say(self, message_id: str, text: bytes | None) -> None:
        await self._kafka.send(await self._made(), [(message_id, text, [])])

    async def _made(self) -> str:
        self._topic = self._topic or await self._kafka.make("parked", settings=SETTINGS)
        return self._topic
