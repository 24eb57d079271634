"""Carry what each context tells to those who hear it, at least once and in order."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from marquee.app.parked.model import Parking
from marquee.app.relay.delivery import Delivery
from marquee.app.relay.pulling import Pull, Renewal
from marquee.app.relay.trouble import Trouble
from marquee.app.tracing import Tracing
from marquee.kit.context import Renew, Room
from marquee.kit.ending import end
from marquee.kit.errors import MarqueeError, Unavailable
from marquee.kit.events import Event, Listener, Outbox, Source, kind_of

if TYPE_CHECKING:
    from marquee.engines.bus.kafka import Kafka

log = structlog.get_logger()
LONGEST_PAUSE, LONGEST_AWAY = 30.0, 3.0
"""Seconds between tries: of what fails, and of what is only away and will be back."""


class Way(Protocol):
    """One way that events go: from an outbox or a broker to a listener, or on to a broker."""

    pause: float

    @property
    def name(self) -> str: ...

    async def step(self) -> int:
        """Carry the next events, if there are any; how many."""
        ...

    async def rest(self) -> None:
        """Until there may be more."""
        ...

    async def breathe(self, seconds: float) -> None:
        """Between two deliveries."""
        ...

    async def behind(self) -> int: ...

    async def waiting_since(self) -> datetime | None:
        """When the next event was told that has yet to go this way; None when there is none."""
        ...

    async def close(self) -> None: ...


class Relay:
    """One task per way; one that fails is tried again, later and later.

    `shared` are the contexts whose store other processes change too.
    """

    def __init__(
        self,
        parking: Parking,
        *,
        broker: "Kafka | None" = None,
        shared: Collection[str] = (),
        tracing: Tracing | None = None,
    ) -> None:
        self.parking = parking
        self._tracing = tracing or Tracing(None, "")
        self.ways: list[Way] = []
        self.deliveries: list[Delivery] = []
        self.broker = broker
        self._before_reading: dict[str, list[Pull]] = {}
        self._trouble = Trouble()
        self._shared = shared
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(
        self,
        rooms: Mapping[str, Room],
        outboxes: Mapping[str, Source],
        renewals: Mapping[tuple[str, str], Renewal] | None = None,
    ) -> None:
        """Find who hears whom; `outboxes` by the context that tells.

        `renewals`, by who hears and who tells, are for those whose room cannot do it by itself.
        """
        for name, room in rooms.items():
            for delivery in self._deliveries(name, room.hears, room.listener):
                place = await room.inbox.heard_up_to(delivery.source) if room.inbox else 0
                group = name if name in self._shared else None
                way = self._way(delivery, outboxes, place, group)
                if isinstance(way, Pull):
                    way.inbox = room.inbox
                    given = (renewals or {}).get((name, delivery.source))
                    way.renew = given or _renewal(room.renew, delivery.source)
                self._add(way, room.pause)
            if room.mirror is not None and name in self._shared:
                for delivery in self._deliveries(name, room.mirror.hears, room.mirror.listener):
                    self._add(self._way(delivery, outboxes, room.mirror.place, None), 0.0)
            if self.broker is not None and room.outbox is not None:
                from marquee.app.relay.broker import Publish

                publish = Publish(name, room.outbox, self.broker, name in self._shared)
                self._add(publish, 0.0)
        self._before_reading = {name: self._ways_before(name, rooms) for name in rooms}

    def _ways_before(self, name: str, rooms: Mapping[str, Room]) -> list[Pull]:
        """What a reading waits for: first what its sources themselves must have heard."""
        found: list[Pull] = []
        for source in rooms[name].reads_after if name in rooms else ():
            found += self._ways_before(source, rooms)
            found += [
                way
                for way in self.ways
                if isinstance(way, Pull)
                and (way.delivery.name, way.delivery.source) == (name, source)
                and way.bell.is_near
            ]
        return found

    def _way(
        self, delivery: Delivery, outboxes: Mapping[str, Source], place: int, group: str | None
    ) -> Way | None:
        """None when there is no way from there to here. A `group` shares the work of a listener."""
        if self.broker is not None:
            from marquee.app.relay.broker import Consume

            return Consume(delivery, self.broker, group, 0 if group else place)
        outbox = outboxes.get(delivery.source)
        if outbox is None:
            return None
        return Pull(delivery, outbox, place, delivery.source in self._shared)

    def _add(self, way: Way | None, pause: float) -> None:
        if way is not None:
            way.pause = pause
            self.ways.append(way)

    def _deliveries(
        self, name: str, hears: Sequence[type[Event]], listener: Listener | None
    ) -> list[Delivery]:
        """One for each context that is heard."""
        if listener is None:
            return []
        by_source: dict[str, dict[str, type[Event]]] = {}
        for event in hears:
            source = kind_of(event).partition(".")[0]
            by_source.setdefault(source, {})[kind_of(event)] = event
        found = [
            Delivery(name, source, listener, kinds, self.parking, self._tracing)
            for source, kinds in by_source.items()
        ]
        self.deliveries += found
        return found

    def start(self) -> None:
        self._tasks = [asyncio.create_task(_carry(way, self._trouble)) for way in self.ways]
        self._mark_carried(is_carried=True)

    def _mark_carried(self, *, is_carried: bool) -> None:
        for way in self.ways:
            if isinstance(way, Pull):
                way.is_carried = is_carried

    def has_news(self, name: str) -> bool:
        """Whether something is on its way that a reading of this context should show."""
        for way in self._before_reading.get(name, ()):  # noqa: SIM110 - cheaper, for every answer
            if way.has_news:
                return True
        return False

    async def hear_now(self, name: str) -> None:
        """When this context has heard what it must before it is read."""
        for way in self._before_reading.get(name, ()):
            await way.hear_now()

    async def settle(self) -> None:
        """Deliver everything there is, now. For those who wait, such as a first start or a test."""
        while await self.step():
            pass

    async def step(self) -> int:
        """Deliver the next events of each way; how many there were."""
        return sum([await way.step() for way in self.ways])

    async def check(self) -> None:
        """Raises why events cannot go: what an operator must mend, or Unavailable without a broker."""
        self._trouble.tell()
        if self.broker is not None:
            await self.broker.check()

    async def behind(self) -> dict[str, int]:
        """How many events each listener has yet to hear, by `listener<-source`."""
        return {way.name: await way.behind() for way in self.ways}

    def failures(self) -> dict[str, int]:
        """How often each listener has failed at a message."""
        found: dict[str, int] = {}
        for delivery in self.deliveries:
            found[delivery.name] = found.get(delivery.name, 0) + delivery.failures
        return found

    def missed(self) -> dict[str, int]:
        """How often each listener was found to have missed messages for good."""
        found: dict[str, int] = {}
        for delivery in self.deliveries:
            found[delivery.name] = found.get(delivery.name, 0) + delivery.missed
        return found

    async def report(self) -> None:
        """Say to whoever tells how far each listener here has heard; who is away is told later."""
        for way in self.ways:
            if isinstance(way, Pull):
                try:
                    await way.report()
                except Unavailable as error:
                    log.info("what was heard is said later", way=way.name, reason=error.detail)

    def handed_over(self, source: str) -> int | None:
        """The place up to which the broker has what `source` tells; None where there is no broker."""
        if self.broker is None:
            return None
        from marquee.app.relay.broker import Publish

        ways = [way for way in self.ways if isinstance(way, Publish) and way.source == source]
        return min((way.place for way in ways), default=0)

    async def stop(self) -> None:
        self._mark_carried(is_carried=False)
        await end(self._tasks)
        for way in self.ways:
            await way.close()
        await self.parking.close()


def _renewal(renew: Renew | None, source: str) -> Renewal | None:
    if renew is None:
        return None

    async def renewed(outbox: Outbox) -> int:
        place = await outbox.last_place()  # what is told from here on, it is given
        await renew(source)
        return place

    return renewed


async def _carry(way: Way, trouble: Trouble) -> None:
    failures, clock = 0, asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            moved = await way.step()
            failures = 0
            trouble.over(way.name)
            if not moved:
                await way.rest()
            elif (rest := way.pause - (clock() - began)) > 0:
                await way.breathe(rest)
        except asyncio.CancelledError:
            raise
        except MarqueeError as error:
            failures += 1
            trouble.met(way.name, error)
            longest = LONGEST_AWAY if isinstance(error, Unavailable) else LONGEST_PAUSE
            await asyncio.sleep(_pause(failures, longest))
        except Exception:
            failures += 1
            pause = _pause(failures, LONGEST_PAUSE)
            log.exception("events could not be carried", way=way.name, again_in=pause)
            await asyncio.sleep(pause)


def _pause(failures: int, longest: float) -> float:
    return min(longest, 0.1 * 2.0 ** min(failures, 30))
