"""Writers who keep a ledger of what they were told, and what a store must hold by it."""

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.reliability.films import FILMS
from tests.reliability.site import Site

WRITERS = 8
AWAY = 503
PATH = "/api/v1/reviews"
Place = tuple[str, str]
"""The author's name and the movie."""
Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""What a database answers to a query."""


class Away(Exception):
    """The store is."""


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
    may_wait: bool = False
    """Whether its store may be away, so that 503 leaves a claim in doubt and ends the writing."""
    claims: list[Claim] = field(default_factory=list)

    async def write(self, client: httpx2.AsyncClient) -> None:
        with contextlib.suppress(httpx2.TransportError, Away):
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
        self._check(answer, 201)
        claim.review_id = answer.json()["id"]
        claim.told = len(claim.states)

    async def _edit(self, client: httpx2.AsyncClient, claim: Claim) -> None:
        claim.states.append(self.rng.randint(1, 10))
        answer = await client.patch(f"{PATH}/{claim.review_id}", json={"rating": claim.states[-1]})
        self._check(answer, 200)
        claim.told = len(claim.states)

    def _check(self, answer: httpx2.Response, code: int) -> None:
        if self.may_wait and answer.status_code == AWAY:
            raise Away
        assert answer.status_code == code, answer.text

    async def _delete(self, client: httpx2.AsyncClient, claim: Claim) -> None:
        claim.states.append(None)
        answer = await client.delete(f"{PATH}/{claim.review_id}")
        self._check(answer, 204)
        claim.told = len(claim.states)


async def write_until_killed(
    site: Site, writers: list[Writer], seconds: float, kill: Callable[[], None] | None = None
) -> None:
    """`kill` ends something that the site lives on, instead of the site."""
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(site.many(each.name)) for each in writers]
        tasks = [
            asyncio.create_task(writer.write(client))
            for writer, client in zip(writers, clients, strict=True)
        ]
        await asyncio.sleep(seconds)
        await asyncio.to_thread(kill or site.kill)
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


def stored(ask: Ask) -> Stored:
    names: dict[str, str] = dict(ask("SELECT id, username FROM authors"))
    rows = ask("SELECT author_id, movie_id, rating FROM reviews")
    found = {(names[author], movie): rating for author, movie, rating in rows}
    told: dict[tuple[str, str], int] = {}
    for kind, body in ask("SELECT kind, body FROM outbox ORDER BY place"):
        event = json.loads(body)
        if not kind.startswith("reviews.Review"):
            continue
        place = (names[event["author_id"]], event["movie_id"])
        if kind == "reviews.ReviewDeleted":
            told.pop(place, None)
        else:
            told[place] = event["rating"]
    return Stored(found, told)


def joined(site: Site, rng: random.Random, *, may_wait: bool = False) -> list[Writer]:
    """New members of a running site, each with films of their own to write about."""
    movies = [str(number) for number in range(1, FILMS + 1)]
    writers = []
    for number in range(WRITERS):
        site.join(f"writer{number}")
        order = rng.sample(movies, FILMS)
        writers.append(Writer(f"writer{number}", order, rng, may_wait))
    return writers


@dataclass
class Verdict:
    """What the ledger of all writers says about what is stored."""

    acknowledged: int
    in_doubt: int
    recovered: int
    lost: list[Place]
    unexpected: set[Place]
    touched: list[str]
    """The movies that were written about."""

    def figures(self) -> dict[str, int]:
        return {
            "acknowledged": self.acknowledged,
            "in_doubt": self.in_doubt,
            "recovered": self.recovered,
            "lost": len(self.lost),
            "unexpected": len(self.unexpected),
        }


def judged(writers: list[Writer], kept: Stored) -> Verdict:
    claims = {(w.name, c.movie_id): c for w in writers for c in w.claims}
    doubtful = {place: claim for place, claim in claims.items() if claim.in_doubt}
    return Verdict(
        acknowledged=sum(claim.told for claim in claims.values()),
        in_doubt=len(doubtful),
        recovered=sum(kept.found.get(p) == claim.states[-1] for p, claim in doubtful.items()),
        lost=[
            place
            for place, claim in claims.items()
            if claim.told and kept.found.get(place) not in claim.states[claim.told - 1 :]
        ],
        unexpected={
            place
            for place, rating in kept.found.items()
            if place not in claims or rating not in claims[place].states
        },
        touched=sorted({movie for _name, movie in claims}),
    )
