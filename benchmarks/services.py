"""One service a context on real engines, beside one process and beside the usual way."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from tests.journeys.services import KEPT_FOR, Deployment, a_deployment
from tests.real import NOTED, ask, fresh

from benchmarks import services_events as events
from benchmarks import services_peer
from benchmarks.films import rows as starter
from benchmarks.load import Request, get
from benchmarks.requests import LIST, PASSWORD, call, fetch
from benchmarks.servers import Running, marquee, peer
from benchmarks.services_edge import Edge, edge, settings_of
from benchmarks.services_reads import (
    FEWER,
    FEWEST,
    MOVIES,
    Asked,
    Pids,
    detail,
    filtered,
    members,
    reads,
    search,
    writes,
)
from benchmarks.table import table
from marquee.contexts.accounts.contract import Accounts

NEEDED = ("postgresql", "mariadb", "redis", "opensearch", "kafka", "nginx")
WORKERS = 2


def main() -> None:
    noted = json.loads(NOTED.read_text("utf-8")) if NOTED.exists() else {}
    missing = [engine for engine in NEEDED if engine not in noted]
    if missing:
        print(f"not running: {', '.join(missing)}. Start them: make engines")
        return
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(_all(Path(place)))


async def _all(folder: Path) -> None:
    file = films(folder)
    (folder / "many").mkdir()
    async with a_deployment(folder / "many", catalog="postgresql", log_level="error") as found:
        began = time.perf_counter()
        found.command("import", str(file))
        imported = time.perf_counter() - began
        print(f"{MOVIES:,} movies imported in {imported:.1f} s,", end=" ")
        print(f"heard by everybody {await _heard(found):.1f} s later")
        with fresh("postgresql", folder) as usual, marquee(folder / "one", starter=False) as one:
            _bring_in(folder / "one", file)
            await _beside(found, one, folder, usual)
        print(f"outbox to Kafka to listener: {await events.carried(folder):,.0f} events/s")
        memory(found)


def films(folder: Path) -> Path:
    """The starter's movies that most have voted on: they are those with most to tell."""
    best = sorted(starter(), key=lambda row: -(row.get("votes") or 0))[:MOVIES]
    file = folder / "movies.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in best)
    return file


async def _heard(found: Deployment) -> float:
    """Seconds until nobody has anything left to hear."""
    began = time.perf_counter()
    await found.settle()
    return time.perf_counter() - began - KEPT_FOR


def _bring_in(data: Path, file: Path) -> None:
    command = [sys.executable, "-m", "marquee", "import", str(file)]
    environment = {**os.environ, "MARQUEE_DATA": str(data)}
    subprocess.run(command, env=environment, check=True, capture_output=True)


async def _beside(found: Deployment, one: Running, folder: Path, usual: str) -> None:
    details = [json.loads(fetch(one.port, f"/api/v1/movies/{1 + n}")) for n in range(MOVIES)]
    services_peer.fill(usual, details)
    answers = folder / "answers"
    answers.mkdir()
    (answers / "detail.json").write_bytes(fetch(one.port, "/api/v1/movies/1"))
    with (
        peer("benchmarks.services_peer:app", {"PEER_DATABASE": usual}, workers=WORKERS) as other,
        peer("benchmarks.peers:raw", {"PEER_BODY": str(answers / "detail.json")}) as raw,
        edge(found, answers, other.port) as front,
    ):
        tokens = members(front.marquee)
        got = await _through_the_edge(found, front, other, usual, tokens[0])
        print(f"detail: {got['detail'] / got['FastAPI and SQLAlchemy, detail']:.1f} x the peer")
        await _in_one_process(one, raw)
        here = {**_pids(found, front), **_engines("mariadb", "redis")}
        await writes("through the edge", front.marquee, tokens, here)
        print(f"heard by everybody {await _heard(found):.1f} s after the last")
        alone = {"process": [one.pid]}
        await writes("one process", one.port, members(one.port), alone)
        await events.searchable(
            found, front.marquee, await _admin(found, front), [*map(str, range(1, 51))]
        )


async def _through_the_edge(
    found: Deployment, front: Edge, other: Running, usual: str, token: str
) -> dict[str, float]:
    ours = settings_of(found).store_url("catalog") or ""
    workers = [one.pid for one in psutil.Process(other.pid).children(recursive=True)]

    def services() -> Pids:
        return {**_pids(found, front), "postgresql": _backends(ours)}

    def looking() -> Pids:
        return {**_pids(found, front), **_engines("opensearch")}

    def peers() -> Pids:
        return {"edge": front.pids, "FastAPI": workers, "postgresql": _backends(usual)}

    asked = [
        Asked("static answer", front.floor, lambda _n: get("/detail.json", front.floor), services),
        Asked("detail", front.marquee, detail(front.marquee), services),
        Asked("FastAPI and SQLAlchemy, detail", front.peer, _theirs(front.peer), peers, FEWER),
        Asked("detail, signed in", front.marquee, detail(front.marquee, token), services, FEWER),
        Asked("list of 20", front.marquee, lambda _n: get(LIST, front.marquee), services),
        Asked("list, each asked once", front.marquee, filtered(front.marquee), services),
        Asked("search, each asked once", front.marquee, search(front.marquee), looking, FEWEST),
    ]
    return await reads("through the edge, which keeps nothing", asked)


async def _in_one_process(one: Running, raw: Running) -> None:
    def alone() -> Pids:
        return {"process": [one.pid]}

    asked = [
        Asked("raw floor", raw.port, lambda _n: get("/", raw.port), lambda: {"raw": [raw.pid]}),
        Asked("detail", one.port, detail(one.port), alone),
        Asked("list of 20", one.port, lambda _n: get(LIST, one.port), alone),
        Asked("list, each asked once", one.port, filtered(one.port), alone),
        Asked("search, each asked once", one.port, search(one.port), alone, FEWEST),
    ]
    await reads("one process, without an edge", asked)


def _theirs(port: int) -> Request:
    return lambda n: get(f"/movies/{1 + n % MOVIES}", port)


def _pids(found: Deployment, front: Edge) -> Pids:
    return {"edge": front.pids, **{name: [one.pid] for name, one in _processes(found).items()}}


def _processes(found: Deployment) -> dict[str, psutil.Process]:
    """What `marquee up` keeps running, by the folder each was given."""
    begun = psutil.Process(found.process.pid).children()
    told = {one: one.environ().get("MARQUEE_DATA") for one in begun}
    return {Path(folder).name: one for one, folder in told.items() if folder}


def _engines(*names: str) -> Pids:
    """Whoever listens where these engines are; others may be at work there too."""
    noted = json.loads(NOTED.read_text("utf-8"))
    ports = {name: urlsplit(noted[name]).port for name in names}
    heard = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
    return {
        name: list({one.pid for one in heard if one.laddr.port == port and one.pid})
        for name, port in ports.items()
    }


def _backends(url: str) -> list[int]:
    """The processes of PostgreSQL that work for this database alone."""
    sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    return [pid for (pid,) in ask(url, sql + "pg_backend_pid()")]


async def _admin(found: Deployment, front: Edge) -> str:
    accounts = found.contract(Accounts)  # type: ignore[type-abstract]
    await accounts.create_admin(username="boss", email="boss@b.example", password=PASSWORD)
    return call(front.marquee, "/api/v1/auth/login", login="boss", password=PASSWORD)[
        "access_token"
    ]


def memory(found: Deployment) -> None:
    sizes = {name: one.memory_info().rss for name, one in _processes(found).items()}
    rows = [[name, f"{size / 2**20:.0f} MB"] for name, size in sorted(sizes.items())]
    rows.append(["together", f"{sum(sizes.values()) / 2**20:.0f} MB"])
    print(table(["service", "memory"], rows))
