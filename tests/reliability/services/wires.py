"""Wires between services and engines that can be cut, blocked and made slow while they are in use."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["reset", "blackhole", "slow"]
FAULTS: tuple[Fault, ...] = ("reset", "blackhole", "slow")
LATENCY = 3.0
AT_ONCE = 65_536
ABORT = struct.pack("ii", 1, 0)
HOST = "127.0.0.1"


@dataclass
class Wire:
    """A port of loopback that leads to another one.

    `fault`: connections are reset, nothing comes through in either direction, or every answer takes
    three seconds more. What a blocked wire was given arrives when it is not any more, as on a network.
    """

    upstream: int
    names_itself: bool = False
    """Whether the engine tells clients its own port, in place of which they shall learn this one."""
    fault: Fault | None = None
    taken: int = 0
    port: int = 0
    _is_open: asyncio.Event = field(default_factory=asyncio.Event)
    _connected: set[asyncio.StreamWriter] = field(default_factory=set)
    _carrying: set["asyncio.Task[None]"] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def open(self) -> None:
        self._is_open.set()
        self._server = await asyncio.start_server(self._take, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._drop()

    async def put(self, fault: Fault | None) -> None:
        """From now on; what is connected is hung up on by a reset alone."""
        self.fault = fault
        if fault == "blackhole":
            self._is_open.clear()
        else:
            self._is_open.set()
        if fault == "reset":
            await self._drop()

    async def _drop(self) -> None:
        for writer in list(self._connected):
            _reset(writer)
        for task in list(self._carrying):
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        if self.fault == "reset":
            _reset(writer)
            return
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        self._connected.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._join(reader, writer)
        self._connected.discard(writer)
        self._carrying.discard(task)
        writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._is_open.wait()
        far_reader, far_writer = await asyncio.open_connection(HOST, self.upstream)
        pumps = {
            asyncio.create_task(self._pump(reader, far_writer)),
            asyncio.create_task(self._pump(far_reader, writer, answers=True)),
        }
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            far_writer.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, answers: bool = False
    ) -> None:
        loop = asyncio.get_running_loop()
        waiting: deque[tuple[float, bytes]] = deque()
        more = asyncio.Event()

        async def read() -> None:
            while part := await source.read(AT_ONCE):
                late = LATENCY if answers and self.fault == "slow" else 0.0
                waiting.append((loop.time() + late, self._renamed(part) if answers else part))
                more.set()

        reading = asyncio.create_task(read())
        reading.add_done_callback(lambda _done: more.set())
        try:
            while True:
                while waiting:
                    at, part = waiting.popleft()
                    await asyncio.sleep(max(0.0, at - loop.time()))
                    await self._is_open.wait()
                    to.write(part)
                    await to.drain()
                if reading.done():
                    return
                more.clear()
                if not waiting and not reading.done():
                    await more.wait()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _renamed(self, part: bytes) -> bytes:
        """Both as MongoDB writes a place, as text, and as Kafka does, its port a number."""
        if not self.names_itself:
            return part
        text = f"{HOST}:{{}}".format
        found = part.replace(text(self.upstream).encode(), text(self.port).encode())
        return found.replace(_named(self.upstream), _named(self.port))


def _named(port: int) -> bytes:
    return HOST.encode() + struct.pack(">i", port)


def _reset(writer: asyncio.StreamWriter) -> None:
    one = writer.get_extra_info("socket")
    if one is not None:
        with contextlib.suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    writer.transport.abort()


class Wires:
    """All wires of a deployment, by what they lead to; they are served in a thread of their own."""

    def __init__(self) -> None:
        self.all: dict[str, Wire] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def lead(self, name: str, upstream: int, *, names_itself: bool = False) -> int:
        """The port of a new wire."""
        wire = self.all[name] = Wire(upstream, names_itself)
        asyncio.run_coroutine_threadsafe(wire.open(), self._loop).result()
        return wire.port

    def through(self, name: str, url: str) -> str:
        """The URL of an engine, by a wire."""
        found = urlsplit(url)
        assert found.port is not None
        names_itself = found.scheme in {"kafka", "mongodb"}
        port = self.lead(name, found.port, names_itself=names_itself)
        return url.replace(f":{found.port}", f":{port}", 1)

    def put(self, name: str, fault: Fault | None) -> None:
        asyncio.run_coroutine_threadsafe(self.all[name].put(fault), self._loop).result()

    def close(self) -> None:
        async def close() -> None:
            await asyncio.gather(*(wire.close() for wire in self.all.values()))

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextlib.contextmanager
def wires() -> Iterator[Wires]:
    found = Wires()
    try:
        yield found
    finally:
        found.close()
