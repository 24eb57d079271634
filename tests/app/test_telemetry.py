"""What the figures show, and that no visitor can make them grow."""

import asyncio
import contextlib
import secrets
import string

import grpc
import httpx2
import pytest

from marquee.app.building import Building
from marquee.app.calls import Calls, outcome
from marquee.app.lag import EVERY
from marquee.app.remote.patience import PATIENCE, Breaker
from marquee.app.serving import working
from marquee.app.telemetry import Figures, State
from marquee.kit.context import Check
from marquee.kit.errors import MarqueeError, NotFound, Unavailable

MOST_SERIES = 200
ODD = string.ascii_letters + string.digits + '-._~%/\\"{}<>é日'


def series(text: str) -> set[str]:
    """The names of all series with their labels."""
    return {line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")}


def odd(most: int = 40) -> str:
    return "".join(secrets.choice(ODD) for _ in range(secrets.randbelow(most) + 1))


async def test_what_visitors_make_up_makes_no_series(client: httpx2.AsyncClient) -> None:
    paths = ("/", "/api/v1/", "/api/v1/movies/", "/api/v1/users/", "/api/v1/movies/1/", "/schema/")

    async def knock(canary: str) -> None:
        method = secrets.choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "BREW", canary])
        path = f"{secrets.choice(paths)}{canary}{odd()}"
        headers = {"user-agent": canary, "referer": canary, "x-request-id": canary}
        with contextlib.suppress(httpx2.InvalidURL):
            await client.request(method, path, params={canary: odd()}, headers=headers)

    for _ in range(500):
        await knock(f"CANARY{secrets.token_hex(4)}")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.text
    assert "CANARY" not in text
    assert len(series(text)) < MOST_SERIES
    routes = {line.partition('route="')[2].partition('"')[0] for line in series(text)}
    assert all(route in {"", "other"} or route.startswith("/api/v1/") for route in routes)


async def test_what_cannot_be_found_out_hides_nothing_else(
    building: Building, client: httpx2.AsyncClient
) -> None:
    async def broken() -> int:
        raise Unavailable("It is away.")

    [first, *_others] = building.relay.ways
    first.behind = broken  # type: ignore[method-assign]
    text = (await client.get("/metrics")).text
    assert f'marquee_listener_behind_events{{listener="{first.name}"}}' not in text
    assert 'marquee_listener_behind_events{listener="search<-catalog"} 0.0' in text
    assert 'marquee_parked_messages{listener="search"} 0.0' in text


async def test_a_store_that_is_away_is_not_ready(
    building: Building, client: httpx2.AsyncClient
) -> None:
    assert "marquee_ready 1.0" in (await client.get("/metrics")).text

    async def broken() -> None:
        raise Unavailable("It is away.")

    room = building.rooms["catalog"]
    object.__setattr__(room, "checks", [Check("a store", broken)])
    text = (await client.get("/metrics")).text
    assert "marquee_ready 0.0" in text
    assert 'marquee_check_ok{check="catalog: a store"} 0.0' in text


async def test_what_is_no_longer_known_is_no_longer_shown() -> None:
    figures = Figures()
    assert b'check="a store"' in figures.text(State(checks={"a store": True}, is_ready=True))
    text = figures.text(State())
    assert b'check="a store"' not in text
    assert b"marquee_ready 0.0" in text


async def test_failures_are_counted_and_never_taken_back() -> None:
    figures = Figures()
    for times in (2, 2, 5):
        text = figures.text(State(failures={"search": times}))
    assert b'marquee_listener_failures_total{listener="search"} 5.0' in text


async def test_a_loop_that_is_held_up_is_seen(building: Building) -> None:
    async with working(building):
        await asyncio.sleep(EVERY / 2)
        held = asyncio.get_running_loop().time() + 2 * EVERY
        while asyncio.get_running_loop().time() < held:
            pass
        await asyncio.sleep(EVERY)
    text = building.figures.text(State()).decode()
    [shown] = [line for line in text.splitlines() if line.startswith("marquee_loop_lag_seconds ")]
    assert float(shown.split()[1]) > EVERY


async def test_a_job_is_there_before_it_fails(building: Building) -> None:
    async with working(building):
        await asyncio.sleep(0)
    assert b'marquee_job_failures_total{name="mend the index"} 0.0' in building.figures.text(
        State()
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, "ok"),
        (NotFound("No."), "refused"),
        (Unavailable("Away."), "unavailable"),
        (MarqueeError("A fault."), "failed"),
        (grpc.RpcError(), "failed"),
        (asyncio.CancelledError(), "canceled"),
    ],
)
def test_every_end_of_a_call_has_a_name(error: BaseException | None, expected: str) -> None:
    assert outcome(error) == expected


def test_a_breaker_is_shown_while_it_is_open() -> None:
    figures, now = Figures(), [0.0]
    breaker = Breaker(lambda: now[0])
    figures.calls.watch("catalog", breaker.is_resting)
    shown = 'marquee_breaker_open{{service="catalog"}} {}'
    for _ in range(PATIENCE):
        assert shown.format("0.0") in figures.text(State()).decode()
        breaker.failed()
    assert shown.format("1.0") in figures.text(State()).decode()
    now[0] += 60
    assert shown.format("0.0") in figures.text(State()).decode()


async def test_calls_are_counted_at_both_ends(building: Building) -> None:
    calls: Calls = building.figures.calls
    calls.to("catalog")("movies", None, 0.01)
    calls.answered("catalog.movies", NotFound("No."), 0.01)
    text = building.figures.text(State()).decode()
    assert 'marquee_calls_total{method="movies",outcome="ok",service="catalog"} 1.0' in text
    assert 'marquee_calls_answered_total{method="catalog.movies",outcome="refused"} 1.0' in text
