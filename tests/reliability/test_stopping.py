"""O1 and O3: an orderly end, and honest answers to whoever asks how it is."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from tests.ports import free_port
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.site import PASSWORD, Site, wait_for
from tests.reliability.test_kill import integrity

RUNNING = 50
HALF_SENT = 50
END_WITHIN = 30.0
SILENT_FOR = 15.0
"""Seconds; gRPC itself would wait for twenty."""
PATH = "/api/v1/reviews"
TELLING = re.compile(
    r"\d+\.\d+|sqlite|/tmp|/work|localhost|127\.0\.0\.1|Error|python", re.IGNORECASE
)


@dataclass
class Watch:
    """What health said from the signal until nobody answered."""

    ready: list[int] = field(default_factory=list)
    live: list[int] = field(default_factory=list)

    async def look(self, site: Site, until: asyncio.Event) -> None:
        while not until.is_set():
            with contextlib.suppress(httpx2.TransportError):
                async with httpx2.AsyncClient(base_url=site.url, trust_env=False) as client:
                    self.ready.append((await client.get("/readyz")).status_code)
                    self.live.append((await client.get("/livez")).status_code)
            await asyncio.sleep(0.03)


async def half_sent(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    bearer = site.headers("bo")["authorization"]
    lines = (
        f"POST {PATH} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: {bearer}",
        "Content-Type: application/json",
        "Content-Length: 1000",
        "",
        '{"movie_id": "1", ',
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write("\r\n".join(lines).encode())
    await writer.drain()
    return reader, writer


async def write_on(site: Site, posted: list[str]) -> None:
    """Post reviews until nobody takes them."""
    async with site.many("ada") as client:
        with contextlib.suppress(httpx2.TransportError):
            for movie_id in range(1, 290):
                body = {"movie_id": str(movie_id), "rating": 5}
                answer = await client.post(PATH, json=body)
                assert answer.status_code == 201, answer.text
                posted.append(answer.json()["id"])


async def test_asked_to_end_it_finishes_what_is_running(a_site: Open) -> None:
    site = a_site()
    site.start()
    for name in ("ada", "bo"):
        site.headers(name)
    halves = [await half_sent(site) for _ in range(HALF_SENT)]
    posted: list[str] = []
    watch, ended = Watch(), asyncio.Event()
    people = [
        {"username": f"late{n}", "email": f"late{n}@films.example", "password": PASSWORD}
        for n in range(RUNNING)
    ]
    async with site.many(connections=RUNNING) as many:
        await asyncio.gather(*(many.get("/livez") for _ in range(RUNNING)))
        writing = asyncio.create_task(write_on(site, posted))
        running = [
            asyncio.create_task(many.post("/api/v1/accounts", json=person)) for person in people
        ]
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        assert site.process is not None
        began = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        looking = asyncio.create_task(watch.look(site, ended))
        answers = await asyncio.gather(*running)
        code = await asyncio.to_thread(site.process.wait, END_WITHIN + 10)
        took = time.monotonic() - began
        ended.set()
        await asyncio.gather(looking, writing)
    for _reader, writer in halves:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    with contextlib.closing(sqlite3.connect(site.folder / "reviews.db")) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM reviews")}
    figures.keep(
        "O1",
        running=RUNNING,
        finished=sum(answer.status_code == 201 for answer in answers),
        half_sent=HALF_SENT,
        written_meanwhile=len(posted),
        lost=len(set(posted) - kept),
        exit_s=round(took, 1),
    )
    assert [answer.status_code for answer in answers] == [201] * RUNNING
    assert 503 in watch.ready
    assert set(watch.live) == {200}
    assert code == 0
    assert took <= END_WITHIN
    assert set(posted) <= kept
    assert set(integrity(site).values()) == {"ok"}
    assert not list(site.folder.glob("*.db-wal"))
    assert not (site.folder / "control.sock").exists()


async def test_a_second_signal_does_not_wait_to_be_seen_as_not_ready(a_site: Open) -> None:
    site = a_site()
    site.start()
    assert site.process is not None
    site.process.send_signal(signal.SIGTERM)
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(END_WITHIN) == 0
    site.start()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(END_WITHIN) in {0, 130}


# O3


def test_whoever_says_nothing_to_a_services_port_does_not_hold_it_up(a_site: Open) -> None:
    site, at = a_site(), free_port()
    site.settings["grpc"] = f"127.0.0.1:{at}"
    site.start()
    with socket.create_connection(("127.0.0.1", at)):
        time.sleep(0.5)
        began = time.monotonic()
        assert site.stop() == 0
    assert time.monotonic() - began < SILENT_FOR


def ask(site: Site, path: str) -> httpx2.Response:
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=10) as client:
        return client.get(path)


def replaced(path: Path) -> None:
    """As a restore that went wrong would do it: another file of the same name."""
    new = path.with_name("another")
    new.write_bytes(b"this is no database" * 1000)
    new.replace(path)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("spoil", [replaced, emptied, removed])
def test_a_broken_store_is_not_ready_but_alive(site: Site, a_site: Open, spoil: object) -> None:
    assert ask(site, "/readyz").status_code == 200
    broken = a_site()
    broken.expects_trouble = True
    broken.start()
    before = time.monotonic()
    assert callable(spoil)
    spoil(broken.folder / "reviews.db")
    wait_for(lambda: ask(broken, "/readyz").status_code == 503, within=10)
    seen = time.monotonic() - before
    shown = ask(broken, "/readyz")
    assert any("reviews" in trouble for trouble in shown.json()["troubles"])
    assert not TELLING.search(json.dumps(shown.json())), shown.text
    assert "retry-after" in shown.headers
    assert (ask(broken, "/livez").status_code, ask(broken, "/livez").json()) == (
        200,
        {"status": "ok"},
    )
    assert ask(broken, "/api/v1/movies").status_code == 200
    figures.keep("O3", **{f"{spoil.__name__}_seen_s": round(seen, 2)})


def test_health_tells_nothing_of_the_inside(site: Site) -> None:
    for path in ("/livez", "/readyz"):
        answer = ask(site, path)
        assert answer.status_code == 200
        assert not TELLING.search(answer.text), answer.text
        assert answer.headers["cache-control"] == "no-store"
