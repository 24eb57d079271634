"""The same town in three shapes: one building for all, one each, and processes on real engines."""

import asyncio
import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx2
import pytest
from tests.journeys.services import Deployment, a_deployment
from tests.logged import Log, logged
from tests.ports import free_port

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.contexts import CONTEXTS
from marquee.app.control import control
from marquee.app.serving import opened, working
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, CreditFact, ExternalRating, MovieFacts
from marquee.contexts.ingestion.service import IngestionService

SHAPES: dict[str, list[list[str]]] = {
    "one process": [list(CONTEXTS)],
    "a service each": [[name] for name in CONTEXTS],
}
PLACES = (
    (
        re.compile(r"^/api/v1/(movies/[^/]+/reviews|users/[^/]+/reviews|reviews|me/reviews)"),
        "reviews",
    ),
    (re.compile(r"^/api/v1/(accounts|me|users)"), "accounts"),
    (re.compile(r"^/(api/v1/auth|\.well-known)"), "auth"),
    (re.compile(r"^/api/v1/search"), "search"),
    (re.compile(r"^/"), "catalog"),
)
C = TypeVar("C")
PASSWORD = "a long walk by the water"


class Town(ABC):
    """Members, and those who run the place, wherever its services are."""

    @property
    @abstractmethod
    def is_split(self) -> bool:
        """Whether there is a service for each context."""

    @abstractmethod
    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response: ...

    @abstractmethod
    async def settle(self) -> None:
        """Let every event arrive, also those that arriving ones cause."""

    @abstractmethod
    def contract(self, kind: type[C]) -> C: ...

    @abstractmethod
    async def bring_in(self, file: Path) -> None:
        """Import it."""

    async def sign_in(self, name: str) -> dict[str, str]:
        answer = await self.ask(
            "POST", "/api/v1/auth/login", json={"login": name, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    async def join(self, name: str) -> dict[str, str]:
        """Register and sign in: the headers to ask with from then on."""
        new = {"username": name, "email": f"{name}@films.example", "password": PASSWORD}
        answer = await self.ask("POST", "/api/v1/accounts", json=new)
        assert answer.status_code == 201, answer.text
        return await self.sign_in(name)

    async def join_as_admin(self, name: str) -> dict[str, str]:
        accounts = self.contract(Accounts)
        await accounts.create_admin(username=name, email=f"{name}@films.example", password=PASSWORD)
        return await self.sign_in(name)

    async def open_with(self, *movies: MovieFacts) -> None:
        catalog = self.contract(Catalog)
        report = await catalog.merge(source="journey", movies=movies)
        assert report.created == len(movies)
        await self.settle()


@dataclass
class Near(Town):
    """In this process, one building or several."""

    buildings: dict[str, Building] = field(default_factory=dict)
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)

    @property
    def is_split(self) -> bool:
        return len({id(one) for one in self.buildings.values()}) > 1

    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """To the service that answers this address, as the edge would send it."""
        name = next(name for pattern, name in PLACES if pattern.match(path))
        return await self.clients[name].request(method, path, **given)

    async def settle(self) -> None:
        relays = {id(each.relay): each.relay for each in self.buildings.values()}
        for _round in range(3):
            for relay in relays.values():
                await relay.settle()

    def contract(self, kind: type[C]) -> C:
        return self.buildings[kind.__module__.split(".")[2]].contract(kind)

    async def bring_in(self, file: Path) -> None:
        ingestion = cast("IngestionService", self.buildings["ingestion"].rooms["ingestion"].service)
        await ingestion.import_files([file])


@dataclass
class Far(Town):
    """A process each, on real engines, behind nginx."""

    deployment: Deployment
    client: httpx2.AsyncClient

    @property
    def is_split(self) -> bool:
        return True

    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        return await self.client.request(method, path, **given)

    async def settle(self) -> None:
        await self.deployment.settle()

    def contract(self, kind: type[C]) -> C:
        return self.deployment.contract(kind)

    async def bring_in(self, file: Path) -> None:
        await asyncio.to_thread(self.deployment.command, "import", str(file))


def a_movie(title: str, year: int, **facts: Any) -> MovieFacts:
    known: dict[str, Any] = {
        "genres": ("Drama",),
        "cast": (CreditFact("Natalya Bondarchuk"),),
        "crew": (CreditFact("Andrei Tarkovsky", "Director", "Directing"),),
        "external_ratings": (ExternalRating("IMDb", 8.0, 10.0, 90_000, "2017-01"),),
    }
    return MovieFacts(title=title, year=year, **{**known, **facts})


@pytest.fixture
def log() -> Iterator[Log]:
    """Of this process."""
    with logged() as found:
        yield found


@pytest.fixture
def otlp_url() -> str | None:
    """Where the town sends its traces; a module with a collector says another."""
    return None


@pytest.fixture(params=[*SHAPES, pytest.param("engines behind nginx", marks=pytest.mark.engine)])
async def town(
    request: pytest.FixtureRequest, tmp_path: Path, otlp_url: str | None
) -> AsyncIterator[Town]:
    if request.param in SHAPES:
        async with near(request.param, tmp_path, otlp_url) as town:
            yield town
        return
    traced = {"otlp_url": otlp_url} if otlp_url else {}
    async with a_deployment(tmp_path, **traced) as deployment:
        url = f"http://127.0.0.1:{deployment.port}"
        async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
            yield Far(deployment, client)


@contextlib.asynccontextmanager
async def near(shape: str, tmp_path: Path, otlp_url: str | None) -> AsyncIterator[Near]:
    houses = SHAPES[shape]
    ports = {name: free_port() for name in CONTEXTS}
    key = tmp_path / "service.key"
    key.write_text("a shared secret that only these services in this test know")
    town = Near()
    async with contextlib.AsyncExitStack() as stack:
        for names in houses:
            settings = the_settings(tmp_path, names, ports, key, alone=len(houses) > 1)
            settings = replace(settings, otlp_url=otlp_url)
            building = await stack.enter_async_context(opened(settings, names))
            await stack.enter_async_context(control(building))
            client = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=web(building)), base_url="http://127.0.0.1"
            )
            await stack.enter_async_context(client)
            town.buildings |= dict.fromkeys(names, building)
            town.clients |= dict.fromkeys(names, client)
        yield town


@pytest.fixture
async def busy_town(town: Town) -> AsyncIterator[Town]:
    """The same with its relays running by themselves."""
    if not isinstance(town, Near):
        yield town
        return
    async with contextlib.AsyncExitStack() as stack:
        for building in {id(each): each for each in town.buildings.values()}.values():
            await stack.enter_async_context(working(building))
        yield town


def the_settings(
    folder: Path, names: Sequence[str], ports: dict[str, int], key: Path, *, alone: bool
) -> Settings:
    if not alone:
        return Settings(data=folder / "all")
    elsewhere = {
        f"{name}_at": f"grpc://127.0.0.1:{port}"
        for name, port in ports.items()
        if name not in names
    }
    [name] = names
    return Settings(
        data=folder / name,
        grpc=f"127.0.0.1:{ports[name]}",
        service_key_file=key,
        of_contexts=elsewhere,
    )
