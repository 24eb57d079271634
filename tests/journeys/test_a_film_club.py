"""What members, a moderator and an admin do together, from one end to the other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import PASSWORD, Near, Town, a_movie

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.reviews.contract import Reviews

SOLARIS = a_movie("Solaris", 1972, imdb_id="tt0069293", genres=("Drama", "Science Fiction"))
STALKER = a_movie("Stalker", 1979, imdb_id="tt0079944", genres=("Drama", "Science Fiction"))
MIRROR = a_movie("Mirror", 1975, imdb_id="tt0072443")


async def found(town: Town, title: str) -> dict[str, Any]:
    answer = await town.ask("GET", "/api/v1/movies", params={"sort": "title", "limit": "100"})
    return next(item for item in answer.json()["items"] if item["title"] == title)


async def rating(town: Town, movie_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = (await town.ask("GET", f"/api/v1/movies/{movie_id}")).json()["rating"]
    return shown


async def post(town: Town, who: dict[str, str], movie_id: str, stars: int) -> dict[str, Any]:
    answer = await town.ask(
        "POST", "/api/v1/reviews", json={"movie_id": movie_id, "rating": stars}, headers=who
    )
    assert answer.status_code == 201, answer.text
    posted: dict[str, Any] = answer.json()
    return posted


async def test_a_review_counts_until_a_moderator_hides_it(town: Town) -> None:
    await town.open_with(SOLARIS, STALKER)
    ada, bo = await town.join("ada"), await town.join("bo")
    boss = await town.join_as_admin("boss")
    movie = await found(town, "Solaris")

    await post(town, ada, movie["id"], 9)
    hers = await post(town, bo, movie["id"], 4)
    await town.settle()
    assert await rating(town, movie["id"]) == {
        "average": 6.5,
        "count": 2,
        "histogram": [0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    }

    promoted = await town.ask(
        "PATCH", "/api/v1/users/ada", json={"role": "moderator"}, headers=boss
    )
    assert promoted.status_code == 200
    hidden = await town.ask(
        "PATCH", f"/api/v1/reviews/{hers['id']}", json={"active": False}, headers=ada
    )
    assert hidden.status_code == 200, hidden.text
    await town.settle()
    assert (await rating(town, movie["id"]))["count"] == 1
    listed = await town.ask("GET", f"/api/v1/movies/{movie['id']}/reviews")
    assert [each["author"]["username"] for each in listed.json()["items"]] == ["ada"]
    own = await town.ask(
        "PATCH", f"/api/v1/reviews/{hers['id']}", json={"active": True}, headers=bo
    )
    assert own.status_code == 403
    score = (await town.ask("GET", f"/api/v1/movies/{movie['id']}")).json()["score"]
    assert abs(score - (5 * 8.0 + 9) / 6) < 0.01


async def test_the_tally_equals_a_recount_whatever_happens(town: Town) -> None:
    await town.open_with(SOLARIS, STALKER, MIRROR)
    boss = await town.join_as_admin("boss")
    people = [await town.join(f"member{n}") for n in range(4)]
    movies = [(await found(town, title))["id"] for title in ("Solaris", "Stalker", "Mirror")]

    posted = [
        await post(town, who, movie, 1 + (2 * n + k) % 10)
        for n, who in enumerate(people)
        for k, movie in enumerate(movies)
    ]
    for n, review in enumerate(posted):
        path = f"/api/v1/reviews/{review['id']}"
        if n % 3 == 0:
            await town.ask("PATCH", path, json={"rating": 1 + n % 10}, headers=people[n // 3])
        if n % 4 == 1:
            await town.ask("PATCH", path, json={"active": False}, headers=boss)
        if n % 4 == 2:
            await town.ask("DELETE", path, headers=people[n // 3])
        if n % 8 == 5:
            await town.ask("PATCH", path, json={"active": True, "rating": 7}, headers=boss)
    await town.ask("DELETE", "/api/v1/me", json={"password": PASSWORD}, headers=people[0])
    await town.settle()

    recount = await town.contract(Reviews).recount(movie_ids=movies)
    for movie in movies:
        shown, counted = await rating(town, movie), recount[movie]
        assert shown["count"] == counted.count
        assert tuple(shown["histogram"]) == counted.histogram
        assert abs(shown["average"] - counted.total / counted.count) < 0.01


async def test_a_search_forgives_a_typo_and_follows_the_catalog(town: Town) -> None:
    await town.open_with(SOLARIS, STALKER, MIRROR)
    boss = await town.join_as_admin("boss")
    answer = await town.ask("GET", "/api/v1/search", params={"q": "solarsi"})
    assert [item["title"] for item in answer.json()["items"]][:1] == ["Solaris"]
    person = await town.ask("GET", "/api/v1/search", params={"q": "tarkovski", "kind": "person"})
    assert person.json()["items"][0]["title"] == "Andrei Tarkovsky"

    movie = await found(town, "Solaris")
    path = f"/api/v1/movies/{movie['id']}"
    version = (await town.ask("GET", path)).headers["etag"]
    renamed = await town.ask(
        "PATCH", path, json={"title": "Solyaris"}, headers={**boss, "if-match": version}
    )
    assert renamed.status_code == 200, renamed.text
    gone = await found(town, "Stalker")
    stalker = f"/api/v1/movies/{gone['id']}"
    version = (await town.ask("GET", stalker)).headers["etag"]
    deleted = await town.ask("DELETE", stalker, headers={**boss, "if-match": version})
    assert deleted.status_code == 204
    await town.settle()
    again = await town.ask("GET", "/api/v1/search", params={"q": "solyaris"})
    assert again.json()["items"][0]["id"] == movie["id"]
    none = await town.ask("GET", "/api/v1/search/suggest", params={"q": "stalk"})
    assert none.json()["items"] == []

    catalog = town.contract(Catalog)
    report = await catalog.merge(source="journey", movies=[SOLARIS, STALKER, MIRROR])
    assert report.created == 0
    assert (await town.ask("GET", path)).json()["title"] == "Solyaris"
    assert (await town.ask("GET", stalker)).status_code == 404


async def test_signing_out_works_at_once_everywhere(town: Town) -> None:
    await town.join("ada")
    login = {"login": "ada@films.example", "password": PASSWORD}
    first = (await town.ask("POST", "/api/v1/auth/login", json=login)).json()
    bearer = {"authorization": f"Bearer {first['access_token']}"}
    assert (await town.ask("GET", "/api/v1/me", headers=bearer)).status_code == 200

    token = {"refresh_token": first["refresh_token"]}
    second = (await town.ask("POST", "/api/v1/auth/refresh", json=token)).json()
    assert second["refresh_token"] != first["refresh_token"]
    token = {"refresh_token": second["refresh_token"]}
    out = await town.ask("POST", "/api/v1/auth/logout", json=token)
    assert out.status_code == 204
    for path in ("/api/v1/me", "/api/v1/me/reviews", "/api/v1/movies"):
        assert (await town.ask("GET", path, headers=bearer)).status_code == 401


async def test_events_find_their_way_by_themselves(busy_town: Town) -> None:
    town = busy_town
    catalog = town.contract(Catalog)
    await catalog.merge(source="journey", movies=[SOLARIS])
    ada = await town.join("ada")
    movie = await found(town, "Solaris")
    await post(town, ada, movie["id"], 10)
    for _try in range(200):
        if (await rating(town, movie["id"]))["count"]:
            break
        await asyncio.sleep(0.05)
    assert (await rating(town, movie["id"]))["average"] == 10


async def test_a_thousand_films_are_brought_in_browsed_and_found(
    town: Town, tmp_path: Path
) -> None:
    file = tmp_path / "films.jsonl"
    genres = ("Drama", "Comedy", "Western")
    rows = [
        {
            "title": f"Lantern number {n}",
            "year": 1920 + n % 100,
            "genres": [genres[n % 3]],
            "cast": [f"Player {n % 50}"],
        }
        for n in range(1000)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    await town.bring_in(file)
    await town.settle()
    await town.bring_in(file)  # twice is once
    await town.settle()

    given = {"genre": "Western", "year_from": "2000", "facets": "genre", "limit": "100"}
    listed = (await town.ask("GET", "/api/v1/movies", params=given)).json()
    western = [row for row in rows if row["genres"] == ["Western"] and row["year"] >= 2000]
    assert listed["total"] == len(western)
    recent = sum(row["year"] >= 2000 and row["genres"] == ["Drama"] for row in rows)
    counted = {one["value"]: one["count"] for one in listed["facets"]["genre"]}
    assert counted["Drama"] == recent
    everything = (await town.ask("GET", "/api/v1/movies", params={"limit": "1"})).json()
    assert everything["total"] == 1000
    answer = await town.ask("GET", "/api/v1/search", params={"q": "lantern nubmer 777"})
    assert answer.json()["items"][0]["title"] == "Lantern number 777"
    person = await town.ask("GET", "/api/v1/search", params={"q": "player 49", "kind": "person"})
    assert person.json()["items"][0]["title"] == "Player 49"


async def test_an_admin_lets_the_index_be_built_anew(busy_town: Town) -> None:
    town = busy_town
    await town.open_with(SOLARIS, STALKER)
    boss = await town.join_as_admin("boss")
    building = town.buildings["search"] if isinstance(town, Near) else None
    before = building.rooms["search"].generation() if building else 0
    answer = await town.ask("POST", "/api/v1/search/rebuild", headers=boss)
    assert answer.status_code == 202, answer.text
    assert answer.json()["task_id"]
    for _try in range(200):
        if building is None or building.rooms["search"].generation() > before:
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("nobody took the task")
    found = await town.ask("GET", "/api/v1/search", params={"q": "stalker"})
    assert found.json()["items"][0]["title"] == "Stalker"
