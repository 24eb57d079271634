"""What grows with every change, and is dropped when nobody needs it any longer."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import structlog

from marquee.app.building import Building
from marquee.app.hears import LISTENERS
from marquee.app.relay.pulling import told_at
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.context import Job, Room
from marquee.kit.events import OwnOutbox

log = structlog.get_logger()
SOON, OFTEN = 20.0, 600.0
LATER, SELDOM = 300.0, 3_600.0
"""Seconds until it is first said what was heard, and first dropped what is old; and then again."""
AT_ONCE = 1_000
"""Rows that go in one transaction: writers wait for it."""
BREATH = 0.2
"""Seconds between two such transactions, at least."""
ANSWERS_KEPT = timedelta(hours=24)
PATIENCE = 4
"""How many times as long events are kept for a context that could hear them, and never has."""
ALL = 2**53
"""Later than any place."""


def jobs(building: Building) -> Iterator[Job]:
    """Those of two replicas are at different moments; at the same one they do no harm either."""
    yield Job("say what was heard", _about(OFTEN), building.relay.report, first=_about(SOON))
    for name, room in building.rooms.items():
        if room.outbox is not None or room.once is not None:
            chore = Chore(building, name, room)
            yield Job(f"forget old {name}", _about(SELDOM), chore.run, first=_about(LATER))


def _about(seconds: float) -> float:
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


class Chore:
    """What one context need not keep."""

    def __init__(
        self, building: Building, name: str, room: Room, clock: Clock | None = None
    ) -> None:
        self._relay = building.relay
        self._figures = building.figures
        self._kept = timedelta(days=building.settings.keep_events_days)
        self._name = name
        self._room = room
        self._clock = clock or SystemClock()

    async def run(self) -> None:
        once, outbox = self._room.once, self._room.outbox
        if once is not None:
            before = self._clock.now() - ANSWERS_KEPT
            await self._drop("answers", lambda: once.forget_answers(before, AT_ONCE))
        if outbox is not None:
            await self._relay.report()
            await self._forget_events(outbox)

    async def _forget_events(self, outbox: OwnOutbox) -> None:
        up_to, waits_for, times = await self._heard(outbox)
        before = self._clock.now() - self._kept * times
        await self._drop("events", lambda: outbox.forget(before, up_to, AT_ONCE))
        kept_since = await told_at(outbox, await outbox.forgotten_up_to())
        is_old = kept_since is not None and kept_since < self._clock.now() - 2 * self._kept
        if is_old and waits_for and up_to < await outbox.last_place():
            log.warning("events are kept for one that does not hear them", by=waits_for)

    async def _heard(self, outbox: OwnOutbox) -> tuple[int, str, int]:
        """How far everybody has heard, who has heard least, and how many times as long to wait."""
        handed_over = self._relay.handed_over(self._name)
        if handed_over is not None:
            return handed_over, "broker", 1
        heard = await outbox.listeners()
        is_waited_for = any(who not in heard for who in LISTENERS.get(self._name, ()))
        last = min(heard, key=lambda who: heard[who], default="")
        return heard.get(last, ALL), last, PATIENCE if is_waited_for else 1

    async def _drop(self, what: str, some: Callable[[], Awaitable[int]]) -> None:
        gone = count = await some()
        while count == AT_ONCE:
            await asyncio.sleep(BREATH)
            count = await some()
            gone += count
        if gone:
            self._figures.count_forgotten(self._name, what, gone)
            log.info("what is old was forgotten", context=self._name, what=what, count=gone)
