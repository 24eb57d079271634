"""Parked messages over HTTP: an admin sees them, gives them again and drops them."""

from collections.abc import Sequence

import httpx2
import pytest

from marquee.app.building import Building
from marquee.app.relay import delivery as deliveries
from marquee.app.relay.delivery import MOST_TRIES, Delivery
from marquee.kit.events import Heard, Listener

PARKED = "/api/v1/parked"
Headers = dict[str, str]


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "FIRST_PAUSE", 0.0001)


async def broken(_batch: Sequence[Heard]) -> None:
    raise ValueError("the lamp is broken")


def tallies(building: Building) -> Delivery:
    """How the catalog hears of reviews."""
    [found] = [
        one for one in building.relay.deliveries if (one.name, one.source) == ("catalog", "reviews")
    ]
    return found


async def a_parked_review(
    building: Building, client: httpx2.AsyncClient, admin: Headers, title: str = "Mirror"
) -> tuple[str, Listener]:
    """The film that a review was of while the catalog could hear of none, and what hears well."""
    delivery = tallies(building)
    well, delivery.listener = delivery.listener, broken
    films = (await client.get("/api/v1/movies", params={"sort": "title"})).json()["items"]
    movie: str = next(film["id"] for film in films if film["title"] == title)
    review = {"movie_id": movie, "rating": 8}
    assert (await client.post("/api/v1/reviews", json=review, headers=admin)).status_code == 201
    await building.relay.settle()
    return movie, well


async def ratings(client: httpx2.AsyncClient, movie: str) -> int:
    film = (await client.get(f"/api/v1/movies/{movie}")).json()
    found: int = film["rating"]["count"]
    found: int = film["rating"]["count"]
    return found


async def the_parked(client: httpx2.AsyncClient, admin: Headers) -> list[dict[str, object]]:
    answer = await client.get(PARKED, headers=admin)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def test_a_message_that_works_again_has_its_effect_once(
    building: Building, client: httpx2.AsyncClient, admin: Headers
) -> None:
    movie, well = await a_parked_review(building, client, admin)
    [message] = await the_parked(client, admin)
    assert (message["listener"], message["kind"]) == ("catalog", "reviews.ReviewPosted")
    assert message["error"] == "ValueError: the lamp is broken"
    tallies(building).listener = well
    assert await ratings(client, movie) == 0
    given = await client.post(f"{PARKED}/{message['id']}/replay", headers=admin)
    assert (given.status_code, given.content) == (204, b"")
    assert await ratings(client, movie) == 1
    assert await the_parked(client, admin) == []
    again = await client.post(f"{PARKED}/{message['id']}/replay", headers=admin)
    assert again.status_code == 404
    await building.relay.settle()
    assert await ratings(client, movie) == 1


async def test_a_message_that_fails_again_is_kept_with_the_reason(
    building: Building, client: httpx2.AsyncClient, admin: Headers
) -> None:
    await a_parked_review(building, client, admin)
    [message] = await the_parked(client, admin)
    given = await client.post(f"{PARKED}/{message['id']}/replay", headers=admin)
    assert given.status_code == 409
    assert given.json()["detail"] == "It failed again: ValueError: the lamp is broken"
    [kept] = await the_parked(client, admin)
    assert (kept["id"], kept["tries"]) == (message["id"], MOST_TRIES + 1)


async def test_a_dropped_message_is_gone_and_had_no_effect(
    building: Building, client: httpx2.AsyncClient, admin: Headers
) -> None:
    movie, well = await a_parked_review(building, client, admin)
    [message] = await the_parked(client, admin)
    tallies(building).listener = well
    dropped = await client.delete(f"{PARKED}/{message['id']}", headers=admin)
    assert dropped.status_code == 204
    assert await the_parked(client, admin) == []
    await building.relay.settle()
    assert await ratings(client, movie) == 0


async def test_what_is_not_there_is_not_found(client: httpx2.AsyncClient, admin: Headers) -> None:
    for method, path in (("POST", f"{PARKED}/catalog-1/replay"), ("DELETE", f"{PARKED}/catalog-1")):
        answer = await client.request(method, path, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert answer.json()["field"] == "message_id"


async def test_only_an_admin_may(client: httpx2.AsyncClient) -> None:
    new = {"username": "anna", "email": "anna@films.example", "password": "a long walk home"}
    assert (await client.post("/api/v1/accounts", json=new)).status_code == 201
    login = {"login": "anna", "password": new["password"]}
    token = (await client.post("/api/v1/auth/login", json=login)).json()["access_token"]
    anna = {"authorization": f"Bearer {token}"}
    for method, path in (
        ("GET", PARKED),
        ("POST", f"{PARKED}/catalog-1/replay"),
        ("DELETE", f"{PARKED}/catalog-1"),
    ):
        assert (await client.request(method, path)).status_code == 401
        assert (await client.request(method, path, headers=anna)).status_code == 403


async def test_the_list_comes_in_parts_and_refuses_what_is_no_part(
    building: Building, client: httpx2.AsyncClient, admin: Headers
) -> None:
    await a_parked_review(building, client, admin)
    await a_parked_review(building, client, admin, title="Solaris </script><b>")
    first = (await client.get(PARKED, params={"limit": 1}, headers=admin)).json()
    then = {"limit": 1, "cursor": first["next"]}
    second = (await client.get(PARKED, params=then, headers=admin)).json()
    assert (first["total"], len(first["items"]), first["away"]) == (2, 1, [])
    assert second["next"] is None
    assert first["items"][0]["parked_at"] < second["items"][0]["parked_at"]
    for odd in ({"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "x"}, {"page": 2}):
        refused = await client.get(PARKED, params=odd, headers=admin)
        assert refused.status_code == 422, odd
        assert refused.json()["field"] == next(iter(odd))
