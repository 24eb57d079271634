"""F9: two messages among a thousand that nobody can take are put aside, and the others go on."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from tests.engines.queues import KIND, QUICK, Place, at_work, raze, until, until_dead
from tests.real import on, real
from tests.reliability import figures
from tests.reliability.films import FILMS
from tests.reliability.test_power_loss import NOW
from tests.topics import topics

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.parked.contract import Parked
from marquee.app.serving import opened, working
from marquee.app.settings import Settings
from marquee.contexts.reviews.contract import Reviews
from marquee.contexts.reviews.events import ReviewPosted
from marquee.contexts.reviews.model import Author, Review
from marquee.engines.queue import crew
from marquee.kit.errors import Conflict
from marquee.kit.events import Heard
from marquee.kit.ids import new_id
from marquee.kit.work import Task

GOOD = figures.sized(250, 1_000)
MOST_TRIES = 5
WITHIN = 60.0
POISON, BROKEN = GOOD // 2, GOOD * 7 // 10
"""Which of them raises whenever it is heard, and which one's body is no JSON."""
GARBAGE = '{"review_id": '


def a_review(number: int) -> Review:
    author = Author(f"author-{number // FILMS}", f"writer{number // FILMS}", "Writer")
    return Review(
        id=new_id(),
        movie_id=str(number % FILMS + 1),
        author=author,
        rating=number % 10 + 1,
        text="",
        html="",
        has_spoilers=False,
        active=True,
        created_at=NOW,
        updated_at=NOW,
        version=1,
    )


async def post(building: Building) -> list[Review]:
    """Into the store itself, which is quicker than by a thousand requests."""
    store: Any = building.rooms["reviews"].outbox
    reviews = [a_review(number) for number in range(GOOD + 2)]

    async def add(review: Review) -> None:
        about = {"review_id": review.id, "movie_id": review.movie_id, "rating": review.rating}
        await store.add(review, [ReviewPosted(author_id=review.author.id, **about)])

    for start in range(0, len(reviews), 100):
        await asyncio.gather(*map(add, reviews[start : start + 100]))
    return reviews


def break_one(folder: Path, review: Review) -> None:
    with closing(sqlite3.connect(folder / "reviews.db")) as connection:
        body = f'%"{review.id}"%'
        broken = connection.execute("UPDATE outbox SET body = ? WHERE body LIKE ?", (GARBAGE, body))
        assert broken.rowcount == 1
        connection.commit()


@dataclass
class Trouble:
    """Stands before the listeners of reviews; raises at one review while it is told to."""

    review_id: str
    is_there: bool = True

    def before(self, building: Building) -> None:
        for delivery in building.relay.deliveries:
            if delivery.source == "reviews":
                delivery.listener = self._behind(delivery.listener)

    def _behind(
        self, listener: Callable[[Sequence[Heard]], Awaitable[None]]
    ) -> Callable[[Sequence[Heard]], Awaitable[None]]:
        async def hear(batch: Sequence[Heard]) -> None:
            for heard in batch:
                if self.is_there and getattr(heard.event, "review_id", "") == self.review_id:
                    raise ValueError("no tally for this one")
            await listener(batch)

        return hear


@pytest.fixture(params=on("sqlite", "kafka"))
async def events_url(request: pytest.FixtureRequest) -> AsyncIterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    async with topics() as url:
        yield url


@asynccontextmanager
async def poisoned(
    template: Path, folder: Path, events_url: str | None
) -> AsyncIterator[tuple[Building, Trouble, list[Review]]]:
    """A building whose relay has just begun to carry them."""
    shutil.copytree(template, folder)
    settings = Settings(data=folder, starter=False, events_url=events_url)
    async with opened(settings) as building:
        reviews = await post(building)
        break_one(folder, reviews[BROKEN])
        trouble = Trouble(reviews[POISON].id)
        trouble.before(building)
        async with working(building):
            yield building, trouble, reviews


async def figure(client: httpx2.AsyncClient, name: str) -> float:
    lines = (await client.get("/metrics")).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name}{{"))


async def counted(client: httpx2.AsyncClient) -> int:
    """How many reviews the tallies of all movies hold."""
    total = 0
    for movie in range(1, FILMS + 1):
        total += (await client.get(f"/api/v1/movies/{movie}")).json()["rating"]["count"]
    return total


@dataclass
class Outcome:
    applied: int
    parked: tuple[Parked, ...]
    metric: float


async def carried(building: Building, client: httpx2.AsyncClient) -> Outcome:
    """What stands when the relay has nothing left to do, or there was no more time."""

    async def is_quiet() -> bool:
        if await figure(client, "marquee_parked_messages") < 2:
            return False
        behind = await building.behind()
        return not any(behind.values()) and await counted(client) >= GOOD

    try:
        async with asyncio.timeout(WITHIN):
            while not await is_quiet():  # noqa: ASYNC110 - it asks from outside, as an operator does
                await asyncio.sleep(0.1)
    except TimeoutError:
        pass  # whoever asked judges what there is
    metric = await figure(client, "marquee_parked_messages")
    return Outcome(await counted(client), await building.parked.messages(), metric)


def asking(building: Building) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=web(building))
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_a_thousand_events_go_on_past_two_that_nobody_can_take(
    template: Path, tmp_path: Path, events_url: str | None
) -> None:
    async with (
        poisoned(template, tmp_path / "data", events_url) as (building, trouble, reviews),
        asking(building) as client,
    ):
        found = await carried(building, client)
        assert (found.applied, found.metric) == (GOOD, 2)
        assert max(message.tries for message in found.parked) <= MOST_TRIES
        reasons = {message.error: message for message in found.parked}
        raising = reasons.pop("ValueError: no tally for this one")
        ((why, broken),) = reasons.items()
        assert "JSON" in why or "truncated" in why
        assert broken.body == GARBAGE
        with pytest.raises(Conflict):
            await building.parked.replay(message_id=raising.id)
        trouble.is_there = False
        await building.parked.replay(message_id=raising.id)
        with pytest.raises(Conflict):
            await building.parked.replay(message_id=broken.id)
        await building.parked.drop(message_id=broken.id)
        assert await counted(client) == GOOD + 1
        assert await figure(client, "marquee_parked_messages") == 0
        recount = await building.contract(Reviews).recount(movie_ids=[reviews[POISON].movie_id])
        shown = (await client.get(f"/api/v1/movies/{reviews[POISON].movie_id}")).json()
        tally = recount[reviews[POISON].movie_id]
        assert shown["rating"]["histogram"] == list(tally.histogram)
    way = "kafka" if events_url else "outbox"
    figures.keep("F9", **{way: {"good": found.applied, "parked": len(found.parked)}})


@pytest.fixture(params=on("sqlite", "rabbitmq"))
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    monkeypatch.setattr(crew, "POLL", 0.02)
    if request.param == "sqlite":
        yield Place(f"sqlite:///{tmp_path}/queue.db")
        return
    url, prefix = real("rabbitmq"), f"test.{new_id()}"
    yield Place(f"{url}?prefix={prefix}")
    await raze(url, prefix)


async def test_a_thousand_tasks_go_on_past_two_that_nobody_can_do(place: Place) -> None:
    done: list[int] = []
    tries: dict[str, int] = {}
    is_mended = False

    async def worker(task: Task) -> None:
        tries[task.body] = max(task.attempts, tries.get(task.body, 0))
        number = 0 if is_mended and task.body == GARBAGE else msgspec.json.decode(task.body)
        if number == POISON and not is_mended:
            raise ValueError("no stamps")
        done.append(number)

    async with place.opened() as queue:
        bodies = [str(number) for number in range(1, GOOD + 2)]
        bodies.insert(BROKEN, GARBAGE)
        for start in range(0, len(bodies), 50):
            batch = bodies[start : start + 50]
            await asyncio.gather(*(queue.put(KIND, body) for body in batch))
        async with at_work(queue, worker, at_once=8, patience=QUICK):
            await until(lambda: len(done) >= GOOD, within=WITHIN)
            dead = await until_dead(queue, 2)
            assert sorted(done) == [n for n in range(1, GOOD + 2) if n != POISON]
            assert {one.task.body for one in dead} == {GARBAGE, str(POISON)}
            assert all(one.error for one in dead)
            assert max(tries.values()) == MOST_TRIES
            is_mended = True
            for one in dead:
                await queue.revive(one.task.id)
            await until(lambda: len(done) >= GOOD + 2)
            assert await queue.dead() == []
    way = "sqlite" if place.url.startswith("sqlite") else "rabbitmq"
    figures.keep("F9", **{f"queue_{way}": {"good": GOOD, "parked": len(dead)}})
