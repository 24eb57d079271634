"""Where a process takes commands of this machine's operator, and questions from other services."""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from marquee.app.building import Building
from marquee.app.contexts import OFFERED
from marquee.app.folder import control_socket
from marquee.app.parked.contract import ParkedMessages
from marquee.kit.ending import end
from marquee.kit.errors import MarqueeError

if TYPE_CHECKING:
    from marquee.app.remote.server import Server

log = structlog.get_logger()
PIECE = 64 * 1024
LAST_WORDS = 1.0
ANSWERING = "marquee.app.remote.server"


@contextlib.asynccontextmanager
async def taking_commands(building: Building) -> AsyncIterator[None]:
    """The same beside the first requests: where other services ask, gRPC is loaded, and that is slow."""

    async def hold() -> None:
        async with control(building):
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        await end([holding])
        if not holding.cancelled() and (error := holding.exception()):
            log.error("commands could not be taken", reason=str(error))


@contextlib.asynccontextmanager
async def control(building: Building) -> AsyncIterator[None]:
    """Take commands from this machine's operator, and questions from other services."""
    path = control_socket(building.settings.data)
    offered: dict[type, object] = {
        offers: room.service
        for name, room in building.rooms.items()
        if (offers := OFFERED[name]) is not None
    }
    offered[ParkedMessages] = building.parked
    outboxes = {
        name: room.outbox for name, room in building.rooms.items() if room.outbox is not None
    }

    async def answer(inside: Path) -> "Server":
        # In a thread, for it takes a while and others are being served.
        await asyncio.to_thread(importlib.import_module, ANSWERING)
        from marquee.app.remote.server import serve

        return await serve(offered, address=f"unix:{inside}", key=None, outboxes=outboxes)

    async with Door(path, answer):
        if building.settings.grpc is None:
            yield
            return
        from marquee.app.neighbors import service_key
        from marquee.app.remote.server import serve

        server = await serve(
            offered,
            address=building.settings.grpc,
            key=service_key(building.settings),
            outboxes=outboxes,
            traced=building.tracing.span,
            noted=building.figures.calls.answered,
        )
        try:
            yield
        finally:
            await server.stop()


class Door:
    """A socket file. What answers behind it is there from when somebody first says something.

    Most processes never hear a command, and gRPC is a tenth of the memory of one that has loaded it.
    """

    def __init__(self, path: Path, answer: Callable[[Path], Awaitable["Server"]]) -> None:
        self._path = path
        self._inside = path.with_name(f"{path.name}.in")
        self._answer = answer
        self._answering: asyncio.Task[Server] | None = None
        self._passing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> None:
        self._clear()
        self._listening = await asyncio.start_unix_server(self._enter, self._path)
        self._path.chmod(0o600)

    async def __aexit__(self, *_error: object) -> None:
        self._listening.close()
        if self._answering is not None:
            with contextlib.suppress(Exception):  # it was said to whoever knocked
                await (await self._answering).stop()
        await end(self._passing, patience=LAST_WORDS)  # what was answered last is on its way
        self._clear()

    def _clear(self) -> None:
        self._path.unlink(missing_ok=True)
        self._inside.unlink(missing_ok=True)

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._pass(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.read(PIECE)
            if not first:
                return  # somebody who only looked whether we are here
            await self._answered()
            there, back = await asyncio.open_unix_connection(self._inside)
            back.write(first)
            ways = [asyncio.create_task(_carry(*way)) for way in ((reader, back), (there, writer))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                back.close()
        except (MarqueeError, OSError, ImportError) as error:
            log.error("a command could not be taken", reason=str(error))  # noqa: TRY400 - a line says it
        finally:
            writer.close()

    async def _answered(self) -> None:
        """Once for all who come meanwhile; where it failed, the next one tries again."""
        if self._answering is None:
            self._answering = asyncio.ensure_future(self._answer(self._inside))
        try:
            await asyncio.shield(self._answering)
        except Exception:
            self._answering = None
            raise


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
