"""The queue on RabbitMQ: puts are confirmed, tasks are fetched one by one."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any, Self

from marquee.engines.address import Address
from marquee.engines.queue.crew import Crew, Crews
from marquee.engines.queue.rabbitmq.dead import Graveyard
from marquee.engines.queue.rabbitmq.hand import Hand
from marquee.engines.queue.rabbitmq.layout import Layout
from marquee.engines.queue.rabbitmq.link import Link
from marquee.engines.queue.rabbitmq.outlet import Outlet
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.ids import new_id
from marquee.kit.work import (
    PATIENCE,
    PRIORITIES,
    Dead,
    Patience,
    Priority,
    Task,
    Worker,
    acceptable,
)

PORT = 5672
PREFIX = "marquee"
A_PREFIX = re.compile(r"[\w.-]{1,60}", re.ASCII)
NOW = timedelta()
REFUSED_FOR = 30
"""Seconds after which one may ask again where an operator has something to mend."""


class RabbitQueue:
    """`key` spares nothing here: RabbitMQ cannot tell what waits."""

    def __init__(self, address: Address, layout: Layout, clock: Clock) -> None:
        self._link = link = Link(address)
        # Workers have a connection of their own: a put that got no answer in time drops the other.
        self._workers_link = Link(address)
        self._layout = layout
        self._clock = clock
        self._outlet = Outlet(link, layout, clock)
        self._workers_outlet = Outlet(self._workers_link, layout, clock)
        self._dead = Graveyard(link, layout, self._outlet, clock)
        self._crews = Crews()

    @classmethod
    async def open(cls, url: str, *, clock: Clock | None = None, may_be_away: bool = False) -> Self:
        """Invalid for a URL, a user or a server that will not do.

        Unavailable when it is away and may not be.
        """
        address, prefix = told_in(url)
        layout = Layout(prefix)
        queue = cls(address, layout, clock or SystemClock())
        try:
            await queue.check()
        except BaseException as error:
            if not (may_be_away and isinstance(error, Unavailable)):
                await queue.close()
                raise
        return queue

    async def put(
        self,
        kind: str,
        body: str,
        *,
        priority: Priority = "normal",
        key: str | None = None,
        after: timedelta | None = None,
    ) -> str:
        acceptable(kind, body, priority, key)
        task = Task(new_id(), kind, body, priority, 0, self._clock.now(), key)
        try:
            async with self._link.sending():
                await self._outlet.put(task, after=after or NOW)
        except Invalid as error:  # what the operator must mend is no fault of who asks
            raise Unavailable(error.detail, retry_after=REFUSED_FOR) from None
        self._crews.wake(kind)
        return task.id

    async def work(
        self, kind: str, worker: Worker, *, at_once: int = 1, patience: Patience = PATIENCE
    ) -> None:
        hand = Hand(self._workers_link, self._layout, self._workers_outlet, self._clock, kind)
        crew = Crew(hand.take, worker, at_once=at_once, patience=patience)
        try:
            await self._crews.run(kind, crew)
        finally:
            await hand.close()

    async def dead(self, *, most: int = 100) -> list[Dead]:
        return await self._dead.look(most)

    async def revive(self, task_id: str) -> None:
        async def back(task: Task) -> None:
            await self._outlet.put(replace(task, attempts=0))

        await self._dead.lift(task_id, back)

    async def drop(self, task_id: str) -> None:
        async def forget(_task: Task) -> None:
            return

        await self._dead.lift(task_id, forget)

    async def waiting(self, kinds: Collection[str]) -> dict[str, int]:
        async with self._link.asked():
            channel = await self._link.channel()
            try:
                return {kind: await self._count(channel, kind) for kind in kinds}
            finally:
                await channel.close()

    async def _count(self, channel: Any, kind: str) -> int:
        queues = [await self._layout.declare_work(channel, kind, one) for one in PRIORITIES]
        return sum(int(queue.declaration_result.message_count) for queue in queues)

    async def check(self) -> None:
        """Whether it takes work."""
        async with self._link.sending():
            channel = await self._link.channel()
            await self._link.take(channel)
            await channel.close()

    async def close(self) -> None:
        await self._link.close()
        await self._workers_link.close()


def told_in(url: str) -> tuple[Address, str]:
    """Where it is, and what our names there begin with."""
    address = Address.read(url, scheme="amqp", port=PORT, options=("prefix",))
    prefix = address.options.get("prefix", PREFIX)
    if not A_PREFIX.fullmatch(prefix):
        raise Invalid("A prefix has 1 to 60 of A-Z, a-z, 0-9, point, _ and -.")
    return address, prefix
