"""Which processes a deployment is, and how one that ends is begun anew."""

import asyncio
import itertools
import signal
import sys
from pathlib import Path

import pytest

from marquee.app.settings import Settings
from marquee.app.up import child, plan
from marquee.app.up.child import Child
from marquee.kit.errors import Invalid

PORTS = itertools.count(9100)
ELSEWHERE = "http://192.0.2.1:80"
"""An address kept for documentation: no machine has it."""


def told(**of_contexts: str) -> Settings:
    return Settings(data=Path("/d"), edge="nginx", of_contexts=of_contexts)


def here() -> str:
    return f"http://127.0.0.1:{next(PORTS)}"


def names(settings: Settings) -> list[set[str]]:
    return [{service.name for service in stage} for stage in plan.stages(settings)]


def test_those_that_others_need_are_started_first() -> None:
    contexts = ("accounts", "auth", "catalog", "reviews", "search", "web")
    settings = told(**{f"{name}_http": here() for name in contexts})
    first, second = names(settings)
    assert first == {"accounts", "catalog", "web"}
    assert second == {"auth", "reviews", "search"}


def test_every_replica_has_a_folder_of_its_own_and_the_first_is_asked_by_services() -> None:
    settings = told(catalog_http=f"{here()},{here()}", catalog_at="grpc://127.0.0.1:9003")
    [[one, two]] = plan.stages(settings)
    assert (one.name, two.name) == ("catalog", "catalog-2")
    assert (one.settings["DATA"], two.settings["DATA"]) == ("/d/catalog", "/d/catalog-2")
    assert one.settings["GRPC"] == "127.0.0.1:9003"
    assert "GRPC" not in two.settings
    assert one.places[-1] == ("127.0.0.1", 9003)


def test_each_replica_that_has_an_address_is_asked_by_services() -> None:
    at = "grpc://127.0.0.1:9003,grpc://127.0.0.1:9004"
    [[one, two]] = plan.stages(told(catalog_http=f"{here()},{here()}", catalog_at=at))
    assert (one.settings["GRPC"], two.settings["GRPC"]) == ("127.0.0.1:9003", "127.0.0.1:9004")
    [[one, two]] = plan.stages(told(catalog_at=at))
    assert (one.name, two.name) == ("catalog", "catalog-2")
    assert (one.places, two.places) == ([("127.0.0.1", 9003)], [("127.0.0.1", 9004)])


def test_one_without_http_is_started_on_the_machine_of_its_address_alone() -> None:
    at = "grpc://192.0.2.1:9003,grpc://127.0.0.1:9004"
    assert names(told(ingestion_at=at)) == [{"ingestion-2"}]


def test_all_share_their_keys_and_trust_the_edge_alone() -> None:
    [[service]] = plan.stages(told(auth_http=here()))
    assert service.settings["SERVICE_KEY_FILE"] == "/d/service.key"
    assert service.settings["AUTH_KEY_FILE"] == "/d/keys.json"
    assert service.settings["BEHIND_EDGE"] == "on"
    assert service.settings["TRUSTED_PROXIES"] == "127.0.0.1,::1"


def test_contexts_at_one_address_are_one_process() -> None:
    place = here()
    [[service]] = plan.stages(told(accounts_http=place, auth_http=place))
    assert service.name == "accounts-auth"
    assert list(service.command[-3:]) == ["serve", "accounts", "auth"]


def test_what_is_on_another_machine_is_not_started_here() -> None:
    assert names(told(catalog_http=f"{ELSEWHERE},{here()}", auth_http=ELSEWHERE)) == [{"catalog-2"}]
    with pytest.raises(Invalid):
        plan.stages(told(auth_http=ELSEWHERE))


def test_one_that_needs_no_http_is_started_for_its_address() -> None:
    [[service]] = plan.stages(told(ingestion_at="grpc://127.0.0.1:9006"))
    assert (service.name, service.settings["PORT"]) == ("ingestion", "0")


async def test_one_that_ends_is_begun_anew_later_and_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(child, "LONGEST_PAUSE", 0.02)
    said: list[bytes] = []
    enough = asyncio.Event()

    def say(_name: str, line: bytes) -> None:
        said.append(line)
        if len(said) >= 6:
            enough.set()

    service = plan.Service("odd", (sys.executable, "-c", "print('here'); exit(3)"), {}, [])
    running = Child(service, {}, say)
    running.start()
    await enough.wait()
    assert await running.stop(signal.SIGTERM, 20)
    assert said[:6] == [
        b"here",
        b"ended with code 3; starts again in 0.01 s",
        b"here",
        b"ended with code 3; starts again in 0.02 s",
        b"here",
        b"ended with code 3; starts again in 0.02 s",
    ]


async def test_one_that_does_not_listen_is_killed_in_the_end() -> None:
    deaf = "import signal, time; signal.signal(15, 1); print('deaf', flush=True); time.sleep(60)"
    heard = asyncio.Event()
    service = plan.Service("deaf", (sys.executable, "-c", deaf), {}, [])
    running = Child(service, {}, lambda _name, _line: heard.set())
    running.start()
    await heard.wait()
    assert not await running.stop(signal.SIGTERM, 0.1)


async def test_what_cannot_be_started_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "FIRST_PAUSE", 60)
    said: asyncio.Queue[bytes] = asyncio.Queue()
    running = Child(
        plan.Service("none", ("/nowhere/at/all",), {}, []),
        {},
        lambda _n, line: said.put_nowait(line),
    )
    running.start()
    line = await said.get()
    assert line == b"cannot be started: No such file or directory; starts again in 60 s"
    assert await running.stop(signal.SIGTERM, 20)


async def test_a_line_of_any_length_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LONGEST_LINE", 1000)
    monkeypatch.setattr(child, "FIRST_PAUSE", 60)
    said: list[bytes] = []
    over = asyncio.Event()

    def say(_name: str, line: bytes) -> None:
        said.append(line)
        if line.startswith(b"ended"):
            over.set()

    service = plan.Service(
        "long", (sys.executable, "-c", "print('x' * 100000); print('y')"), {}, []
    )
    running = Child(service, {}, say)
    running.start()
    await over.wait()
    assert b"".join(said[:-2]) == b"x" * 100_000
    assert said[-2] == b"y"
    await running.stop(signal.SIGTERM, 20)
