"""One number leads through the logs of every service that had to do with a request."""

import httpx2
import pytest
from tests.journeys.conftest import SHAPES, Near, Town
from tests.journeys.test_a_film_club import SOLARIS, found
from tests.logged import Log

from marquee.app.assemble import web
from marquee.app.numbers import numbered
from marquee.contexts.catalog.contract import Catalog
from marquee.kit.trace import current_request

in_this_process = pytest.mark.parametrize("town", SHAPES, indirect=True)
"""Whose log is looked at."""
NUMBER = "edge-0123456789abcdef"
PROXY = "10.1.2.3"


@in_this_process
async def test_a_number_goes_along_to_the_services_that_are_asked(town: Town, log: Log) -> None:
    await town.open_with(SOLARIS)
    ada = await town.join("ada")
    movie = await found(town, "Solaris")
    review = {"movie_id": movie["id"], "rating": 9, "text": "The ocean looks back."}
    app = numbered(web(town.buildings["reviews"]), [PROXY])
    transport = httpx2.ASGITransport(app=app, client=(PROXY, 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post(
            "/api/v1/reviews", json=review, headers={**ada, "x-request-id": NUMBER}
        )
    assert answer.status_code == 201, answer.text
    assert answer.headers["x-request-id"] == NUMBER
    [line] = log.lines(event="answered", request_id=NUMBER)
    assert (line["route"], line["status"]) == ("/api/v1/reviews", 201)
    asked = {line["call"] for line in log.lines(event="answered a call", request_id=NUMBER)}
    if len({id(one) for one in town.buildings.values()}) > 1:
        assert {"auth.identify", "catalog.movies"} <= asked
    else:
        assert asked == set()


@in_this_process
async def test_what_runs_by_itself_belongs_to_no_request(busy_town: Town, log: Log) -> None:
    await busy_town.open_with(SOLARIS)
    await busy_town.join("ada")
    await busy_town.settle()
    for line in log.lines(call="events.events_after"):
        assert "request_id" not in line


@pytest.mark.parametrize("town", ["a service each"], indirect=True)
async def test_no_service_believes_a_number_that_is_none(town: Near, log: Log) -> None:
    for lie in ("lies", "l" * 2_000, "a number of lies", 'lies","level":"info'):
        before = current_request.set(lie)
        await town.buildings["reviews"].contract(Catalog).movies(ids=["1"])
        current_request.reset(before)
    told = log.lines(call="catalog.movies")
    assert len(told) == 4
    assert not any("request_id" in line for line in told)
