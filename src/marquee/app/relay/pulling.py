"""Without a broker: each listener reads the outbox of whoever tells."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any

import msgspec
import structlog

from marquee.app.relay.delivery import Delivery
from marquee.kit.errors import Unavailable
from marquee.kit.events import Outbox, OwnInbox, Sent, Source

log = structlog.get_logger()
Renewal = Callable[[Outbox], Awaitable[int]]
"""Makes right what a listener keeps without what it missed; up to which place, it says."""
BATCH, MOST_BYTES = 500, 1 << 20
"""Events delivered at once at most, and of their bodies: one of an import names thousands of movies."""
POLL = 0.05
WAIT_AT_MOST = 0.5
"""Seconds that a reading waits for what was told before it."""


class Bell:
    """Rings when an outbox may have more: one that only this process fills says so itself."""

    def __init__(self, outbox: Outbox, *, is_shared: bool) -> None:
        self._rung = asyncio.Event()
        self.is_rung = False
        watch: Any = getattr(outbox, "watch", None)
        self.is_near = watch is not None and not is_shared
        if watch is not None:
            loop = asyncio.get_running_loop()
            watch(lambda: loop.is_closed() or loop.call_soon_threadsafe(self._ring))

    def _ring(self) -> None:
        self._rung.set()
        self.is_rung = True

    def hush(self) -> None:
        self._rung.clear()
        self.is_rung = False

    async def wait(self) -> None:
        try:
            async with asyncio.timeout(None if self.is_near else POLL):
                await self._rung.wait()
        except TimeoutError:
            return


@dataclass
class Pull:
    """From one context's outbox to one listener. `place` is how far it has got."""

    delivery: Delivery
    outbox: Source
    place: int = 0
    is_shared: bool = False
    """Whether other processes put events into the outbox too."""
    pause: float = 0.0
    """Seconds between two deliveries at least, so that much is heard at once."""
    inbox: OwnInbox | None = None
    """Where the listener keeps how far it has heard; None where all it keeps is in memory."""
    renew: Renewal | None = None
    is_carried: bool = False
    """Whether somebody takes one step after the other."""
    bell: Bell = field(init=False)
    _missed_at: int = -1
    _is_stepping: bool = False
    _has_more: bool = False
    _fails: bool = False
    _stepped: asyncio.Event = field(default_factory=asyncio.Event)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.bell = Bell(self.outbox, is_shared=self.is_shared)

    @property
    def name(self) -> str:
        return f"{self.delivery.name}<-{self.delivery.source}"

    async def step(self) -> int:
        """Deliver the next events; how many places it moved on."""
        self._is_stepping, fails = True, True
        try:
            moved = await self._step()
            fails = False
        finally:
            self._is_stepping, self._fails = False, fails
            self._stepped.set()
            self._stepped = asyncio.Event()
        return moved

    async def _step(self) -> int:
        self.bell.hush()
        waiting = await self.outbox.events_after(self.place, BATCH)
        sent = _portion(waiting)
        self._has_more = len(sent) < len(waiting) or len(waiting) == BATCH
        if not sent:
            return 0
        if sent[0].place > self.place + 1 and await self.outbox.forgotten_up_to() > self.place:
            before = self.place
            await self._make_good()
            return self.place - before
        await self.delivery.give(sent)
        self.place = sent[-1].place
        return len(sent)

    @property
    def has_news(self) -> bool:
        """Whether something was told in this process that is on its way to the listener."""
        if not (self.bell.is_rung or self._is_stepping or self._has_more):
            return False
        return self.is_carried and (self._is_stepping or not self._fails)

    async def hear_now(self) -> None:
        """When all that was told before has been heard; not of what fails or takes too long."""
        if not self.has_news:
            return
        goal = await self.outbox.last_place()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_AT_MOST):
                while self.place < goal:
                    self._hurry.set()
                    await self._stepped.wait()
                    if self._fails:
                        return

    async def report(self) -> None:
        """Keep how far it has got, and say it to whoever tells: that need not be kept for it."""
        if self.inbox is not None:
            place = self.place  # all before has had its effect, is parked or has none here
            await self.inbox.pass_over(self.delivery.source, place)
            await self.outbox.passed(self.delivery.name, place)

    async def _make_good(self) -> None:
        """Some of what was to come is kept no more. Nobody else can say what it was."""
        if self._missed_at != self.place:
            self._missed_at = self.place
            self.delivery.missed += 1
            gone = await self.outbox.forgotten_up_to()
            log.error("events were missed", way=self.name, heard=self.place, forgotten=gone)
        if self.renew is None or self.inbox is None:
            raise Unavailable(f"{self.delivery.name} has missed events that are kept no more.")
        place = await self.renew(self.outbox)
        await self.inbox.pass_over(self.delivery.source, place)
        log.warning("what was missed was made good", way=self.name, heard=place)
        self.place = place

    async def rest(self) -> None:
        """Until there may be more."""
        await self.bell.wait()

    async def breathe(self, seconds: float) -> None:
        """That long, so that much is heard at once; no longer when somebody waits for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        self._hurry.clear()

    async def behind(self) -> int:
        """How many events of the source it has not read."""
        return max(0, await self.outbox.last_place() - self.place)

    async def waiting_since(self) -> datetime | None:
        return await told_at(self.outbox, self.place)

    async def close(self) -> None:
        return


def _portion(sent: Sequence[Sent]) -> Sequence[Sent]:
    """As many as weigh little together, and one at least."""
    weights = accumulate(len(one.body) for one in sent)
    return sent[: max(1, sum(weight <= MOST_BYTES for weight in weights))]


class _Told(msgspec.Struct):
    """What every event's body has."""

    at: datetime


async def told_at(outbox: Outbox, place: int) -> datetime | None:
    """When the next event after `place` was told; None when there is none."""
    waiting = await outbox.events_after(place, 1)
    return msgspec.json.decode(waiting[0].body, type=_Told).at if waiting else None
