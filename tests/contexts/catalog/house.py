"""The catalog on its embedded store, its store on any engine, and what tests say to it."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx2
from litestar import Litestar, Request
from tests.contexts.hosting import Seat, an_app, built
from tests.mongo import a_database
from tests.real import fresh

from marquee.contexts.catalog import wiring
from marquee.contexts.catalog.contract import CreditFact, ExternalRating, MergeReport, MovieFacts
from marquee.contexts.catalog.ports import CatalogStore
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.stores import open_store
from marquee.kit.actor import Actor
from marquee.kit.context import Room
from marquee.kit.events import Heard

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADMIN = Actor("admin-1", "chief", "Chief", "admin")
MEMBER = Actor("member-1", "ada", "Ada", "regular")
ACTORS = {"admin": ADMIN, "member": MEMBER}


class StoppedClock:
    def now(self) -> datetime:
        return START


@dataclass
class Doorman:
    """Lets everybody be whom they say they are."""

    room: Room
    secret: bytes = b"not in the store"

    async def actor(self, request: Request[Any, Any, Any]) -> Actor | None:
        return ACTORS.get(request.headers.get("x-who", ""))

    def once(self, context: str) -> Any:
        assert context == "catalog"
        return self.room.once

    async def hear_now(self, context: str) -> None:
        """Nobody else is here to be heard."""


@dataclass
class House:
    room: Room
    app: Litestar
    folder: Path

    @property
    def catalog(self) -> CatalogService:
        return cast("CatalogService", self.room.service)

    def caller(self, who: str = "") -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=cast("Any", self.app), raise_app_exceptions=False)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", headers={"x-who": who}
        )

    async def merge(self, *movies: MovieFacts, source: str = "starter") -> MergeReport:
        return await self.catalog.merge(source=source, movies=movies)

    async def movie(self, movie_id: str = "1") -> dict[str, Any]:
        _, document = await self.catalog.get_movie(movie_id)
        return cast("dict[str, Any]", json.loads(document))

    async def everything(self) -> list[dict[str, Any]]:
        ids = await self.catalog.movie_ids(after="0", limit=10_000)
        return [await self.movie(id_) for id_ in ids]

    async def hear(self, *events: Any, first: int = 1, source: str = "reviews") -> None:
        await self.catalog.hear([Heard(source, first + at, one) for at, one in enumerate(events)])

    async def told(self) -> list[tuple[str, dict[str, Any]]]:
        """The events told so far."""
        assert self.room.outbox is not None
        sent = await self.room.outbox.events_after(0, 10_000)
        return [(one.kind.partition(".")[2], json.loads(one.body)) for one in sent]


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """Built as `wiring` builds it, on a store in `folder`."""
    room = await built(wiring, Seat("catalog", folder, StoppedClock()))
    app = an_app([room], Doorman(room))
    try:
        yield House(room, app, folder)
    finally:
        assert room.close is not None
        await room.close()


@asynccontextmanager
async def a_corner(engine: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a fresh place for a store on this engine, which is removed after."""
    match engine:
        case "mongodb":
            async with a_database() as url:
                yield url
        case _:
            with fresh(engine, folder) as url:
                yield url


@asynccontextmanager
async def open_on(engine: str, folder: Path) -> AsyncIterator[CatalogStore]:
    async with a_corner(engine, folder) as url:
        store = await open_store(url)
        try:
            yield store
        finally:
            await store.close()


def facts(title: str = "Solaris", year: int | None = 1972, **more: Any) -> MovieFacts:
    """What a source says; `cast` and `directors` may be plain names, `imdb` a (value, votes)."""
    cast_ = tuple(_credit(one) for one in more.pop("cast", ()))
    directors = (CreditFact(one, "Director", "Directing") for one in more.pop("directors", ()))
    crew = (*more.pop("crew", ()), *directors)
    if imdb := more.pop("imdb", None):
        more["external_ratings"] = (ExternalRating("imdb", imdb[0], 10, imdb[1]),)
    return replace(MovieFacts(title, year), cast=cast_, crew=crew, **more)


def _credit(one: str | CreditFact) -> CreditFact:
    return CreditFact(one) if isinstance(one, str) else one


def plain(documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Without what changes with every write."""
    return [
        {name: value for name, value in one.items() if name not in {"version", "updated_at"}}
        for one in documents
    ]


def names(credits_: Sequence[Mapping[str, Any]]) -> list[str]:
    return [one["name"] for one in credits_]


async def get(house: House, path: str, status: int = 200, who: str = "") -> Any:
    async with house.caller(who) as caller:
        answer = await caller.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()
