"""Where traces go: what the exporter is told, and what the log says of it."""

import base64
import logging

import pytest
from tests.ports import free_port

from marquee.app.tracing import SENDER, Tracing, target
from marquee.kit.errors import Invalid

SECRET = "hush-hush"


def test_who_we_are_at_the_collector_is_no_part_of_its_address() -> None:
    given = target(f"http://me:{SECRET}@127.0.0.1:4318/v1")
    assert given["endpoint"] == "http://127.0.0.1:4318"
    assert given["insecure"]
    [(name, value)] = given["headers"]
    assert name == "authorization"
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == f"me:{SECRET}"


def test_without_a_port_it_is_the_usual_one() -> None:
    assert target("https://traces.example") == {
        "endpoint": "https://traces.example:4317",
        "insecure": False,
    }


@pytest.mark.parametrize(
    "url", ["ftp://me:hush-hush@x", "127.0.0.1:4317", "http://x:y:z", "http://"]
)
def test_what_is_no_address_stops_the_start(url: str) -> None:
    with pytest.raises(Invalid) as told:
        Tracing(url, "here")
    assert told.value.field == "MARQUEE_OTLP_URL"
    assert SECRET not in told.value.detail


def test_a_collector_that_is_away_is_one_line_and_not_one_a_try(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender = logging.getLogger(SENDER)
    before = sender.filters[:]
    sender.filters.clear()
    tracing = Tracing(f"http://me:{SECRET}@127.0.0.1:{free_port()}", "here")
    try:
        with tracing.span("work", None):
            pass
        for _try in range(3):
            sender.error("again")
    finally:
        tracing.close()
        sender.filters[:] = before
    said = [one.getMessage() for one in caplog.records if one.name == SENDER]
    assert len(said) == 1
    assert SECRET not in said[0]
