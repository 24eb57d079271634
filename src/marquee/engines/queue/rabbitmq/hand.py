"""Fetching tasks of one kind: no more than are worked on, so that other processes have the rest."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from marquee.engines.queue.crew import Hold
from marquee.engines.queue.rabbitmq.layout import Layout, due_at, read
from marquee.engines.queue.rabbitmq.link import SECONDS_IN_BACKGROUND, Link
from marquee.engines.queue.rabbitmq.outlet import Outlet
from marquee.kit.clock import Clock
from marquee.kit.errors import MarqueeError
from marquee.kit.work import Dead, Priority, Task

NOW = timedelta()


class Hand:
    """What is fetched and not settled goes back when its channel ends, however that comes."""

    def __init__(self, link: Link, layout: Layout, outlet: Outlet, clock: Clock, kind: str) -> None:
        self.link = link
        self.outlet = outlet
        self.clock = clock
        self._layout = layout
        self._kind = kind
        self._channel: Any = None

    async def take(self, order: tuple[Priority, ...]) -> Hold | None:
        async with self.link.asked(SECONDS_IN_BACKGROUND):
            channel = await self._open()
            for priority in order:
                # Asking how many there are is not written to the broker's disk; fetching is.
                queue = await self._layout.declare_work(channel, self._kind, priority)
                while queue.declaration_result.message_count:
                    message = await queue.get(fail=False, timeout=None)
                    if message is None:
                        break
                    if hold := await self._ripe(message, channel):
                        return hold
        return None

    async def _ripe(self, message: Any, channel: Any) -> Hold | None:
        """None when it is put off still: then it goes down a rung."""
        task = read(message, self.clock.now())
        due = due_at(message)
        left = due - self.clock.now() if due else NOW
        if left > NOW:
            await _moved(message, self.outlet.put(task, after=left))
            return None
        return _Hold(self, message, channel, replace(task, attempts=task.attempts + 1))

    async def _open(self) -> Any:
        if self._channel is None or self._channel.is_closed:
            self._channel = await self.link.channel()
            await self._layout.declare_dead(self._channel)
        return self._channel

    async def close(self) -> None:
        if self._channel is not None:
            with suppress(MarqueeError):
                async with self.link.asked():
                    await self._channel.close()


@dataclass(frozen=True)
class _Hold:
    """First the next message is confirmed, then this one let go: twice rather than never."""

    hand: Hand
    message: Any
    channel: Any
    task: Task

    async def keep(self) -> None:
        # Waited for, not awaited: being cancelled here must not cancel the channel's own future.
        await asyncio.wait([self.channel.closed()])

    async def done(self) -> None:
        async with self.hand.link.asked(SECONDS_IN_BACKGROUND):
            await self.message.ack()

    async def again(self, after: timedelta) -> None:
        async with self.hand.link.asked(SECONDS_IN_BACKGROUND):
            await _moved(self.message, self.hand.outlet.put(self.task, after=after))

    async def give_back(self) -> None:
        # Refusing it would count as a delivery.
        async with self.hand.link.asked(SECONDS_IN_BACKGROUND):
            untried = replace(self.task, attempts=self.task.attempts - 1)
            await _moved(self.message, self.hand.outlet.put(untried))

    async def park(self, error: str) -> None:
        async with self.hand.link.asked(SECONDS_IN_BACKGROUND):
            dead = Dead(self.task, error, self.hand.clock.now())
            await _moved(self.message, self.hand.outlet.bury(dead))


async def _moved(message: Any, to: Awaitable[None]) -> None:
    try:
        await to
    except Exception:
        # Otherwise this channel would hold what nobody works on, for as long as it lives.
        await message.nack(requeue=True)
        raise
    await message.ack()
