"""Where messages go out: each is confirmed before this answers, and its queue is there."""

import asyncio
from datetime import timedelta
from typing import Any

from marquee.engines.address import driver
from marquee.engines.queue.rabbitmq.layout import Layout, rung, written
from marquee.engines.queue.rabbitmq.link import Link
from marquee.kit.clock import Clock
from marquee.kit.work import Dead, Task

NOW = timedelta()


class Outlet:
    """Its methods raise the driver's errors: call them within `Link.asked`."""

    def __init__(self, link: Link, layout: Layout, clock: Clock) -> None:
        self._link = link
        self._layout = layout
        self._clock = clock
        self._message = driver("aio_pika", extra="rabbitmq").Message
        self._channel: Any = None
        self._opening = asyncio.Lock()
        self._known: dict[str, Any] = {}

    async def put(self, task: Task, *, after: timedelta = NOW) -> None:
        """Let it wait; its attempts are those that are over."""
        channel = await self._open()
        name = self._layout.work(task.kind, task.priority)
        await self._lay(name, self._layout.declare_work, channel, task.kind, task.priority)
        if after <= NOW:
            await self._send(channel.default_exchange, written(self._message, task), name)
            return
        # A queue for later leads by itself to where the dead never are, but they may follow.
        step = rung(after)
        later = await self._lay(self._layout.later(step), self._layout.declare_later, channel, step)
        message = written(self._message, task, due=self._clock.now() + after)
        await self._send(later, message, name)

    async def bury(self, dead: Dead) -> None:
        channel = await self._open()
        exchange = await self._lay(self._layout.dead, self._layout.declare_dead, channel)
        name = self._layout.work(dead.task.kind, dead.task.priority)
        await self._send(exchange, written(self._message, dead.task, dead=dead), name)

    async def _open(self) -> Any:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._known.clear()
                self._channel = await self._link.channel()
                # What the broker itself gives up must find the way to the dead.
                self._known[self._layout.dead] = await self._layout.declare_dead(self._channel)
            return self._channel

    async def _lay(self, name: str, declare: Any, *given: Any) -> Any:
        if name not in self._known:
            self._known[name] = await declare(*given)
        return self._known[name]

    async def _send(self, exchange: Any, message: Any, key: str) -> None:
        try:
            await exchange.publish(message, key, mandatory=True)
        except Exception:
            # Somebody may have deleted a queue: the next one looks again.
            self._known.clear()
            raise
