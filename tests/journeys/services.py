"""The town as one service a context on real engines, behind nginx, with two catalogs."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx2
import psutil
from tests.contexts.search.homes import a_url, cleared
from tests.engines.own_redis import a_database as redis_database
from tests.mongo import a_database as mongo_database
from tests.ports import free_port
from tests.real import fresh
from tests.reliability.services.wires import Wires
from tests.reliability.site import END_WITHIN, environment
from tests.topics import topics

from marquee.app.remote.client import Peer
from marquee.app.remote.tokens import Key

C = TypeVar("C")
SERVICES = ("accounts", "auth", "catalog", "reviews", "search", "ingestion", "web")
START_WITHIN = 120.0
TREE = Path(__file__).parents[2]
OUR_OWN = os.pathsep.join([str(TREE / "src"), str(TREE)])
KEPT_FOR = 1.6
"""Seconds that a public answer may be kept by nginx and by a catalog that another one outran."""


@dataclass
class Deployment:
    """`marquee up` on a configuration of its own."""

    folder: Path
    port: int
    http: dict[str, list[int]]
    at: dict[str, int]
    process: "subprocess.Popen[bytes]"
    peers: dict[str, Peer] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "marquee.toml"

    def contract(self, kind: type[C]) -> C:
        """As an operator asks it, over gRPC."""
        name = kind.__module__.split(".")[2]
        if name not in self.peers:
            key = Key.load(self.folder / "data" / "service.key")
            self.peers[name] = Peer(f"127.0.0.1:{self.at[name]}", key=key, caller="operator")
        return self.peers[name].ask(kind)

    async def settle(self) -> None:
        """Until nobody has anything left to hear, and what is kept has run out."""
        for _look in range(600):
            if await self._is_quiet():
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(KEPT_FOR)

    async def _is_quiet(self) -> bool:
        ports = [port for name, ports in self.http.items() if name != "web" for port in ports]
        async with httpx2.AsyncClient(timeout=10) as client:
            asked = [client.get(f"http://127.0.0.1:{port}/metrics") for port in ports]
            texts = [answer.text for answer in await asyncio.gather(*asked)]
        found = [
            re.findall(r"^marquee_listener_behind_events.* (\S+)$", t, re.MULTILINE) for t in texts
        ]
        return not any(float(number) for numbers in found for number in numbers)

    def command(self, *words: str, given: str = "") -> str:
        """What `marquee WORDS` says on this deployment."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "marquee", *words],
            env={**environment(config=str(self.config)), "PYTHONPATH": OUR_OWN},
            input=given.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")


@asynccontextmanager
async def a_deployment(
    folder: Path,
    wires: Wires | None = None,
    failpoints: Path | None = None,
    *,
    catalog: str = "mongodb",
    **settings: str,
) -> AsyncIterator[Deployment]:
    """Running, on fresh corners of the engines, all of which are gone in the end.

    With `wires` each engine, and each service asked by others, is reached by one of its name, and
    services fail where a file in `failpoints` says.
    """
    async with AsyncExitStack() as stack:
        urls = {
            "accounts": stack.enter_context(fresh("postgresql", folder)),
            "auth": stack.enter_context(redis_database()),
            "catalog": await _a_catalog(stack, catalog, folder),
            "reviews": stack.enter_context(fresh("mariadb", folder)),
            "search": await stack.enter_async_context(_an_index()),
        }
        settings = {
            "events_url": await stack.enter_async_context(topics()),
            "cache_url": stack.enter_context(redis_database()),
            "starter": "off",
            **settings,
        }
        if wires is not None:
            urls = {name: wires.through(f"{name} store", url) for name, url in urls.items()}
            settings |= {
                f"{name}_url": wires.through(name, settings[f"{name}_url"])
                for name in ("events", "cache")
            }
        found = _spawned(folder, urls, settings, wires, failpoints)
        try:
            await _until_up(found)
            yield found
        finally:
            for peer in found.peers.values():
                await peer.close()
            await asyncio.to_thread(_end, found.process)


async def _a_catalog(stack: AsyncExitStack, engine: str, folder: Path) -> str:
    if engine == "mongodb":
        return await stack.enter_async_context(mongo_database())
    return stack.enter_context(fresh(engine, folder))


def _spawned(
    folder: Path,
    urls: dict[str, str],
    settings: dict[str, str],
    wires: Wires | None,
    failpoints: Path | None,
) -> Deployment:
    http = {name: [free_port()] for name in SERVICES if name != "ingestion"}
    http["catalog"].append(free_port())
    at = {name: free_port() for name in SERVICES if name != "web"}
    asked_at = {name: wires.lead(name, one) for name, one in at.items()} if wires else at
    answers_at = {str(asked_at[name]): at[name] for name in at}
    port = free_port()
    lines = [f"port = {port}", f'data = "{folder / "data"}"', 'edge = "nginx"']
    lines += [f'{name} = "{value}"' for name, value in settings.items()]
    for name in SERVICES:
        lines.append(f"[{name}]")
        if name in urls:
            lines.append(f'url = "{urls[name]}"')
        if name in http:
            places = ", ".join(f'"http://127.0.0.1:{one}"' for one in http[name])
            lines.append(f"http = [{places}]")
        if name in at:
            lines.append(f'at = "grpc://127.0.0.1:{asked_at[name]}"')
    config = folder / "marquee.toml"
    config.write_text("\n".join(lines), encoding="utf-8")
    program = "marquee" if wires is None else "tests.reliability.services.behind_wires"
    told = {"test_answers_at": json.dumps(answers_at), "test_failpoints": str(failpoints or "")}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", program, "up", "--config", str(config)],
            env={**environment(**told), "PYTHONPATH": OUR_OWN},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return Deployment(folder, port, http, at, process)


async def _until_up(found: Deployment) -> None:
    for _look in range(int(START_WITHIN / 0.1)):
        assert found.process.poll() is None, found.said()
        if re.search(r"^up +\| Marquee is at", found.said(), re.MULTILINE):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(found.said())


def _end(process: "subprocess.Popen[bytes]") -> None:
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        for one in (process, *children):
            one.kill()
        raise


@asynccontextmanager
async def _an_index() -> AsyncIterator[str]:
    url = a_url()
    yield url
    await cleared(url)
