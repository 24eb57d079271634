"""F12: one of two catalogs says nothing any more; nobody waits for it, and nothing is done twice."""

import asyncio
import contextlib
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx2
import psutil
import pytest
from tests.reliability.figures import keep, sized
from tests.reliability.services.asks import all_told, asks
from tests.reliability.services.conftest import Stage
from tests.reliability.site import NO_TLS

from marquee.app.remote.client import Peer
from marquee.app.remote.tokens import Key
from marquee.contexts.catalog.contract import Catalog
from marquee.kit.errors import Unavailable

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
CLIENTS = sized(20, 100)
FROZEN = sized(15, 60)
FAILS_OVER_WITHIN, OPENS_WITHIN, WELL_WITHIN = 2.0, 5.0, 15.0
"""Seconds; the first are beside those that an answer takes here while all is well."""
MOST_ATTEMPTS = 1.1
AT_ONCE = 0.1
LOOKS = 3
"""A busy machine is no finding: what takes time is wrong when it is found so every time."""


@contextlib.contextmanager
def frozen(stage: Stage, port: int) -> Iterator[None]:
    """Whoever listens at this port neither runs nor ends."""
    [process] = [
        one
        for one in psutil.Process(stage.deployment.process.pid).children(recursive=True)
        if any(
            each.laddr.port == port and each.status == "LISTEN" for each in one.net_connections()
        )
        and "serve" in one.cmdline()
    ]
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


class Readers:
    """Clients who read what nobody has kept for them, and an admin who adds films."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._url = f"http://127.0.0.1:{stage.deployment.port}"
        self.read: list[tuple[int, float]] = []
        self.posted: dict[str, int] = {}
        self._stop = False

    async def _reads(self) -> None:
        async with httpx2.AsyncClient(
            base_url=self._url, timeout=30, trust_env=False, verify=NO_TLS
        ) as client:
            while not self._stop:
                host = {"host": f"{secrets.token_hex(4)}.films.example"}
                began = time.monotonic()
                answer = await client.get("/api/v1/movies/1", headers=host)
                self.read.append((answer.status_code, time.monotonic() - began))
                await asyncio.sleep(0.5)

    async def _posts(self) -> None:
        headers = self._stage.cast.headers["admin"]
        async with httpx2.AsyncClient(
            base_url=self._url, timeout=40, trust_env=False, verify=NO_TLS
        ) as client:
            while not self._stop:
                title = f"Lantern {secrets.token_hex(6)}"
                answer = await client.post("/api/v1/movies", json={"title": title}, headers=headers)
                self.posted[title] = answer.status_code
                await asyncio.sleep(0.2)

    @contextlib.asynccontextmanager
    async def at_work(self, writers: int = 3) -> AsyncIterator[None]:
        self._stop = False
        tasks = [asyncio.create_task(self._reads()) for _ in range(CLIENTS)]
        tasks += [asyncio.create_task(self._posts()) for _ in range(writers)]
        try:
            yield
        finally:
            self._stop = True
            await asyncio.gather(*tasks)


async def test_nobody_waits_for_a_frozen_replica_and_nothing_is_done_twice(stage: Stage) -> None:
    for look in range(1, LOOKS + 1):
        found = await _looked(stage)
        if found.is_as_promised or look == LOOKS:
            break
    assert found.is_as_promised, found
    keep("F12", clients=CLIENTS, frozen_s=FROZEN, looked_again=look - 1, done_twice=0, **found.told)


@dataclass
class Found:
    """Of the readers and writers of one look."""

    statuses: set[int]
    usual: float
    slowest: float
    offered: int
    attempts: int
    posted: int
    posted_refused: int

    @property
    def is_as_promised(self) -> bool:
        return (
            self.statuses == {200}
            and self.slowest <= self.usual + FAILS_OVER_WITHIN
            and self.attempts <= MOST_ATTEMPTS * self.offered
        )

    @property
    def told(self) -> dict[str, float]:
        return {
            "offered": self.offered,
            "attempts": self.attempts,
            "slowest_read_s": round(self.slowest, 2),
            "slowest_before_s": round(self.usual, 2),
            "posted": self.posted,
            "posted_refused": self.posted_refused,
        }


async def _looked(stage: Stage) -> Found:
    """What is done twice, or lost, is a fault at once, however busy the machine."""
    readers, ports = Readers(stage), stage.deployment.http["catalog"]
    before = await _attempts(stage)
    async with readers.at_work():
        await asyncio.sleep(3)
        calm = len(readers.read)
        with frozen(stage, ports[1]):
            await asyncio.sleep(FROZEN)
        await asyncio.sleep(2)
    offered = len(readers.read) + len(readers.posted)
    await stage.deployment.settle()
    attempts = await _attempts(stage) - before
    made = await _made(stage)
    twice = [title for title in readers.posted if made[title] > 1]
    lost = [t for t, status in readers.posted.items() if status == 201 and made[t] != 1]
    assert (twice, lost) == ([], [])
    return Found(
        statuses={status for status, _seconds in readers.read},
        usual=max(seconds for _status, seconds in readers.read[:calm]),
        slowest=max(seconds for _status, seconds in readers.read),
        offered=offered,
        attempts=attempts,
        posted=len(readers.posted),
        posted_refused=sum(status != 201 for status in readers.posted.values()),
    )


async def _attempts(stage: Stage) -> int:
    """How many requests for films reached a catalog."""
    found = 0
    async with httpx2.AsyncClient(timeout=10, trust_env=False, verify=NO_TLS) as client:
        for port in stage.deployment.http["catalog"]:
            text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
            for line in text.splitlines():
                if line.startswith("marquee_http_requests_total") and "/api/v1/movies" in line:
                    found += int(float(line.rpartition(" ")[2]))
    return found


async def _made(stage: Stage) -> Counter[str]:
    """How often there is a film of each title."""
    found: Counter[str] = Counter()
    url, cursor = f"http://127.0.0.1:{stage.deployment.port}", ""
    async with httpx2.AsyncClient(base_url=url, timeout=30, trust_env=False, verify=NO_TLS) as one:
        while True:
            page = (await one.get(f"/api/v1/movies?limit=100{cursor}")).json()
            found.update(movie["title"] for movie in page["items"])
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"


async def test_a_service_that_says_nothing_is_soon_not_asked_any_more(stage: Stage) -> None:
    key = Key.load(stage.deployment.folder / "data" / "service.key")
    port = stage.wires.all["catalog"].port
    async with Peer(f"127.0.0.1:{port}", key=key, caller="operator") as peer:
        catalog = peer.ask(Catalog)
        assert "1" in await catalog.movies(ids=["1"])
        stage.wires.put("catalog", "blackhole")
        try:
            began = time.monotonic()
            while await _seconds_of_refusal(catalog) > AT_ONCE:
                assert time.monotonic() - began < 2 * OPENS_WITHIN
            opened = time.monotonic() - began
        finally:
            stage.wires.put("catalog", None)
        began = time.monotonic()
        while await _seconds_of_refusal(catalog) >= 0:
            assert time.monotonic() - began < WELL_WITHIN
            await asyncio.sleep(0.1)
    assert opened <= OPENS_WITHIN
    keep("F12", breaker_opened_s=round(opened, 2), closed_s=round(time.monotonic() - began, 2))


async def _seconds_of_refusal(catalog: Catalog) -> float:
    """How long it took to be refused; less than 0 when it was not."""
    began = time.monotonic()
    try:
        await catalog.movies(ids=["1"])
    except Unavailable:
        return time.monotonic() - began
    return -1.0


async def test_when_it_runs_again_all_is_well(stage: Stage) -> None:
    left = await asyncio.to_thread(asks, stage.cast)
    began = time.monotonic()
    while left:
        told = await all_told(stage.deployment.port, left)
        wrong = [one for one in told if not one.is_good]
        shown = [f"{one.ask.route} -> {one.status}" for one in wrong]
        assert not wrong or time.monotonic() - began < WELL_WITHIN, shown
        left = [one.ask for one in wrong]
