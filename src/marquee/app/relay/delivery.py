"""Give events to one listener; what it cannot take is parked, so that the others go on."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import msgspec
import structlog

from marquee.app.parked.model import ParkedMessage, Parking
from marquee.app.tracing import Tracing
from marquee.kit.errors import Invalid, MarqueeError, OutOfSpace, Unavailable
from marquee.kit.events import Event, Heard, Listener, Sent

log = structlog.get_logger()
MOST_TRIES = 5
FIRST_PAUSE = 0.1
PASSING = (Unavailable, OutOfSpace)
"""What is not the message's fault: it is given again for as long as that lasts."""
LONGEST_REASON = 500


@dataclass
class Delivery:
    """What one context hears of another. `kinds` are the events it knows, by their names.

    Messages it does not know of are passed over.
    """

    name: str
    source: str
    listener: Listener
    kinds: Mapping[str, type[Event]]
    parking: Parking
    tracing: Tracing = field(default_factory=lambda: Tracing(None, ""))
    failures: int = field(default=0)
    """How often the listener has failed at a message, ever."""
    missed: int = field(default=0)
    """How often it was found that the listener will never be given some messages."""

    async def give(self, batch: Sequence[Sent]) -> None:
        """Returns when each has had its effect or is parked; raises PASSING ones, then give again."""
        pairs = []
        for sent in batch:
            if sent.kind in self.kinds:
                try:
                    pairs.append((sent, self._read(sent, self.source, sent.place)))
                except msgspec.MsgspecError as error:
                    await self.park(sent, error, tries=1)
        if pairs:
            await self._give(pairs)

    async def give_parked(self, message: ParkedMessage) -> None:
        """Once more what was parked; raises what the listener raises.

        Its place was passed long ago, so it comes as the only message of a source of its own.
        """
        if message.kind not in self.kinds:
            raise Invalid(f"Nobody here knows what {message.kind!r} is.")
        sent = Sent(1, message.id, message.kind, message.key, message.body)
        await self._hear([self._read(sent, f"parked:{message.id}", 1)])

    def _read(self, sent: Sent, source: str, place: int) -> Heard:
        return Heard(source, place, msgspec.json.decode(sent.body, type=self.kinds[sent.kind]))

    async def _give(self, pairs: Sequence[tuple[Sent, Heard]]) -> None:
        try:
            await self._hear([heard for _sent, heard in pairs])
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            if len(pairs) == 1:
                await self._insist(*pairs[0], error)
                return
            for pair in pairs:
                await self._give([pair])

    async def _hear(self, batch: Sequence[Heard]) -> None:
        names = [
            (f"{self.name} hears {type(one.event).__name__}", one.event.trace) for one in batch
        ]
        with self.tracing.spans(names):
            await self.listener(batch)

    async def _insist(self, sent: Sent, heard: Heard, error: Exception) -> None:
        for tried in range(1, MOST_TRIES):
            self.failures += 1
            await asyncio.sleep(FIRST_PAUSE * 2**tried)
            try:
                await self._hear([heard])
            except PASSING:
                raise
            except Exception as again:  # noqa: BLE001 - it is told when the last try has failed
                error = again
            else:
                return
        self.failures += 1
        await self.park(sent, error, tries=MOST_TRIES)

    async def park(self, sent: Sent, error: Exception, *, tries: int) -> None:
        message = ParkedMessage(
            id=f"{self.name}-{sent.id}",
            listener=self.name,
            source=self.source,
            place=sent.place,
            kind=sent.kind,
            key=sent.key,
            body=sent.body,
            error=reason(error),
            tries=tries,
            parked_at=datetime.now(UTC),
        )
        if await self.parking.park(message):
            log.error(
                "a message was parked",
                exc_info=error,
                listener=self.name,
                message=message.id,
                kind=sent.kind,
            )


def reason(error: Exception) -> str:
    """One line that says what went wrong."""
    text = error.detail if isinstance(error, MarqueeError) else f"{type(error).__name__}: {error}"
    return " ".join(text.split())[:LONGEST_REASON]


def tried_again(message: ParkedMessage, error: Exception) -> ParkedMessage:
    return replace(message, error=reason(error), tries=message.tries + 1)
