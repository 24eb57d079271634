"""The same town in two shapes: one building for all, or one building each, over real sockets."""

import contextlib
import re
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from marquee.app.assemble import CONTEXTS, Building, web
from marquee.app.serving import control, opened, working
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, CreditFact, ExternalRating, MovieFacts

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
PASSWORD = "a long walk by the water"


@dataclass
class Town:
    buildings: dict[str, Building] = field(default_factory=dict)
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)

    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """To the service that answers this address, as the edge would send it."""
        name = next(name for pattern, name in PLACES if pattern.match(path))
        return await self.clients[name].request(method, path, **given)

    async def settle(self) -> None:
        """Let every event arrive, also those that arriving ones cause."""
        relays = {id(each.relay): each.relay for each in self.buildings.values()}
        for _round in range(3):
            for relay in relays.values():
                await relay.settle()

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
        accounts = self.buildings["accounts"].contract(Accounts)
        await accounts.create_admin(username=name, email=f"{name}@films.example", password=PASSWORD)
        return await self.sign_in(name)

    async def open_with(self, *movies: MovieFacts) -> None:
        catalog = self.buildings["catalog"].contract(Catalog)
        report = await catalog.merge(source="journey", movies=movies)
        assert report.created == len(movies)
        await self.settle()


def a_movie(title: str, year: int, **facts: Any) -> MovieFacts:
    known: dict[str, Any] = {
        "genres": ("Drama",),
        "cast": (CreditFact("Natalya Bondarchuk"),),
        "crew": (CreditFact("Andrei Tarkovsky", "Director", "Directing"),),
        "external_ratings": (ExternalRating("IMDb", 8.0, 10.0, 90_000, "2017-01"),),
    }
    return MovieFacts(title=title, year=year, **{**known, **facts})


@pytest.fixture
def otlp_url() -> str | None:
    """Where the town sends its traces; a module with a collector says another."""
    return None


@pytest.fixture(params=SHAPES)
async def town(
    request: pytest.FixtureRequest, tmp_path: Path, otlp_url: str | None
) -> AsyncIterator[Town]:
    houses = SHAPES[request.param]
    ports = {name: free_port() for name in CONTEXTS}
    key = tmp_path / "service.key"
    key.write_text("a shared secret that only these services in this test know")
    town = Town()
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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
