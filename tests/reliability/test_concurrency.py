"""F13: many at once are as if one after the other, and tallies equal a recount."""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Any

import httpx2
from tests.reliability import figures
from tests.reliability.site import Site
from tests.reliability.test_kill import settled, wrong_tallies

from marquee.contexts.reviews.contract import Reviews

AT_ONCE = 64
CLIENTS = 8
PATH = "/api/v1/reviews"
MOVIES = ("291", "292", "293", "294")
"""Nobody else here writes about these."""


async def test_of_many_reviews_of_one_person_and_movie_one_is_posted(site: Site) -> None:
    rounds = figures.sized(3, 40)
    async with site.many(site.newcomer(), AT_ONCE) as many:
        for movie_id in range(1, rounds + 1):
            answers = await post_at_once([many], str(movie_id))
            first = [answer.json()["id"] for answer in answers if answer.status_code == 201]
            others = [answer.json() for answer in answers if answer.status_code == 409]
            assert (len(first), len(others)) == (1, AT_ONCE - 1)
            assert {other["review_id"] for other in others} == set(first)
    figures.keep("F13", same_review_at_once=AT_ONCE, rounds=rounds)


async def write(site: Site, name: str, until: float, counts: dict[str, int]) -> None:
    """Add, edit and delete one's own reviews of a few movies."""
    rng = random.Random(name)
    own: dict[str, str] = {}
    async with site.many(name) as client:
        while time.monotonic() < until:
            movie_id = rng.choice(MOVIES)
            if movie_id not in own:
                body = {"movie_id": movie_id, "rating": rng.randint(1, 10)}
                answer = await client.post(PATH, json=body)
                assert answer.status_code == 201, answer.text
                own[movie_id] = answer.json()["id"]
            elif rng.random() < 0.6:
                body = {"rating": rng.randint(1, 10)}
                answer = await client.patch(f"{PATH}/{own[movie_id]}", json=body)
                assert answer.status_code == 200, answer.text
            else:
                answer = await client.delete(f"{PATH}/{own[movie_id]}")
                assert answer.status_code in {204, 403}, answer.text
                if answer.status_code == 204:  # one that is hidden stays where it is
                    del own[movie_id]
            counts["writes"] += 1


async def post_at_once(clients: Sequence[httpx2.AsyncClient], movie_id: str) -> list[Any]:
    """One review of one person, 64 times at once, by each client in turn."""
    body = {"movie_id": movie_id, "rating": 5}
    asked = [clients[n % len(clients)].post(PATH, json=body) for n in range(AT_ONCE)]
    return await asyncio.gather(*asked)


async def moderate(site: Site, until: float, counts: dict[str, int]) -> None:
    """Hide and show whatever stands there."""
    rng = random.Random(5)
    async with site.many("mo") as client:
        while time.monotonic() < until:
            page = (await client.get(PATH, params={"limit": "100"})).json()["items"]
            if page:
                review = rng.choice(page)
                body = {"active": not review["active"]}
                answer = await client.patch(f"{PATH}/{review['id']}", json=body)
                assert answer.status_code in {200, 404}, answer.text
                counts["moderated"] += answer.status_code == 200
            await asyncio.sleep(0.01)


async def read(site: Site, until: float, counts: dict[str, int]) -> None:
    """At any moment a tally agrees with itself and counts nobody twice."""
    async with site.many() as client:
        while time.monotonic() < until:
            for movie_id in MOVIES:
                rating = (await client.get(f"/api/v1/movies/{movie_id}")).json()["rating"]
                check_rating(rating)
                counts["reads"] += 1
            listed = await client.get(f"/api/v1/movies/{MOVIES[0]}/reviews", params={"limit": 100})
            authors = [item["author"]["username"] for item in listed.json()["items"]]
            assert len(authors) == len(set(authors)) == listed.json()["total"] <= CLIENTS
            assert all(item["active"] for item in listed.json()["items"])
            await asyncio.sleep(0.005)


def check_rating(rating: dict[str, Any]) -> None:
    histogram = rating["histogram"]
    assert min(histogram) >= 0
    assert rating["count"] == sum(histogram) <= CLIENTS
    if rating["count"]:
        total = sum(stars * count for stars, count in enumerate(histogram, start=1))
        assert abs(rating["average"] - total / rating["count"]) < 0.01
    else:
        assert rating["average"] is None


async def test_tallies_equal_a_recount_whatever_is_written_at_once(site: Site) -> None:
    names = [site.newcomer() for _ in range(CLIENTS)]
    for name in names:
        site.headers(name)
    counts = {"writes": 0, "moderated": 0, "reads": 0, "compared": 0}
    for _round in range(figures.sized(2, 12)):
        until = time.monotonic() + figures.sized(2, 5)
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(write(site, name, until, counts))
            group.create_task(moderate(site, until, counts))
            group.create_task(read(site, until, counts))
        assert await wrong_tallies(site, list(MOVIES)) == []
        counts["compared"] += len(MOVIES)
        await begin_again(site, names)
    figures.keep("F13", **counts, differences=0)
    assert min(counts.values()) > 0


async def begin_again(site: Site, names: list[str]) -> None:
    """Delete everything, hidden reviews too: every tally must be empty."""
    async with site.many("mo") as client:
        for name in names:
            for review in await reviews_of(site, name):
                answer = await client.delete(f"{PATH}/{review}")
                assert answer.status_code == 204, answer.text
        await settled(site)
        async with site.asking(Reviews) as reviews:
            assert await reviews.recount(movie_ids=MOVIES) == {}
        for movie_id in MOVIES:
            rating = (await client.get(f"/api/v1/movies/{movie_id}")).json()["rating"]
            assert rating["count"] == 0


async def reviews_of(site: Site, name: str) -> list[str]:
    async with site.many(name) as client:
        answer: httpx2.Response = await client.get("/api/v1/me/reviews", params={"limit": 100})
        return [item["id"] for item in answer.json()["items"]]
