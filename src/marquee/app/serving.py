"""Run a building: take the folder and the port, fill a new catalog, answer until told to stop."""

import asyncio
import contextlib
import errno
import shlex
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import structlog

from marquee.app import housekeeping, memory
from marquee.app.assemble import assemble
from marquee.app.building import Building
from marquee.app.contexts import CONTEXTS
from marquee.app.control import taking_commands
from marquee.app.folder import Folder
from marquee.app.neighbors import Neighbors
from marquee.app.server import server
from marquee.app.settings import Settings
from marquee.app.telemetry import Figures
from marquee.app.terminal import bar, console
from marquee.contexts.accounts.contract import Accounts
from marquee.kit.context import Job
from marquee.kit.ending import end
from marquee.kit.errors import Unavailable

if TYPE_CHECKING:
    from marquee.contexts.ingestion.service import IngestionService

log = structlog.get_logger()
PATIENCE = 1.0
TIDY_AFTER = 1.0
MEANWHILE = 2.0


async def serve(settings: Settings, names: Sequence[str] = ()) -> bool:
    """Serve the named contexts, all when none is named, until SIGTERM or SIGINT.

    True when a new catalog was filled instead: that takes more memory than serving ever will, and
    not all of it is given back. Whoever asked should begin anew.
    """
    memory.hold_little()
    listening = take_port(settings)
    folder = Folder.own(settings.data)
    try:
        if settings.grpc is not None:
            from marquee.app.neighbors import service_key

            service_key(settings)  # a weak one is said at once: the control socket opens later
        async with opened(settings, names) as building:
            memory.keep_what_is_built()
            if await make_ready(building):
                return True
            async with working(building), taking_commands(building):
                await welcome(building, listening)
                asyncio.get_running_loop().call_later(TIDY_AFTER, memory.give_back)
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
        async with hearing(building):
            filled = await load_starter(ingestion, building.settings.data)
    try:
        await catch_up(building)
    except Unavailable:
        settings = building.settings
        if settings.events_url is None and not any(map(settings.address, CONTEXTS)):
            raise
        # Of a broker or service that is away nothing is heard now; the relay says so and asks on.
    return filled


@contextlib.asynccontextmanager
async def hearing(building: Building) -> AsyncIterator[None]:
    """While the block runs every listener hears what it causes, as far as it gets.

    `catch_up` does the rest, and says what is wrong.
    """
    ended = asyncio.Event()

    async def hear() -> None:
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MEANWHILE):
                    await ended.wait()
            try:
                await building.relay.step()
            except Exception as error:  # noqa: BLE001 - it is tried again in a moment
                log.debug("not everything is heard yet", reason=str(error))

    task = asyncio.create_task(hear())
    try:
        yield
    finally:
        ended.set()
        await task  # to the end of the step: what has begun is not begun again beside it


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
    jobs += housekeeping.jobs(building)
    tasks = [asyncio.create_task(_repeat(job, building.figures)) for job in jobs]
    tasks.append(asyncio.create_task(building.figures.lag.watch()))
    if building.queue is not None:
        works = [each for room in building.rooms.values() for each in room.works.items()]
        tasks += [asyncio.create_task(building.queue.work(*each)) for each in works]
    try:
        yield
    finally:
        await end(tasks)


async def _repeat(job: Job, figures: Figures) -> None:
    figures.expect_job(job.name)
    pause = job.every if job.first is None else job.first
    while True:
        await asyncio.sleep(pause)
        pause = job.every
        try:
            await job.run()
        except Exception:
            figures.count_failed_job(job.name)
            log.exception("a job failed", job=job.name)


async def welcome(building: Building, listening: socket.socket) -> None:
    """Say where to look and how to become admin."""
    where = address(*listening.getsockname()[:2])
    console.print(f"Marquee is at {where}", soft_wrap=True, markup=False)
    if "accounts" in building.rooms and not await building.contract(Accounts).has_admin():
        how = f"{_folder(building.settings)}{_command()} admin create USERNAME EMAIL"
        console.print(f"No admin yet. To become one: {how}", soft_wrap=True, markup=False)


def address(host: str, port: int) -> str:
    """As a browser on this machine takes it."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - a comparison
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _folder(settings: Settings) -> str:
    """What to set before the command, that it means this instance wherever the setting came from."""
    usual = Settings().data.absolute()
    return "" if settings.data == usual else f"MARQUEE_DATA={shlex.quote(str(settings.data))} "


def _command() -> str:
    """How to type this command here."""
    typed = Path.cwd() / sys.argv[0]
    if typed.name == "__main__.py":
        return f"{sys.executable} -m marquee"
    if shutil.which("marquee") == str(typed):
        return "marquee"
    return str(typed.relative_to(Path.cwd()) if typed.is_relative_to(Path.cwd()) else typed)
