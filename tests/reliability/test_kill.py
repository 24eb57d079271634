"""F1: the process is killed again and again, and what it acknowledged is there."""

import asyncio
import contextlib
import json
import random
import sqlite3
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.films import FILMS
from tests.reliability.site import Site

from marquee.contexts.reviews.contract import Reviews

WRITERS = 8
RESTART_WITHIN = 30.0
PATH = "/api/v1/reviews"


@dataclass
class Claim:
    """A review as its author knows it: what was asked for in turn, and how much was answered."""

    key: str
    movie_id: str
    states: list[int | None] = field(default_factory=list)
    told: int = 0
    review_id: str | None = None

    @property
    def in_doubt(self) -> bool:
        return self.told < len(self.states)


@dataclass
class Writer:
    """Posts, edits and deletes until its connection breaks."""

    name: str
    movies: list[str]
    rng: random.Random
    claims: list[Claim] = field(default_factory=list)

    async def write(self, client: httpx2.AsyncClient) -> None:
        with contextlib.suppress(httpx2.TransportError):
            while True:
                known = [c for c in self.claims if c.review_id and not c.in_doubt and c.states[-1]]
                chance = self.rng.random()
                if self.movies and (not known or chance < 0.6):
                    await self._post(client)
                elif chance < 0.9:
                    await self._edit(client, self.rng.choice(known))
                else:
                    await self._delete(client, self.rng.choice(known))

    async def _post(self, client: httpx2.AsyncClient) -> None:
        claim = Claim(f"{self.name}-{len(self.claims)}", self.movies.pop())
        self.claims.append(claim)
        claim.states.append(self.rng.randint(1, 10))
        await self.repeat(client, claim)

    async def repeat(self, client: httpx2.AsyncClient, claim: Claim) -> None:
        """Post, for the first time or again, with the claim's key."""
        body = {"movie_id": claim.movie_id, "rating": claim.states[0], "text": "x" * 500}
        answer = await client.post(PATH, json=body, headers={"idempotency-key": claim.key})
        assert answer.status_code == 201, answer.text
        claim.review_id = answer.json()["id"]
        claim.told = len(claim.states)

    async def _edit(self, client: httpx2.AsyncClient, claim: Claim) -> None:
        claim.states.append(self.rng.randint(1, 10))
        answer = await client.patch(f"{PATH}/{claim.review_id}", json={"rating": claim.states[-1]})
        assert answer.status_code == 200, answer.text
        claim.told = len(claim.states)

    async def _delete(self, client: httpx2.AsyncClient, claim: Claim) -> None:
        claim.states.append(None)
        answer = await client.delete(f"{PATH}/{claim.review_id}")
        assert answer.status_code == 204, answer.text
        claim.told = len(claim.states)


async def write_until_killed(site: Site, writers: list[Writer], seconds: float) -> None:
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(site.many(each.name)) for each in writers]
        tasks = [
            asyncio.create_task(writer.write(client))
            for writer, client in zip(writers, clients, strict=True)
        ]
        await asyncio.sleep(seconds)
        await asyncio.to_thread(site.kill)
        await asyncio.gather(*tasks)


async def ask_again(site: Site, writers: list[Writer]) -> int:
    """Repeat, with its key, each post that was never answered: now it must be."""
    repeated = 0
    for writer in writers:
        async with site.many(writer.name) as client:
            for claim in writer.claims:
                if claim.in_doubt and len(claim.states) == 1:
                    await writer.repeat(client, claim)
                    repeated += 1
    return repeated


@dataclass
class Stored:
    """What the store holds: ratings by (author's name, movie), and the same by its events."""

    found: dict[tuple[str, str], int]
    told: dict[tuple[str, str], int]


def stored(site: Site) -> Stored:
    with contextlib.closing(sqlite3.connect(site.folder / "reviews.db")) as connection:
        names = dict(connection.execute("SELECT id, username FROM authors"))
        found = {
            (names[author], movie): rating
            for author, movie, rating in connection.execute(
                "SELECT author_id, movie_id, rating FROM reviews"
            )
        }
        told: dict[tuple[str, str], int] = {}
        for kind, body in connection.execute("SELECT kind, body FROM outbox ORDER BY place"):
            event = json.loads(body)
            if not kind.startswith("reviews.Review"):
                continue
            place = (names[event["author_id"]], event["movie_id"])
            if kind == "reviews.ReviewDeleted":
                del told[place]
            else:
                told[place] = event["rating"]
    return Stored(found, told)


def integrity(site: Site) -> dict[str, str]:
    verdicts = {}
    for path in sorted(site.folder.glob("*.db")):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            verdicts[path.name] = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return verdicts


async def settled(site: Site) -> None:
    """Wait until every listener has heard everything."""
    async with site.many() as client:
        deadline = time.monotonic() + 60
        while True:
            text = (await client.get("/metrics")).text
            behind = [
                float(line.rpartition(" ")[2])
                for line in text.splitlines()
                if line.startswith("marquee_listener_behind_events{")
            ]
            if behind and not any(behind):
                return
            assert time.monotonic() < deadline, f"still behind: {behind}"
            await asyncio.sleep(0.05)


async def wrong_tallies(site: Site, movie_ids: list[str]) -> list[str]:
    """The movies whose shown tally is not what counting their reviews gives."""
    await settled(site)
    async with site.asking(Reviews) as reviews, site.many() as client:
        recount: dict[str, Any] = {}
        for start in range(0, len(movie_ids), 500):
            recount |= await reviews.recount(movie_ids=movie_ids[start : start + 500])
        wrong = []
        for movie_id in movie_ids:
            shown = (await client.get(f"/api/v1/movies/{movie_id}")).json()["rating"]
            counted = recount.get(movie_id)
            expected = list(counted.histogram) if counted else [0] * 10
            if shown["histogram"] != expected or shown["count"] != sum(expected):
                wrong.append(movie_id)
    return wrong


async def test_nothing_acknowledged_is_lost_when_it_is_killed(a_site: Open) -> None:
    site = a_site()
    kills = figures.sized(4, 100)
    site.start()
    rng = random.Random(7)
    movies = [str(number) for number in range(1, FILMS + 1)]
    writers = []
    for number in range(WRITERS):
        site.join(f"writer{number}")
        writers.append(Writer(f"writer{number}", rng.sample(movies, FILMS), rng))
    restarts: list[float] = []
    repeated = 0
    for _kill in range(kills):
        for writer in writers:
            site.headers(writer.name)
        await write_until_killed(site, writers, rng.uniform(0.05, 0.5))
        restarts.append(site.start())
        repeated += await ask_again(site, writers)

    kept = stored(site)
    claims = {(w.name, c.movie_id): c for w in writers for c in w.claims}
    lost = [
        place
        for place, claim in claims.items()
        if kept.found.get(place) not in claim.states[max(0, claim.told - 1) :]
    ]
    unexpected = kept.found.keys() - claims.keys()
    doubtful = {place: claim for place, claim in claims.items() if claim.in_doubt}
    touched = sorted({movie for _name, movie in claims})
    restarts.sort()
    figures.keep(
        "F1",
        kills=kills,
        acknowledged=sum(claim.told for claim in claims.values()),
        in_doubt=len(doubtful) + repeated,
        recovered=sum(
            kept.found.get(place) == claim.states[-1] for place, claim in doubtful.items()
        ),
        asked_again=repeated,
        lost=len(lost),
        unexpected=len(unexpected),
        restart_median_s=round(restarts[len(restarts) // 2], 2),
        restart_longest_s=round(restarts[-1], 2),
    )
    assert sum(claim.told for claim in claims.values()) > kills
    assert (lost, unexpected) == ([], set())
    assert kept.told == kept.found
    assert await wrong_tallies(site, touched) == []
    assert set(integrity(site).values()) == {"ok"}
    assert restarts[-1] < RESTART_WITHIN
