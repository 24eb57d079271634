"""F7: an answer that got lost can be asked for again, and nothing happens twice."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.proxy import EatingProxy, eating
from tests.reliability.site import Site

KEY = "idempotency-key"
PATH = "/api/v1/reviews"


@pytest.fixture
def proxy(site: Site) -> Iterator[EatingProxy]:
    with eating(site.port) as proxy:
        yield proxy


def posting(movie_id: int, rating: int = 7) -> dict[str, Any]:
    return {"movie_id": str(movie_id), "rating": rating, "text": "Said once."}


def posted_by(site: Site, name: str) -> tuple[int, int]:
    """How many reviews of theirs there are, and how many were told of."""
    with contextlib.closing(sqlite3.connect(site.folder / "reviews.db")) as connection:
        [(author,)] = connection.execute("SELECT id FROM authors WHERE username = ?", (name,))
        reviews = "SELECT count(*) FROM reviews WHERE author_id = ?"
        told = (
            "SELECT count(*) FROM outbox WHERE kind = 'reviews.ReviewPosted'"
            " AND json_extract(body, '$.author_id') = ?"
        )
        [[rows], [events]] = (
            connection.execute(query, (author,)).fetchone() for query in (reviews, told)
        )
        return rows, events


def test_a_lost_answer_is_given_again_and_nothing_is_done_twice(
    site: Site, proxy: EatingProxy
) -> None:
    who = site.newcomer()
    wanted = figures.sized(40, 1000)
    same = 0
    with site.client(who) as client, httpx2.Client(base_url=proxy.url, trust_env=False) as lossy:
        for movie_id in range(1, wanted + 1):
            key = {KEY: f"lost-{movie_id}"}
            headers = {**site.headers(who), **key, "connection": "close"}
            proxy.eats = True
            with pytest.raises(httpx2.TransportError):
                lossy.post(PATH, json=posting(movie_id), headers=headers)
            proxy.eats = False
            again = client.post(PATH, json=posting(movie_id), headers=key)
            third = client.post(PATH, json=posting(movie_id), headers=key)
            assert again.status_code == 201, again.text
            assert (third.status_code, third.content) == (again.status_code, again.content)
            assert third.headers["etag"] == again.headers["etag"]
            assert third.headers["location"] == again.headers["location"]
            same += again.headers.get("idempotency-replayed") == "true"
    assert proxy.eaten == same == wanted
    assert posted_by(site, who) == (wanted, wanted)
    figures.keep("F7", lost_answers=proxy.eaten, replayed=same, duplicates=0)


def test_a_key_means_one_request_of_one_person(site: Site) -> None:
    who, another = site.newcomer(), site.newcomer()
    key = {KEY: "mine"}
    with site.client(who) as one, site.client(another) as two:
        first = one.post(PATH, json=posting(1), headers=key)
        other = one.post(PATH, json=posting(1, 3), headers=key)
        elsewhere = one.post(PATH, json=posting(2), headers=key)
        theirs = two.post(PATH, json=posting(1, 3), headers=key)
        again = one.post(PATH, json=posting(1), headers=key)
    assert first.status_code == 201
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")
    assert elsewhere.status_code == 422
    assert theirs.status_code == 201
    assert theirs.json()["id"] != first.json()["id"]
    assert (again.status_code, again.content) == (201, first.content)
    assert posted_by(site, who) == posted_by(site, another) == (1, 1)


async def test_eight_at_once_with_one_key_are_one(site: Site) -> None:
    who = site.newcomer()
    rounds = figures.sized(10, 100)
    refused = 0
    async with site.many(who) as many:
        for movie_id in range(1, rounds + 1):
            key = {KEY: f"eight-{movie_id}"}
            body = posting(movie_id)
            answers = await asyncio.gather(
                *(many.post(PATH, json=body, headers=key) for _ in range(8))
            )
            good = [answer for answer in answers if answer.status_code == 201]
            refused += len(answers) - len(good)
            assert all(answer.status_code in {201, 409} for answer in answers)
            assert len({answer.content for answer in good}) == 1
    assert posted_by(site, who) == (rounds, rounds)
    figures.keep("F7", eight_at_once=rounds, refused_meanwhile=refused)


def test_a_key_outlives_the_process(a_site: Open) -> None:
    site = a_site()
    site.start()
    with site.client("ada") as ada:
        first = ada.post(PATH, json=posting(1), headers={KEY: "kept"})
    assert first.status_code == 201
    site.kill()
    site.start()
    with site.client("ada") as ada:
        again = ada.post(PATH, json=posting(1), headers={KEY: "kept"})
    assert (again.status_code, again.content) == (201, first.content)
    assert posted_by(site, "ada") == (1, 1)


def test_registering_twice_with_one_key_makes_one_account(site: Site) -> None:
    new = {"username": "cleo", "email": "cleo@films.example", "password": "a bridge of paper"}
    with site.client() as client:
        first, again = (
            client.post("/api/v1/accounts", json=new, headers={KEY: "cleo"}) for _ in range(2)
        )
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
