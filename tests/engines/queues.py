"""Queues for tests, a corner of its own for each; run as a program, somebody who gets killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marquee.engines.queue import open_queue
from marquee.engines.queue.rabbitmq.layout import RUNGS, Layout
from marquee.engines.queue.sqlite import LEASE, SqliteQueue
from marquee.kit.ending import end
from marquee.kit.work import PRIORITIES, Dead, Patience, Queue, Task, Worker

KIND = "test.mail"
QUICK = Patience(first=timedelta(milliseconds=1))
SHORT_LEASE = timedelta(seconds=1)
"""Of those that get killed. Of the rest no task is taken over because a disk was slow for a second."""


@dataclass(frozen=True)
class Place:
    """Where a test's queue is; several may open it."""

    url: str
    lease: timedelta = LEASE

    async def open(self) -> Queue:
        if self.url.startswith("sqlite:"):
            return await SqliteQueue.open(self.url, lease=self.lease)
        return await open_queue(self.url)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Queue]:
        queue = await self.open()
        try:
            yield queue
        finally:
            await queue.close()


@asynccontextmanager
async def at_work(queue: Queue, worker: Worker, **options: Any) -> AsyncIterator[None]:
    given: dict[str, Any] = {"patience": QUICK, **options}
    work = asyncio.create_task(queue.work(KIND, worker, **given))
    try:
        yield
        if work.done():
            work.result()
    finally:
        await end([work])


async def until(is_true: Callable[[], bool | Awaitable[bool]], *, within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while True:
            found = is_true()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)


async def until_dead(queue: Queue, count: int = 1) -> Sequence[Dead]:
    async def are_enough() -> bool:
        return len(await queue.dead()) >= count

    await until(are_enough)
    return await queue.dead()


class Wire:
    """A port that leads to another one, and can be cut."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self.port = 0
        self.swallows = False

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for one in self._ends:
            one.transport.abort()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        self._ends |= {writer, far_writer}
        for one, other in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pipe(one, other))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(65_536):
                if not self.swallows:
                    writer.write(part)
        writer.close()


@asynccontextmanager
async def a_wire(upstream: int) -> AsyncIterator[Wire]:
    wire = Wire(upstream)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()


async def raze(url: str, prefix: str, *, only_later: bool = False) -> None:
    """Delete all that stands on RabbitMQ under a prefix."""
    import aio_pika

    layout = Layout(prefix)
    later = [layout.later(rung) for rung in RUNGS]
    pairs = later if only_later else [layout.dead, *later]
    works = [] if only_later else [layout.work(KIND, one) for one in PRIORITIES]
    connection = await aio_pika.connect(url)
    try:
        channel = await connection.channel()
        for name in [*pairs, *works]:
            await channel.queue_delete(name)
        for name in pairs:
            await channel.exchange_delete(name)
    finally:
        await connection.close()


class Child:
    """Another process that puts or works, and says so before it hangs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def that(cls, action: str, place: Place) -> AsyncIterator["Child"]:
        environment = {**os.environ, "PYTHONPATH": "src:."}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.engines.queues", action, place.url),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        child = cls(process)
        try:
            yield child
        finally:
            await child.kill()

    async def says(self) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            return (await self._process.stdout.readline()).decode().strip()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        # Also what it had not said yet, so that its pipe is closed here and not by a collector.
        await self._process.communicate()


async def _act(action: str, url: str) -> None:
    queue = await Place(url, SHORT_LEASE).open()

    async def hang(task: Task) -> None:
        print(f"begun {task.id}", flush=True)  # noqa: T201 - the parent reads it
        await asyncio.Event().wait()

    if action == "put":
        print(await queue.put(KIND, '"from a child"'), flush=True)  # noqa: T201 - the same
        os.kill(os.getpid(), signal.SIGKILL)
    await queue.work(KIND, hang)


if __name__ == "__main__":
    asyncio.run(_act(*sys.argv[1:]))
