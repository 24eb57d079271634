"""A whole deployment's processes on this machine, kept running and ended in order."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from itertools import chain

from marquee.app.folder import Folder
from marquee.app.neighbors import service_key
from marquee.app.server import SUPERVISED
from marquee.app.settings import Settings
from marquee.app.up import plan
from marquee.app.up.child import Child

READY_WITHIN = 120.0
"""Seconds that a service is waited for before those that need it are started all the same."""
FREE_WITHIN = 5.0
WIDEST = 12


async def up(settings: Settings, environment: Mapping[str, str]) -> bool:
    """Until SIGTERM or SIGINT; whether all then ended by themselves. A second signal ends all at once."""
    folder = Folder.own(settings.data)
    try:
        services, edge = plan.stages(settings), plan.edge(settings)
        await _until_free([*chain.from_iterable(services), *([edge] if edge else [])])
        service_key(settings)  # once, before several would make it
        crew = Crew(settings, environment)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, crew.told_to_stop)
        starting = asyncio.create_task(crew.start(services, edge))
        try:
            await crew.stopping.wait()
        finally:
            starting.cancel()
            ended_well = await crew.stop()
        return ended_well
    finally:
        folder.leave()


async def _until_free(services: Sequence[plan.Service]) -> None:
    """What was killed a moment ago may still be about to go; Invalid where it stays."""
    loop = asyncio.get_running_loop()
    until = loop.time() + FREE_WITHIN
    while taken := plan.taken(services):
        if loop.time() > until:
            raise taken
        await asyncio.sleep(0.1)


class Crew:
    """Everybody who is kept running here."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self.stopping = asyncio.Event()
        self._settings = settings
        self._environment = environment
        self._services: list[Child] = []
        self._edge: Child | None = None

    async def start(
        self, stages: Sequence[Sequence[plan.Service]], edge: plan.Service | None
    ) -> None:
        if edge is not None:  # whoever comes meanwhile is told when to come again
            self._edge = Child(edge, self._environment, say)
            self._edge.start()
        for stage in stages:
            begun = [Child(service, self._environment, say) for service in stage]
            self._services += begun
            for child in begun:
                child.start()
            found = await asyncio.gather(*(child.ready(READY_WITHIN) for child in begun))
            for child, is_ready in zip(begun, found, strict=True):
                if not is_ready:
                    say("up", f"{child.service.name} is still not ready".encode())
        if self._edge is None:
            say("up", b"every service is running")
            return
        await self._edge.ready(READY_WITHIN)
        host, port = self._edge.service.places[0]
        say("up", f"Marquee is at http://{f'[{host}]' if ':' in host else host}:{port}".encode())

    async def stop(self) -> bool:
        """First nobody comes in any more, then the services end; whether all did by themselves."""
        well = True
        if self._edge is not None:
            well = await self._edge.stop(signal.SIGQUIT, SUPERVISED)
        ended = await asyncio.gather(
            *(child.stop(signal.SIGTERM, SUPERVISED) for child in self._services)
        )
        return well and all(ended)

    def told_to_stop(self) -> None:
        if self.stopping.is_set():
            for child in (*self._services, *([self._edge] if self._edge else [])):
                child.kill()
        self.stopping.set()


def say(name: str, line: bytes) -> None:
    """One line of the merged log, written whole."""
    text = b"%s | %s\n" % (name.ljust(WIDEST).encode(), line)
    try:
        os.write(sys.stdout.fileno(), text)
    except OSError:
        return  # nobody reads it any more: no reason to end
