"""Two catalogs on one store: one is killed amid calls, and nobody who reads notices."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ports import free_port
from tests.real import fresh
from tests.reliability.figures import sized
from tests.reliability.site import environment

from marquee.app.remote.client import Peer
from marquee.app.remote.tokens import Key
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.kit.errors import Unavailable

pytestmark = pytest.mark.engine
READERS, READS, WRITES = 20, sized(50, 2000), sized(10, 200)


@contextmanager
def a_catalog(folder: Path, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    folder.mkdir()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "marquee", "serve", "catalog"],
            env=environment(data=str(folder), port=str(free_port()), starter="off", **settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Callers:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.reads = self.writes = 0
        self.kept: list[str] = []
        self.refused = 0

    async def read(self) -> None:
        """Raises what a read raises."""
        while self.reads < READERS * READS:
            assert "1" in await self._catalog.movies(ids=["1"])
            self.reads += 1

    async def write(self) -> None:
        for number in range(WRITES):
            title = f"Lantern {number}"
            try:
                await self._catalog.merge(source="test", movies=[MovieFacts(title, 1990)])
            except Unavailable:
                self.refused += 1
            else:
                self.kept.append(title)
            self.writes += 1


async def test_calls_that_are_safe_never_fail_when_one_is_killed(tmp_path: Path) -> None:
    at = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    key = tmp_path / "service.key"
    key.write_text(secrets.token_urlsafe(48), "ascii")
    with fresh("postgresql", tmp_path) as url:
        told = {"catalog_url": url, "service_key_file": str(key)}
        with (
            a_catalog(tmp_path / "one", grpc=at[0], **told),
            a_catalog(tmp_path / "two", grpc=at[1], **told) as two,
        ):
            address = ",".join(f"grpc://{one}" for one in at)
            async with Peer(address, key=Key.load(key), caller="tests") as peer:
                await until(peer)
                catalog = peer.ask(Catalog)
                await catalog.merge(source="test", movies=[MovieFacts("Mirror", 1975)])
                callers = Callers(catalog)
                tasks = [asyncio.create_task(callers.read()) for _ in range(READERS)]
                tasks.append(asyncio.create_task(callers.write()))
                await amid(lambda: callers.reads > READERS * 10 and callers.writes > 3, tasks)
                two.kill()
                await asyncio.gather(*tasks)
                found = await catalog.documents(ids=await all_of(catalog))
    titles = [one.title for one in found.values()]
    assert callers.refused <= 1, "only what was on its way to the killed one may be refused"
    assert {*callers.kept} <= {*titles}
    assert len(titles) == len({*titles})


async def until(peer: Peer) -> None:
    """Both answer."""
    async with asyncio.timeout(60):
        while not all([await one.is_well() for one in peer._choice.among]):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.1)


async def amid(is_so: Callable[[], bool], tasks: list["asyncio.Task[None]"]) -> None:
    async with asyncio.timeout(60):
        while not is_so() and not any(task.done() for task in tasks):  # noqa: ASYNC110 - nor here
            await asyncio.sleep(0.005)
    assert not any(task.done() for task in tasks)


async def all_of(catalog: Catalog) -> tuple[str, ...]:
    return await catalog.movie_ids(after="0", limit=1000)
