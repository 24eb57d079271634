"""Members who review films one after the other, and whether every film's tally is what they said."""

import asyncio
import contextlib
import itertools
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
from tests.journeys.services import Deployment
from tests.reliability.cast import Cast
from tests.reliability.services.asks import FILMS
from tests.reliability.site import NO_TLS

from marquee.contexts.reviews.contract import Reviews
from marquee.kit.errors import Unavailable

CROWD = 8
RATE = 50.0
OFTEN = 0.5
MOVIES = [str(number) for number in range(1, FILMS + 1)]


@dataclass
class Crowd:
    """Each member rates each film once, and then says another rating, again and again."""

    port: int
    members: list[dict[str, str]]
    statuses: Counter[int] = field(default_factory=Counter)
    reviews: dict[tuple[int, str], str] = field(default_factory=dict)
    _stop: bool = False

    @classmethod
    async def gathered(cls, cast: Cast) -> "Crowd":
        names = [await asyncio.to_thread(cast.site.newcomer) for _ in range(CROWD)]
        members = [await asyncio.to_thread(cast.site.headers, name) for name in names]
        return cls(cast.site.port, members)

    @property
    def written(self) -> int:
        return self.statuses[200] + self.statuses[201]

    @contextlib.asynccontextmanager
    async def writing(self, rate: float = RATE) -> AsyncIterator[None]:
        """About so many a second, while the block runs."""
        self._stop = False
        pause = len(self.members) / rate
        async with httpx2.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", timeout=20, trust_env=False, verify=NO_TLS
        ) as client:
            tasks = [
                asyncio.create_task(self._write(client, number, pause))
                for number in range(len(self.members))
            ]
            try:
                yield
            finally:
                self._stop = True
                await asyncio.gather(*tasks)

    async def _write(self, client: httpx2.AsyncClient, member: int, pause: float) -> None:
        for movie in itertools.cycle(MOVIES):
            began = time.monotonic()
            if self._stop:
                return
            await self._say(client, member, movie)
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))

    async def _say(self, client: httpx2.AsyncClient, member: int, movie: str) -> None:
        """Once more with the same key where it was refused: then it is done once all the same."""
        known = self.reviews.get((member, movie))
        said = {"rating": secrets.randbelow(10) + 1}
        headers = self.members[member]
        if known is None:
            headers = {**headers, "idempotency-key": secrets.token_hex(8)}
            answer = await client.post(
                "/api/v1/reviews", json={"movie_id": movie, **said}, headers=headers
            )
        else:
            headers = {**headers, "if-match": "*"}
            answer = await client.patch(f"/api/v1/reviews/{known}", json=said, headers=headers)
        self.statuses[answer.status_code] += 1
        if answer.status_code == 201:
            self.reviews[member, movie] = answer.json()["id"]
        if answer.status_code == 409:  # it was made, though nobody told
            mine = await client.get("/api/v1/me/reviews?limit=100", headers=self.members[member])
            for one in mine.json().get("items", ()):
                self.reviews[member, one["movie"]["id"]] = one["id"]


async def differences(deployment: Deployment) -> list[str]:
    """The films whose tally in the catalog is not what a count of the reviews themselves gives.

    Or who cannot be asked now.
    """
    found = []
    try:
        truth = await deployment.contract(Reviews).recount(movie_ids=MOVIES)
    except Unavailable:  # whoever was killed is still starting
        return ["reviews"]
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{deployment.port}", trust_env=False, verify=NO_TLS
    ) as client:
        for movie in MOVIES:
            # Under a name of its own nothing that was kept answers.
            host = {"host": f"{secrets.token_hex(4)}.films.example"}
            answer = await client.get(f"/api/v1/movies/{movie}", headers=host)
            if answer.status_code != 200:
                return ["catalog"]
            told = answer.json()["rating"]
            counted = truth[movie].count if movie in truth else 0
            histogram = list(truth[movie].histogram) if movie in truth else [0] * 10
            if told["count"] != counted or list(told["histogram"]) != histogram:
                found.append(movie)
    return found


async def drained(deployment: Deployment, within: float) -> float:
    """Seconds until every tally is right."""
    began = time.monotonic()
    while left := await differences(deployment):
        assert time.monotonic() - began < within, f"still different after {within} s: {left}"
        await asyncio.sleep(OFTEN)
    return time.monotonic() - began
