"""Every line of the log can be read by a machine and says which request it is about."""

import asyncio
import io
import logging
from pathlib import Path

import httpx2
import pytest
import structlog
from tests.logged import logged

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.command import asking, log_as_set, say
from marquee.app.logs import log_to
from marquee.app.numbers import numbered
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog
from marquee.kit.trace import current_request, current_trace

LOG = structlog.get_logger()
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NUMBER = "edge-0123456789abcdef"
HOSTILE = [
    "short",
    "a" * 65,
    "a" * 5_000,
    "line\r\nset-cookie: x=1",
    "line\nbreak-1234",
    "two words",
    "number\u00e9-12345",
    "../../etc/passwd",
    '"},{"level":"info"',
    "12345678\n",
    "",
]


def test_a_command_logs_from_the_level_that_is_set_and_not_among_its_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with logged():
        log_as_set(Settings())
        LOG.debug("of no interest")
        LOG.warning("of interest")
        say("the answer")
    out, err = capsys.readouterr()
    assert out == "the answer\n"
    assert "of no interest" not in err
    assert "of interest" in err


async def test_whoever_opens_the_building_for_a_command_logs_as_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARQUEE_DATA", str(tmp_path))
    monkeypatch.setenv("MARQUEE_LOG_LEVEL", "error")
    with logged():
        async with asking(Catalog):
            LOG.warning("of no interest")
            LOG.error("of interest")
    out, err = capsys.readouterr()
    assert ("of interest" in err, "of no interest" in err, out) == (True, False, "")


def test_a_line_says_which_request_and_trace_it_is_about() -> None:
    with logged() as log:
        LOG.info("outside")
        numbers = current_request.set(NUMBER)
        traces = current_trace.set(f"00-{TRACE}-00f067aa0ba902b7-01")
        LOG.info("within")
        logging.getLogger("uvicorn.error").error("a library's %s", "line")
        current_request.reset(numbers)
        current_trace.reset(traces)
    [outside] = log.lines(event="outside")
    assert "request_id" not in outside
    assert "trace_id" not in outside
    for event in ("within", "a library's line"):
        [line] = log.lines(event=event)
        assert (line["request_id"], line["trace_id"]) == (NUMBER, TRACE)
    assert log.lines(logger="uvicorn.error", level="error")


def test_libraries_are_not_heard_below_a_warning() -> None:
    with logged("debug") as log:
        logging.getLogger("aiokafka").info("the address is kafka://user:secret@host")
    assert log.lines() == []


@pytest.mark.parametrize("pretty", [False, True])
def test_a_traceback_shows_no_values(*, pretty: bool) -> None:
    with logged():
        shown = io.StringIO()
        log_to(shown, "info", pretty=pretty)
        try:
            _sign_in("sword".ljust(8, "x"))  # the source line is shown, too
        except ValueError:
            LOG.exception("a request failed")
            logging.getLogger("asyncio").exception("and another")
    assert "_sign_in" in shown.getvalue()
    assert "swordxxx" not in shown.getvalue()


def _sign_in(password: str) -> None:
    raise ValueError(len(password))


async def test_two_requests_at_once_keep_their_numbers_apart(building: Building) -> None:
    numbers = [f"request-{number:04}" for number in range(20)]
    with logged() as log:
        app = numbered(web(building), ["127.0.0.1"])
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:

            async def ask(number: str) -> None:
                path = f"/api/v1/movies/{number[-2:]}"
                answer = await client.get(path, headers={"x-request-id": number})
                assert answer.headers["x-request-id"] == number
                assert answer.json().get("request_id", number) == number

            await asyncio.gather(*map(ask, numbers))
    told = [line["request_id"] for line in log.lines(event="answered")]
    assert sorted(told) == numbers


async def _number_for(building: Building, sent: list[tuple[bytes, bytes]], peer: str) -> str:
    """The number that the answer has, given what the peer sent."""
    said: list[tuple[bytes, bytes]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        said.extend(message.get("headers", ()))  # type: ignore[arg-type]

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/livez",
        "raw_path": b"/livez",
        "query_string": b"",
        "root_path": "",
        "headers": sent,
        "client": (peer, 4711),
        "server": ("127.0.0.1", 8000),
    }
    app = numbered(web(building), Settings(trusted_proxies=("10.1.0.0/16",)).trusted_proxies)
    await app(scope, receive, send)
    [number] = [value.decode("latin-1") for name, value in said if name == b"x-request-id"]
    return number


async def test_the_number_of_a_trusted_proxy_is_kept_and_no_other(building: Building) -> None:
    sent = [(b"x-request-id", NUMBER.encode())]
    assert await _number_for(building, sent, "10.1.2.3") == NUMBER
    for peer in ("10.2.2.3", "127.0.0.1", "", "unix"):
        assert await _number_for(building, sent, peer) != NUMBER
    assert await _number_for(building, sent * 2, "10.1.2.3") != NUMBER


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_number_is_replaced(building: Building, hostile: str) -> None:
    with logged() as log:
        sent = [(b"x-request-id", hostile.encode("latin-1", "replace"))]
        number = await _number_for(building, sent, "10.1.2.3")
    assert len(number) == 16
    assert all(letter in "0123456789abcdef" for letter in number)
    assert [line["request_id"] for line in log.lines(event="answered")] == [number]
    assert not hostile or hostile not in log.getvalue()


async def test_a_request_that_fails_is_logged_with_the_number_it_was_told(
    building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(building.rooms["catalog"].service), "get_movie", broken)
    transport = httpx2.ASGITransport(app=web(building))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        with logged("info") as log:
            answer = await client.get("/api/v1/movies/1")
    assert answer.status_code == 500
    [line] = log.lines(event="a request failed")
    assert line["request_id"] == answer.json()["request_id"]
    assert "ZeroDivisionError" in line["exception"]
