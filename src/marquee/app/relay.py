"""Carry what each context tells to those who hear it, at least once and in order."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from marquee.kit.context import Room
from marquee.kit.errors import Unavailable
from marquee.kit.events import Event, Heard, Outbox, Sent, kind_of

log = structlog.get_logger()
BATCH = 500
POLL = 0.05
LONGEST_PAUSE, LONGEST_AWAY = 30.0, 3.0
"""Seconds between tries: of what fails, and of what is only away and will be back."""


@dataclass
class Route:
    """From one context's outbox to one room's listener. `place` is how far it has got."""

    name: str
    source: str
    outbox: Outbox
    room: Room
    kinds: Mapping[str, type[Event]]
    place: int = 0
    failures: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self) -> int:
        """Deliver the next events; how many places it moved on."""
        sent = await self.outbox.events_after(self.place, BATCH)
        if not sent:
            return 0
        batch = [heard for one in sent if (heard := self._heard(one)) is not None]
        if batch and self.room.listener is not None:
            await self.room.listener(batch)
        self.place = sent[-1].place
        return len(sent)

    def _heard(self, sent: Sent) -> Heard | None:
        kind = self.kinds.get(sent.kind)
        if kind is None:
            return None
        return Heard(self.source, sent.place, msgspec.json.decode(sent.body, type=kind))


class Relay:
    """One task per route; a listener that fails is tried again, later and later."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(self, rooms: Mapping[str, Room], outboxes: Mapping[str, Outbox]) -> None:
        """Find who hears whom; `outboxes` by the context that tells."""
        for name, room in rooms.items():
            by_source: dict[str, dict[str, type[Event]]] = {}
            for event in room.hears:
                source = kind_of(event).partition(".")[0]
                by_source.setdefault(source, {})[kind_of(event)] = event
            for source, kinds in by_source.items():
                if source in outboxes and room.inbox is not None:
                    place = await room.inbox.heard_up_to(source)
                    route = Route(name, source, outboxes[source], room, kinds, place)
                    self.routes.append(route)
                    _watch(route)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(_carry(route)) for route in self.routes]

    async def settle(self) -> None:
        """Deliver everything there is, now. For those who wait, such as a first start or a test."""
        while sum([await route.step() for route in self.routes]):
            pass

    async def behind(self) -> dict[str, int]:
        """How many events each listener has yet to hear, by `listener<-source`."""
        return {
            f"{route.name}<-{route.source}": max(0, await route.outbox.last_place() - route.place)
            for route in self.routes
        }

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _watch(route: Route) -> None:
    """A store in this process says when there is something new; a far one is asked again."""
    watch: Any = getattr(route.outbox, "watch", None)
    if watch is not None:
        loop = asyncio.get_running_loop()
        watch(lambda: loop.is_closed() or loop.call_soon_threadsafe(route.wake.set))


async def _carry(route: Route) -> None:
    near = hasattr(route.outbox, "watch")
    while True:
        try:
            route.wake.clear()
            moved = await route.step()
            route.failures = 0
            if not moved:
                await _pause(route, None if near else POLL)
            elif route.room.pause:
                await asyncio.sleep(route.room.pause)
        except asyncio.CancelledError:
            raise
        except Unavailable as error:
            route.failures += 1
            pause = min(LONGEST_AWAY, 0.1 * 2**route.failures)
            told = {"listener": route.name, "source": route.source, "reason": error.detail}
            log.warning("a listener waits", **told, again_in=pause)
            await asyncio.sleep(pause)
        except Exception:
            route.failures += 1
            pause = min(LONGEST_PAUSE, 0.1 * 2**route.failures)
            log.exception(
                "a listener failed", listener=route.name, source=route.source, again_in=pause
            )
            await asyncio.sleep(pause)


async def _pause(route: Route, seconds: float | None) -> None:
    try:
        await asyncio.wait_for(route.wake.wait(), seconds)
    except TimeoutError:
        return
