"""B4: what is too large is refused at once, what is too slow is closed, and others are served."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil
import pytest
from tests.reliability import figures
from tests.reliability.site import Site, copied

HUGE = 300 * 1024 * 1024
PART = b"x" * 65_536
CLOSED_WITHIN = 15.0
MARGIN = 10.0
"""Seconds more for a machine that has other things to do."""
MOST_GROWTH_MIB = 32
HALF_OPEN = figures.sized(150, 400)
PATHS = ("/api/v1/accounts", "/api/v1/reviews", "/api/v1/auth/login")


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for this module alone: its memory is watched."""
    with copied(template, tmp_path_factory.mktemp("slow") / "data") as site:
        site.start()
        with site.client() as client:
            client.get("/api/v1/movies")
            client.post("/api/v1/accounts", json={})
        yield site


@dataclass
class Memory:
    """How much more of it the server held at most."""

    before: int
    most: int

    @property
    def growth_mib(self) -> float:
        return round((self.most - self.before) / 2**20, 1)


@asynccontextmanager
async def watched(site: Site) -> AsyncIterator[Memory]:
    process = psutil.Process(site.pid)
    now = process.memory_info().rss
    memory = Memory(now, now)

    async def look() -> None:
        while True:
            memory.most = max(memory.most, process.memory_info().rss)
            await asyncio.sleep(0.02)

    looking = asyncio.create_task(look())
    try:
        yield memory
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


@dataclass(eq=False)
class Talk:
    """A connection by hand: what came back, when, and when it was closed."""

    site: Site
    began: float = field(default_factory=time.monotonic)
    answer: bytes = b""
    answered: float | None = None
    closed: float | None = None
    sent: int = 0

    async def say(self, first: bytes, then: AsyncIterator[bytes] | None = None) -> None:
        """Send until it is answered or closed, then listen until it is closed."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        sending = asyncio.create_task(self._send(writer, first, then))
        try:
            with suppress(ConnectionError):
                while part := await reader.read(65_536):
                    self.answered = self.answered or time.monotonic() - self.began
                    self.answer += part
            self.closed = time.monotonic() - self.began
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await sending
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _send(
        self, writer: asyncio.StreamWriter, first: bytes, then: AsyncIterator[bytes] | None
    ) -> None:
        with suppress(ConnectionError):
            writer.write(first)
            await writer.drain()
            async for part in then or nothing():
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)  # as long as the socket takes all, nobody else had a turn
                self.sent += len(part)
                if self.answered is not None:
                    return


async def nothing() -> AsyncIterator[bytes]:
    for part in ():
        yield part


async def huge(*, in_chunks: bool) -> AsyncIterator[bytes]:
    for _ in range(HUGE // len(PART)):
        yield b"%x\r\n%b\r\n" % (len(PART), PART) if in_chunks else PART
    if in_chunks:
        yield b"0\r\n\r\n"


async def slowly(raw: bytes) -> AsyncIterator[bytes]:
    for byte in raw:
        yield bytes([byte])
        await asyncio.sleep(1)


def head(site: Site, path: str, *lines: str, method: str = "POST") -> bytes:
    bearer = site.headers("ada")["authorization"]
    told = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {bearer}", *lines]
    return "\r\n".join([*told, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


async def test_a_huge_body_is_refused_without_being_kept(site: Site) -> None:
    """Told beforehand or in chunks; and, where no body is read at all, passed over."""
    json_ = "Content-Type: application/json"
    told, in_chunks = f"Content-Length: {HUGE}", "Transfer-Encoding: chunked"
    refused = {
        Talk(site): (head(site, path, length, json_), length == in_chunks)
        for path in PATHS
        for length in (told, in_chunks)
    }
    passed_over = {
        Talk(site): (head(site, path, told, method=method), False)
        for method, path in (("GET", "/api/v1/movies"), ("DELETE", "/api/v1/reviews/x"))
    }
    async with watched(site) as memory:
        talks = [
            talk.say(first, huge(in_chunks=chunks))
            for talk, (first, chunks) in {**refused, **passed_over}.items()
        ]
        await asyncio.wait_for(asyncio.gather(*talks), CLOSED_WITHIN + MARGIN)
    slowest = max(talk.answered or 99 for talk in refused)
    figures.keep("B4", huge_refused_s=round(slowest, 2), huge_growth_mib=memory.growth_mib)
    assert {status(talk.answer) for talk in refused} == {413}
    assert all(b"application/problem+json" in talk.answer for talk in refused)
    assert all(status(talk.answer) in {200, 404} for talk in passed_over)
    assert all(talk.sent < HUGE / 4 for talk in (*refused, *passed_over))
    assert memory.growth_mib <= MOST_GROWTH_MIB
    assert slowest < MARGIN


def multipart(parts: int) -> bytes:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    return part * parts + b"--x--\r\n"


async def test_ten_thousand_parts_are_not_read(site: Site) -> None:
    async with watched(site) as memory, site.many() as client:
        for path in PATHS:
            answer = await client.post(
                path,
                content=multipart(10_000),
                headers={
                    "content-type": "multipart/form-data; boundary=x",
                    **site.headers("ada"),
                },
            )
            assert answer.status_code == 415, answer.text
    figures.keep("B4", parts=10_000, parts_growth_mib=memory.growth_mib)
    assert memory.growth_mib <= MOST_GROWTH_MIB


async def test_who_is_slow_is_closed_and_who_is_not_is_served(site: Site) -> None:
    body = json.dumps({"movie_id": "1", "rating": 5, "text": "x" * 1000}).encode()
    json_head = head(
        site, "/api/v1/reviews", f"Content-Length: {len(body)}", "Content-Type: application/json"
    )
    kinds = {
        "nothing said": [Talk(site) for _ in range(HALF_OPEN // 4)],
        "half a head": [Talk(site) for _ in range(HALF_OPEN)],
        "a head byte by byte": [Talk(site) for _ in range(10)],
        "half a body": [Talk(site) for _ in range(HALF_OPEN // 4)],
        "a body byte by byte": [Talk(site) for _ in range(10)],
    }
    half = b"GET /api/v1/movies HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    took: list[float] = []
    done = asyncio.Event()

    async def others() -> None:
        async with site.many() as client:
            while not done.is_set():
                began = time.monotonic()
                answer = await client.get("/api/v1/movies")
                assert answer.status_code == 200
                took.append(time.monotonic() - began)
                await asyncio.sleep(0.05)

    async with watched(site) as memory, asyncio.TaskGroup() as group:
        reading = group.create_task(others())
        talks = [
            *(talk.say(b"") for talk in kinds["nothing said"]),
            *(talk.say(half) for talk in kinds["half a head"]),
            *(talk.say(b"", slowly(half * 9)) for talk in kinds["a head byte by byte"]),
            *(talk.say(json_head + body[:50]) for talk in kinds["half a body"]),
            *(talk.say(json_head, slowly(body)) for talk in kinds["a body byte by byte"]),
        ]
        await asyncio.wait_for(asyncio.gather(*talks), CLOSED_WITHIN + MARGIN)
        done.set()
        await reading
    last = {name: max(talk.closed or 99 for talk in many) for name, many in kinds.items()}
    took.sort()
    figures.keep(
        "B4",
        slow_connections=sum(len(many) for many in kinds.values()),
        closed_within_s={name: round(seconds, 1) for name, seconds in last.items()},
        others_served=len(took),
        others_p99_ms=round(took[int(len(took) * 0.99)] * 1000, 1),
        slow_growth_mib=memory.growth_mib,
    )
    assert max(last.values()) < CLOSED_WITHIN + MARGIN
    assert len(took) > 20
    assert memory.growth_mib <= MOST_GROWTH_MIB


async def test_it_serves_on_afterwards(site: Site) -> None:
    """A connection that was refused once does not take the next request down with it."""
    async with site.many("ada") as client:
        for _ in range(3):
            large = await client.post("/api/v1/reviews", content=b" " * 2_000_000)
            assert large.status_code == 413
            fine: httpx2.Response = await client.get("/api/v1/movies")
            assert fine.status_code == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 3_000_000, 431),
        (b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 20_000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        (b"NOTHING / HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        (
            (
                b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n"
                b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            400,
        ),
    ],
)
async def test_what_is_no_request_is_a_problem_too(
    site: Site, request_: bytes, status: int
) -> None:
    talk = Talk(site)
    await asyncio.wait_for(talk.say(request_), CLOSED_WITHIN + MARGIN)
    head, _, body = talk.answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), talk.answer[:300]
    assert b"content-type: application/problem+json" in head
    assert b"cache-control: no-store" in head
    assert json.loads(body)["status"] == status
