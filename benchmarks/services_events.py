"""How fast facts travel between services, and how soon a change is found."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import httpx2
from tests.journeys.services import Deployment, topics
from tests.real import fresh

from benchmarks.table import table
from marquee.app.parked.broker import BrokerParking
from marquee.app.passes import HEADER, Passes
from marquee.app.relay.broker import Consume, Publish
from marquee.app.relay.delivery import Delivery
from marquee.app.remote.tokens import Key
from marquee.engines.bus.kafka import Kafka
from marquee.engines.sql import SqlStore
from marquee.engines.sql.spine import hear, tell
from marquee.kit.events import Event, Heard, kind_of

EVENTS, SAMPLES = 20_000, 200
WITHIN, LOOK_EVERY = 30.0, 0.01


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    key_field: ClassVar[str] = "lamp"

    lamp: str


class Street(SqlStore):
    """Tells of lamps, and hears of them: the place of each is kept with its effect."""

    migrations = "marquee.contexts.catalog.migrations"
    heard = 0

    async def light(self, count: int) -> None:
        events = [LampLit(lamp=str(number)) for number in range(count)]
        await self._db.write(lambda connection: tell(connection, events))

    async def hear(self, batch: Sequence[Heard]) -> None:
        ends = (batch[0], batch[-1]) if len(batch) > 1 else batch  # as the catalog does it
        await self._db.write(lambda connection: [hear(connection, one) for one in ends])
        self.heard += len(batch)


async def carried(folder: Path) -> float:
    """Events a second from an outbox on PostgreSQL through Kafka to a listener on PostgreSQL."""
    async with AsyncExitStack() as stack:
        here, there = (stack.enter_context(fresh("postgresql", folder)) for _ in range(2))
        kafka = await Kafka.open(await stack.enter_async_context(topics()))
        telling, hearing = await Street.open(here), await Street.open(there)
        kinds: dict[str, type[Event]] = {kind_of(LampLit): LampLit}
        delivery = Delivery("hall", "street", hearing.hear, kinds, BrokerParking(kafka))
        ways = [Publish("street", telling, kafka), Consume(delivery, kafka, "hall")]
        tasks = [asyncio.create_task(_carry(way)) for way in ways]
        try:
            await telling.light(500)  # a group takes its time to form
            await _until(hearing, 500)
            await telling.light(EVENTS)
            began, before = time.perf_counter(), hearing.heard
            await _until(hearing, 500 + EVENTS)
            return (hearing.heard - before) / (time.perf_counter() - began)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in (*ways, telling, hearing):
                await one.close()
            await kafka.close()


async def _carry(way: Publish | Consume) -> None:
    while True:
        if not await way.step():
            await way.rest()


async def _until(street: Street, count: int) -> None:
    while street.heard < count:  # noqa: ASYNC110 - an event would be more work than it measures
        await asyncio.sleep(0.005)


async def searchable(found: Deployment, edge: int, admin: str, ids: Sequence[str]) -> None:
    """A movie gets a new title, and search itself is asked for it until it knows."""
    passes = Passes(Key.load(found.folder / "data" / "service.key"))
    search = f"http://127.0.0.1:{found.http['search'][0]}/api/v1/search"
    written, seen = [], []
    async with httpx2.AsyncClient(timeout=10) as client:
        for number in range(SAMPLES):
            word = f"zq{uuid4().hex[:10]}"
            began = time.perf_counter()
            await asyncio.to_thread(_rename, edge, ids[number % len(ids)], word, admin)
            answered = time.perf_counter()
            while True:
                headers = {HEADER: passes.of(None)}
                answer = await client.get(search, params={"q": word}, headers=headers)
                if answer.status_code == 200 and word in answer.text:
                    break
                assert time.perf_counter() < answered + WITHIN, f"{word} was not found"
                await asyncio.sleep(LOOK_EVERY)
            written.append(answered - began)
            seen.append(time.perf_counter() - answered)
    rows = [_times("a change, until answered", written), _times("then, until found", seen)]
    print(table([f"{SAMPLES} changes of a movie", "p50", "p99", "most"], rows))


def _times(name: str, times: Sequence[float]) -> list[str]:
    ranked = sorted(times)
    picked = (ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.99)], ranked[-1])
    return [name, *(f"{one * 1000:.0f} ms" for one in picked)]


def _rename(port: int, movie: str, title: str, token: str) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/movies/{movie}",
        json.dumps({"title": title}).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "If-Match": "*",
        },
        method="PATCH",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()
