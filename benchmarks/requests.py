"""Reads and durable writes over HTTP: the server's CPU beside the floor and the usual way."""

import asyncio
import json
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.load import Cost, Request, cost, get, post
from benchmarks.servers import Running, marquee, peer
from benchmarks.table import table

LIST = "/api/v1/movies?limit=20"
READS, CONNECTIONS = 12_000, 8
WRITERS, WRITES = 32, 6_400
PASSWORD = "a bench in the park at dusk"


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with marquee(folder / "data") as ours:
            print(f"first start, catalog filled and searchable: {ours.ready_after:.1f} s")
            listed = fetch(ours.port, LIST)
            ids = [item["id"] for item in json.loads(listed)["items"]]
            details = [fetch(ours.port, f"/api/v1/movies/{one}") for one in ids]
        reads(folder, listed, details)
        writes(folder)


def fetch(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
        body: bytes = answer.read()
    return body


def reads(folder: Path, listed: bytes, details: Sequence[bytes]) -> None:
    """Each beside the raw floor answering the very same bytes, in one run."""
    whole, one = folder / "list.json", folder / "detail.json"
    whole.write_bytes(listed)
    one.write_bytes(max(details, key=len))
    database = usual_database(folder, details)
    rows: list[list[str]] = []
    with (
        marquee(folder / "data") as ours,
        peer("benchmarks.peers:raw", {"PEER_BODY": str(whole)}) as floor,
        peer("benchmarks.peers:raw", {"PEER_BODY": str(one)}) as small_floor,
        peer("benchmarks.peers:usual", {"PEER_DATABASE": database}) as usual,
    ):
        print(f"a later start, to the first answer: {ours.ready_after:.2f} s")
        base = measured(floor, lambda _n: get("/", floor.port))
        rows.append(row("raw floor, the list's bytes", base, base))
        kept = measured(ours, lambda _n: get(LIST, ours.port))
        rows.append(row("cached list of 20", kept, base))
        anew = measured(ours, lambda n: get(f"{LIST}&year_from={1900 + n % 97}", ours.port))
        rows.append(row("filtered list of 20 (97 in turn, kept)", anew, base))
        peers = measured(usual, lambda _n: get("/movies?limit=20", usual.port), READS // 8)
        rows.append(row("FastAPI and SQLAlchemy, list of 20", peers, base))
        base = measured(small_floor, lambda _n: get("/", small_floor.port))
        rows.append(row("raw floor, a detail's bytes", base, base))
        # A bearer token is what keeps an answer from being served as kept bytes; an unknown
        # cookie does not. So each id is asked for once, in turn, over the whole catalog.
        detail = measured(ours, lambda n: get(f"/api/v1/movies/{1 + n % 37_000}", ours.port))
        rows.append(row("uncached detail, each id in turn", detail, base))
        count = len(details)
        peers = measured(usual, lambda n: get(f"/movies/{1 + n % count}", usual.port), READS // 8)
        rows.append(row("FastAPI and SQLAlchemy, detail", peers, base))
    print(table(["read", "server CPU", "of the floor", "requests/s", "p50", "p99"], rows))


def measured(server: Running, request: Request, requests: int = READS) -> Cost:
    return asyncio.run(
        cost(server.port, [server.pid], request, requests=requests, connections=CONNECTIONS)
    )


def row(name: str, got: Cost, base: Cost) -> list[str]:
    if got.failures:
        name = f"{name} ({got.failures} FAILED)"
    return [
        name,
        f"{got.cpu_us:.0f} µs",
        f"{got.cpu_us / base.cpu_us:.2f}x",
        f"{got.per_second:,.0f}",
        f"{got.p50_ms:.2f} ms",
        f"{got.p99_ms:.2f} ms",
    ]


def usual_database(folder: Path, details: Sequence[bytes]) -> str:
    """The same movies where the usual app looks for them."""
    from benchmarks.peers import MovieRow, Tables

    url = f"sqlite:///{folder / 'usual.db'}"
    engine = create_engine(url)
    Tables.metadata.create_all(engine)
    with Session(engine) as session:
        for number, raw in enumerate(details, start=1):
            movie = json.loads(raw)
            session.add(MovieRow(id=number, title=movie["title"], year=movie["year"], rest=movie))
        session.commit()
    engine.dispose()
    return url


def writes(folder: Path) -> None:
    """Reviews of 32 members over 32 connections, each durable before it is answered."""
    with marquee(folder / "data") as ours:
        tokens = [member(ours.port, f"writer{n}") for n in range(WRITERS)]

        def review(number: int) -> bytes:
            # Warming up counts from below: each request is another person's or another movie's.
            place = number if number >= 0 else WRITES + number % WRITES
            who, movie = place % WRITERS, 1 + place // WRITERS
            body = json.dumps({"movie_id": str(movie), "rating": 1 + place % 10}).encode()
            auth = f"Authorization: Bearer {tokens[who]}\r\n"
            return post("/api/v1/reviews", ours.port, body, auth)

        got = asyncio.run(cost(ours.port, [ours.pid], review, requests=WRITES, connections=WRITERS))
        head = ["durable writes", "per second", "server CPU", "p50", "p99", "failed"]
        shown = [f"{got.per_second:,.0f}", f"{got.cpu_us:.0f} µs"]
        times = [f"{got.p50_ms:.1f} ms", f"{got.p99_ms:.1f} ms", str(got.failures)]
        print(table(head, [["reviews, 32 connections", *shown, *times]]))


def member(port: int, name: str) -> str:
    call(port, "/api/v1/accounts", username=name, email=f"{name}@b.example", password=PASSWORD)
    token: str = call(port, "/api/v1/auth/login", login=name, password=PASSWORD)["access_token"]
    return token


def call(port: int, path: str, **body: str) -> dict[str, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, str] = json.loads(answer.read())
    return found


if __name__ == "__main__":
    main()
