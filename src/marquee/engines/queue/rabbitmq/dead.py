"""The dead on RabbitMQ: looked at by fetching them and giving them back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from marquee.engines.address import driver
from marquee.engines.queue.rabbitmq.layout import Layout, read_dead
from marquee.engines.queue.rabbitmq.link import SECONDS_IN_BACKGROUND, Link
from marquee.engines.queue.rabbitmq.outlet import Outlet
from marquee.kit.clock import Clock
from marquee.kit.errors import NotFound, Unavailable
from marquee.kit.work import Dead, Task

MOST_LOOKED_AT = 2_000
"""Of more, the broker chooses which are found; at some 1 ms each, who asks waits long enough."""
UNTIL = {"x-expires": 15_000}
"""Milliseconds after which a lock ends that was not given back: longer than a look may take."""
TRIES = 20
PAUSE = 0.05


class Graveyard:
    """One looks at a time, in all processes: a queue that only one may have is the lock."""

    def __init__(self, link: Link, layout: Layout, outlet: Outlet, clock: Clock) -> None:
        self._link = link
        self._layout = layout
        self._outlet = outlet
        self._clock = clock
        self._turn = asyncio.Lock()
        self._lock = f"{layout.dead}.lock"
        self._taken: Any = driver("aiormq", extra="rabbitmq").exceptions.ChannelLockedResource

    async def look(self, most: int) -> list[Dead]:
        async with self._laid_out() as messages:
            found = [read_dead(message, self._clock.now()) for message in messages]
        # What was looked at before does not come in the order in which it died.
        return sorted(found, key=lambda dead: dead.died_at)[:most]

    async def lift(self, task_id: str, then: Callable[[Task], Awaitable[None]]) -> None:
        """NotFound when none of the dead has this id. It is gone once `then` has returned."""
        async with self._laid_out() as messages:
            for message in messages:
                if message.message_id == task_id:
                    await then(read_dead(message, self._clock.now()).task)
                    await message.ack()
                    return
        raise NotFound("No dead task has this id.")

    @asynccontextmanager
    async def _laid_out(self) -> AsyncIterator[list[Any]]:
        async with self._turn, self._link.asked(SECONDS_IN_BACKGROUND):
            channel = await self._locked()
            try:
                await self._layout.declare_dead(channel)
                messages = await _fetched(channel, self._layout.dead)
                yield messages
                await _given_back(channel, self._layout.dead, messages)
                await channel.queue_delete(self._lock)
            finally:
                await channel.close()

    async def _locked(self) -> Any:
        """A channel, once it is our turn."""
        for _ in range(TRIES):
            channel = await self._link.channel()
            try:
                await channel.declare_queue(self._lock, exclusive=True, arguments=UNTIL)
            except self._taken:
                await asyncio.sleep(PAUSE)
            else:
                return channel
        raise Unavailable("Somebody else looks at the dead.", retry_after=1)


async def _fetched(channel: Any, name: str) -> list[Any]:
    queue = await channel.declare_queue(name, passive=True)
    messages: list[Any] = []
    while len(messages) < MOST_LOOKED_AT:
        message = await queue.get(fail=False, timeout=None)
        if message is None:
            break
        messages.append(message)
    return messages


async def _given_back(channel: Any, name: str, messages: list[Any]) -> None:
    """And seen to be there again, so that who looks next misses none."""
    back = [message for message in messages if not message.processed]
    for message in back:
        await message.nack(requeue=True)
    for _ in range(TRIES):
        queue = await channel.declare_queue(name, passive=True)
        if queue.declaration_result.message_count >= len(back):
            return
        await asyncio.sleep(PAUSE)
