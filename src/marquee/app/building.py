"""A running process, as those who serve it and watch it see it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from marquee.app.parked.service import ParkedService
from marquee.app.relay import Relay
from marquee.app.settings import Settings
from marquee.app.standing import state_of
from marquee.app.telemetry import Figures, State
from marquee.app.tracing import Tracing
from marquee.kit.context import Check, Room
from marquee.kit.work import Queue

C = TypeVar("C")
SOON = 1.0
"""Seconds."""


@dataclass
class Building:
    """A running process: the contexts it houses, their web face, and the way of their events."""

    settings: Settings
    rooms: dict[str, Room]
    contracts: Mapping[type, object]
    relay: Relay
    figures: Figures
    parked: ParkedService
    tracing: Tracing
    queue: Queue | None = None
    draining: bool = False
    shared: Sequence[Check] = ()
    """What no single context has to itself."""
    _closers: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def contract(self, kind: type[C]) -> C:
        return cast("C", self.contracts[kind])

    async def standing(self) -> tuple[list[str], list[str]]:
        """The names of what does not work, best first, and of what it does without; nothing of how."""
        named = self._named()
        well = await self.checks()
        ill = [name for name in named if not well[name]]
        troubles = [name for name in ill if named[name].is_needed]
        rest = [name for name in ill if not named[name].is_needed]
        return (["stopping"] if self.draining else []) + troubles, rest

    async def checks(self) -> dict[str, bool]:
        """Whether each thing that is needed here works."""
        named = self._named()
        asked = await asyncio.gather(*map(_asked, named.values()), return_exceptions=True)
        return {
            name: not isinstance(answer, BaseException)
            for name, answer in zip(named, asked, strict=True)
        }

    def _named(self) -> dict[str, Check]:
        of_rooms = {
            f"{name}: {check.name}": check
            for name, room in self.rooms.items()
            for check in room.checks
        }
        return of_rooms | {check.name: check for check in self.shared}

    async def behind(self) -> dict[str, int]:
        """How many events each listener has yet to hear."""
        return await self.relay.behind()

    async def state(self) -> State:
        """For /metrics."""
        return await state_of(self)

    async def close(self) -> None:
        await self.relay.stop()
        for close in reversed(self._closers):
            await close()
        if self.queue is not None:
            await self.queue.close()
        await asyncio.to_thread(self.tracing.close)


async def _asked(check: Check) -> None:
    """What can be done without is not waited for long, lest it hide how the rest is."""
    if check.is_needed:
        await check.run()
    else:
        async with asyncio.timeout(SOON):
            await check.run()
