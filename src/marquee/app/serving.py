"""Run a building: take the folder and the port, fill a new catalog, answer until told to stop."""

import asyncio
import contextlib
import ctypes
import errno
import gc
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import structlog

from marquee.app.assemble import CONTEXTS, Building, assemble
from marquee.app.folder import Folder, control_socket
from marquee.app.neighbors import Neighbors
from marquee.app.parked.contract import ParkedMessages
from marquee.app.server import server
from marquee.app.settings import Settings
from marquee.app.telemetry import Figures
from marquee.app.terminal import bar, console
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.ingestion.service import IngestionService
from marquee.kit.context import Job
from marquee.kit.errors import Unavailable

log = structlog.get_logger()
PATIENCE = 1.0


async def serve(settings: Settings, names: Sequence[str] = ()) -> bool:
    """Serve the named contexts, all when none is named, until SIGTERM or SIGINT.

    True when a new catalog was filled instead: that takes more memory than serving ever will, and
    not all of it is given back. Whoever asked should begin anew.
    """
    listening = take_port(settings)
    folder = Folder.own(settings.data)
    try:
        if settings.grpc is not None:
            from marquee.app.neighbors import service_key

            service_key(settings)  # a weak one is said at once: the control socket opens later
        async with opened(settings, names) as building:
            if await make_ready(building):
                return True
            async with working(building), taking_commands(building):
                await welcome(building, listening)
                give_back_memory()
                await server(building).serve(sockets=[listening])
    finally:
        listening.close()
        folder.leave()
    return False


@contextlib.asynccontextmanager
async def opened(settings: Settings, names: Sequence[str] = ()) -> AsyncIterator[Building]:
    """The building with its neighbors, closed in the end."""
    figures = Figures()
    async with Neighbors(settings, names, figures.calls) as neighbors:
        building = await assemble(
            settings,
            names,
            far=neighbors.contracts,
            outboxes=neighbors.outboxes,
            figures=figures,
            parked=neighbors.parked,
        )
        try:
            yield building
        finally:
            await building.close()


def give_back_memory() -> None:
    """Filling a catalog takes more than serving it: what is free goes back to the system."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def take_port(settings: Settings) -> socket.socket:
    """Bind before anything else is done, so that a taken port costs nothing but a line."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        where = f"{settings.host} port {settings.port}"
        is_host = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        raise Unavailable(
            f"Cannot listen on {where}: {error.strerror or error}. "
            f"Set MARQUEE_{'HOST' if is_host else 'PORT'} to another."
        ) from None
    return listening


async def make_ready(building: Building) -> bool:
    """Fill a new catalog with the starter, and let every listener catch up; whether it was new."""
    filled = False
    room = building.rooms.get("ingestion")
    if room is not None and building.settings.starter:
        from marquee.app.importing import load_starter

        ingestion = cast("IngestionService", room.service)
        filled = await load_starter(ingestion, building.settings.data)
    try:
        await catch_up(building)
    except Unavailable:
        settings = building.settings
        if settings.events_url is None and not any(map(settings.address, CONTEXTS)):
            raise
        # Of a broker or service that is away nothing is heard now; the relay says so and asks on.
    return filled


async def catch_up(building: Building) -> None:
    """Deliver what waits; a bar shows it where it takes long enough to wonder."""
    settling = asyncio.create_task(building.relay.settle())
    try:
        await asyncio.wait({settling}, timeout=PATIENCE)
        if not settling.done():
            await _watched(building, settling)
        await settling
    finally:
        settling.cancel()


async def _watched(building: Building, settling: asyncio.Task[None]) -> None:
    waiting = sum((await building.behind()).values())
    with bar("Making it searchable", total=waiting) as progress:
        task = progress.task_ids[0]
        while not settling.done():
            left = sum((await building.behind()).values())
            progress.update(task, completed=max(0, waiting - left))
            await asyncio.wait({settling}, timeout=0.2)
        progress.update(task, completed=waiting)


@contextlib.asynccontextmanager
async def working(building: Building) -> AsyncIterator[None]:
    """The relay, the jobs and the workers, while the block runs."""
    building.relay.start()
    jobs = [job for room in building.rooms.values() for job in room.jobs]
    tasks = [asyncio.create_task(_repeat(job, building.figures)) for job in jobs]
    tasks.append(asyncio.create_task(building.figures.lag.watch()))
    if building.queue is not None:
        works = [each for room in building.rooms.values() for each in room.works.items()]
        tasks += [asyncio.create_task(building.queue.work(*each)) for each in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _repeat(job: Job, figures: Figures) -> None:
    figures.expect_job(job.name)
    while True:
        await asyncio.sleep(job.every)
        try:
            await job.run()
        except Exception:
            figures.count_failed_job(job.name)
            log.exception("a job failed", job=job.name)


@contextlib.asynccontextmanager
async def taking_commands(building: Building) -> AsyncIterator[None]:
    """The control socket, opened beside the first requests: gRPC is slow to load."""

    async def hold() -> None:
        async with control(building):
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    try:
        yield
    finally:
        holding.cancel()
        outcome = (await asyncio.gather(holding, return_exceptions=True))[0]
        if isinstance(outcome, Exception):
            log.error("commands could not be taken", reason=str(outcome))


@contextlib.asynccontextmanager
async def control(building: Building) -> AsyncIterator[None]:
    """Take commands from this machine's operator, and questions from other services."""
    from marquee.app.remote.server import serve as serve_contracts

    path = control_socket(building.settings.data)
    path.unlink(missing_ok=True)
    offered: dict[type, object] = {
        context.offers: building.rooms[name].service
        for name, context in CONTEXTS.items()
        if context.offers is not None and name in building.rooms
    }
    offered[ParkedMessages] = building.parked
    outboxes = {
        name: room.outbox for name, room in building.rooms.items() if room.outbox is not None
    }
    servers = [await serve_contracts(offered, address=f"unix:{path}", key=None, outboxes=outboxes)]
    traced = building.tracing.span
    path.chmod(0o600)
    if building.settings.grpc is not None:
        from marquee.app.neighbors import service_key

        key = service_key(building.settings)
        servers.append(
            await serve_contracts(
                offered,
                address=building.settings.grpc,
                key=key,
                outboxes=outboxes,
                traced=traced,
                noted=building.figures.calls.answered,
            )
        )
    try:
        yield
    finally:
        for each in servers:
            await each.stop()
        path.unlink(missing_ok=True)


async def welcome(building: Building, listening: socket.socket) -> None:
    """Say where to look and how to become admin."""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - a comparison
    console.print(f"Marquee is at http://{shown}:{port}", soft_wrap=True)
    if "accounts" in building.rooms and not await building.contract(Accounts).has_admin():
        how = f"{_command()} admin create USERNAME EMAIL"
        console.print(f"No admin yet. To become one: {how}", soft_wrap=True)


def _command() -> str:
    """How to type this command here."""
    typed = Path.cwd() / sys.argv[0]
    if typed.name == "__main__.py":
        return f"{sys.executable} -m marquee"
    if shutil.which("marquee") == str(typed):
        return "marquee"
    return str(typed.relative_to(Path.cwd()) if typed.is_relative_to(Path.cwd()) else typed)
