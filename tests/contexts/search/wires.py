"""A wire to a real engine that can be cut, frozen and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """Whoever talks to `port` talks to the engine at `far`, while the wire is whole and it flows."""

    far: tuple[str, int]
    port: int = 0
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    server: asyncio.Server | None = None
    ends: set[asyncio.StreamWriter] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def mend(self) -> None:
        self.flows.set()
        self.server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self.server is not None:
            self.server.close()
        for end in list(self.ends):
            end.transport.abort()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self.far)
        self.ends |= {writer, back}
        for pair in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._carry(*pair))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(65_536):
                await self.flows.wait()
                writer.write(some)
                await writer.drain()
        writer.close()
        self.ends.discard(writer)


@asynccontextmanager
async def a_wire(far: tuple[str, int]) -> AsyncIterator[Wire]:
    wire = Wire(far)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()
