"""Who reads sees what was answered before: a tally is a recount at any time."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.app.conftest import PASSWORD

from marquee.app import assemble
from marquee.app.building import Building
from marquee.app.relay import pulling
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.contexts.reviews.contract import Reviews
from marquee.kit.errors import Unavailable

MOVIE = "/api/v1/movies/1"
LIST = "/api/v1/movies?sort=-reviews&limit=1"
REVIEWS = "/api/v1/reviews"


@pytest.fixture
async def carried(building: Building, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Building]:
    monkeypatch.setattr(pulling, "WAIT_AT_MOST", 600.0)  # however busy this machine is
    building.relay.start()
    yield building
    await building.relay.stop()


async def a_member(client: httpx2.AsyncClient, name: str) -> dict[str, str]:
    account = {"username": name, "email": f"{name}@films.example", "password": PASSWORD}
    assert (await client.post("/api/v1/accounts", json=account)).status_code == 201
    login = {"login": name, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/login", json=login)
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def shown(client: httpx2.AsyncClient) -> tuple[Any, Any, Any]:
    """The movie's rating in full, its average in a list, and how many reviews are listed."""
    whole = (await client.get(MOVIE)).json()["rating"]
    [item] = (await client.get(LIST)).json()["items"]
    total = (await client.get(f"{MOVIE}/reviews")).json()["total"]
    assert (item["id"], item["rating"]["count"]) == ("1", whole["count"])
    return whole["average"], item["rating"]["average"], total


async def test_a_tally_is_read_as_it_is_after_every_single_write(
    client: httpx2.AsyncClient, carried: Building, admin: dict[str, str]
) -> None:
    ada = await a_member(client, "ada")
    review = {"movie_id": "1", "rating": 10}
    posted = (await client.post(REVIEWS, json=review, headers=ada)).json()
    assert await shown(client) == (10, 10, 1)
    path = f"{REVIEWS}/{posted['id']}"
    for rating in (3, 9, 4):
        await client.patch(path, json={"rating": rating}, headers=ada)
        assert await shown(client) == (rating, rating, 1)
    await client.patch(path, json={"active": False}, headers=admin)
    assert await shown(client) == (None, None, 0)
    await client.patch(path, json={"active": True}, headers=admin)
    assert await shown(client) == (4, 4, 1)
    counted = await carried.contract(Reviews).recount(movie_ids=["1"])
    rating = (await client.get(MOVIE)).json()["rating"]
    assert rating["histogram"] == list(counted["1"].histogram)


async def test_whose_account_is_deleted_counts_no_more_at_once(
    client: httpx2.AsyncClient, carried: Building
) -> None:
    assert carried.relay.ways
    ada = await a_member(client, "ada")
    await client.post(REVIEWS, json={"movie_id": "1", "rating": 7}, headers=ada)
    assert await shown(client) == (7, 7, 1)
    gone = await client.request("DELETE", "/api/v1/me", json={"password": PASSWORD}, headers=ada)
    assert gone.status_code == 204
    assert await shown(client) == (None, None, 0)


async def test_what_is_kept_of_a_store_that_others_change_too_is_no_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "WAIT_AT_MOST", 600.0)
    monkeypatch.setattr(assemble, "KEPT_FOR", 600.0)
    monkeypatch.setattr(Settings, "is_shared", lambda _self, name: name == "catalog")
    async with opened(Settings(data=tmp_path / "data")) as building:
        mirror = MovieFacts(title="Mirror", year=1975)
        await building.contract(Catalog).merge(source="test", movies=[mirror])
        await building.relay.settle()
        building.relay.start()
        transport = httpx2.ASGITransport(app=assemble.web(building))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            ada = await a_member(client, "ada")
            before = (await client.get(LIST)).json()["items"][0]["rating"]["count"]
            await client.post(REVIEWS, json={"movie_id": "1", "rating": 7}, headers=ada)
            after = (await client.get(LIST)).json()["items"][0]["rating"]["count"]
    assert (before, after) == (0, 1)


async def test_a_listener_that_fails_keeps_no_reader_waiting(
    client: httpx2.AsyncClient, carried: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_batch: object) -> None:
        raise Unavailable("The store is away.")

    [delivery] = [
        one for one in carried.relay.deliveries if (one.name, one.source) == ("catalog", "reviews")
    ]
    monkeypatch.setattr(delivery, "listener", away)
    ada = await a_member(client, "ada")
    await client.post(REVIEWS, json={"movie_id": "1", "rating": 7}, headers=ada)
    for _ in range(3):
        assert (await client.get(MOVIE)).json()["rating"]["count"] == 0
