"""The doctor where engines and services are away, hang or refuse."""

import asyncio
import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx2
import pytest
from tests.app.doctor.ward import found, settings
from tests.app.listening import listening
from tests.ports import free_port

from marquee.app.building import Building
from marquee.app.doctor.examination import examine
from marquee.app.remote.server import serve
from marquee.app.remote.tokens import Key
from marquee.engines.address import Address
from marquee.engines.bus.kafka import Kafka
from marquee.kit.context import Check

LONGEST = 15.0


def everywhere(port: int) -> tuple[dict[str, str], dict[str, str]]:
    """Every engine at one port: stores, and what is shared."""
    schemes = {
        "accounts": "postgresql",
        "auth": "redis",
        "catalog": "mongodb",
        "reviews": "mysql",
        "search": "opensearch",
    }
    at = f"127.0.0.1:{port}"
    number = {"redis": "1"}
    stores = {name: f"{one}://{at}/{number.get(one, 'x')}" for name, one in schemes.items()}
    shared = {
        "events_url": f"kafka://{at}",
        "queue_url": f"amqp://{at}/",
        "cache_url": f"redis://{at}/2",
    }
    return stores, shared


async def test_each_engine_that_is_away_is_named_and_hides_no_other(tmp_path: Path) -> None:
    stores, shared = everywhere(free_port())
    del stores["catalog"]
    report = await examine(settings(tmp_path, stores, **shared))
    for part in (*stores, "queue", "cache", "events"):
        about = found(report, part)["reachable"]
        assert (about.state, bool(about.advice)) == ("wrong", True), part
    assert found(report, "catalog")["file"].state == "ok"
    assert found(report, "listeners")["search<-catalog"].state == "warning"


async def test_a_port_that_never_answers_keeps_nobody_for_long(tmp_path: Path) -> None:
    async with listening(None) as port:
        stores, shared = everywhere(port)
        at = {f"{name}_at": f"grpc://127.0.0.1:{port}" for name in stores}
        http = {f"{name}_http": f"http://127.0.0.1:{port}" for name in stores}
        given = settings(tmp_path, stores, **shared)
        given = replace(given, of_contexts={**given.of_contexts, **at, **http})
        async with asyncio.timeout(LONGEST):
            report = await examine(given)
    for part in (*stores, "queue", "cache", "events"):
        assert found(report, part)["reachable"].state == "wrong", part
    for name in stores:
        about = found(report, f"service {name}")
        assert {one.state for one in about.values()} == {"wrong"}, name


async def test_services_are_asked_by_grpc_and_http(tmp_path: Path) -> None:
    running = await serve({}, address="127.0.0.1:0", key=Key([b"k" * 32]))
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    answers = {
        "catalog_http": said(200, {"status": "ready"}),
        "reviews_http": said(200, {"status": "ready", "degraded": ["events: broker"]}),
        "search_http": said(503, {"status": "not ready", "troubles": ["search: store"]}),
        "auth_http": said(200, {"status": "ready"}, f"date: {date}\r\n"),
    }
    async with contextlib.AsyncExitStack() as stack:
        told = {"catalog_at": f"grpc://{running.address}"}
        for name, answer in answers.items():
            port = await stack.enter_async_context(listening(lambda answer=answer: answer))  # type: ignore[misc]
            told[name] = f"http://127.0.0.1:{port}"
        report = await examine(replace(settings(tmp_path), of_contexts=told))
    await running.stop(0)
    assert {one.state for one in found(report, "service catalog").values()} == {"ok"}
    degraded = found(report, "service reviews")["http"]
    assert (degraded.state, "events: broker" in degraded.detail) == ("warning", True)
    ill = found(report, "service search")["http"]
    assert (ill.state, "search: store" in ill.detail) == ("wrong", True)
    assert found(report, "service auth")["clock"].state == "wrong"


async def test_each_replica_that_has_an_address_is_asked(tmp_path: Path) -> None:
    running = await serve({}, address="127.0.0.1:0", key=Key([b"k" * 32]))
    at = f"grpc://{running.address},grpc://127.0.0.1:{free_port()}"
    report = await examine(replace(settings(tmp_path), of_contexts={"catalog_at": at}))
    await running.stop(0)
    [part] = [one for one in report.parts if one.name == "service catalog"]
    assert sorted(one.state for one in part.findings if one.what == "grpc") == ["ok", "wrong"]


def said(status: int, body: object, more: str = "") -> bytes:
    text = json.dumps(body)
    return f"HTTP/1.1 {status} .\r\n{more}content-length: {len(text)}\r\n\r\n{text}".encode()


async def test_nothing_is_made_where_an_edge_is_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await examine(replace(settings(folder), edge="nginx", port=free_port()))
    assert not folder.exists()


async def test_an_edge_that_does_not_answer_is_wrong(tmp_path: Path) -> None:
    given = replace(settings(tmp_path), edge="nginx", port=free_port())
    about = found(await examine(given), "edge")
    assert about["answers"].state == "wrong"
    assert about["configuration"].state == "wrong"  # nobody said where auth is
    assert "nginx" in about


@pytest.mark.parametrize("url", ["gopher://127.0.0.1/x", "redis://", "postgresql://127.0.0.1"])
async def test_a_url_that_will_not_do_is_named_by_its_setting(tmp_path: Path, url: str) -> None:
    report = await examine(settings(tmp_path, {"auth": url}))
    about = found(report, "auth")["setting"]
    assert about.state == "wrong"
    assert "MARQUEE_AUTH_URL" in about.advice


async def test_a_broker_that_is_away_makes_a_service_degraded_not_unready(
    building: Building, client: httpx2.AsyncClient
) -> None:
    away = Kafka(Address.read(f"kafka://127.0.0.1:{free_port()}", scheme="kafka", port=9092))
    building.shared = (Check("events: broker", away.check, is_needed=False),)
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "degraded": ["events: broker"]}
    assert (await building.checks())["events: broker"] is False
