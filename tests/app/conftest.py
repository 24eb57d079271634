"""The whole application on embedded stores, with a few films, asked without a network."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, CreditFact, MovieFacts

PASSWORD = "a long walk by the water"
SOLARIS = MovieFacts(
    title="Solaris </script><b>",
    year=1972,
    genres=("Drama", "Science Fiction"),
    cast=(CreditFact("Natalya Bondarchuk"),),
    crew=(CreditFact("Andrei Tarkovsky", "Director", "Directing"),),
)


@pytest.fixture
async def building(tmp_path: Path) -> AsyncIterator[Building]:
    async with opened(Settings(data=tmp_path / "data")) as found:
        await found.contract(Catalog).merge(
            source="test", movies=[SOLARIS, MovieFacts(title="Mirror", year=1975)]
        )
        await found.contract(Accounts).create_admin(
            username="boss", email="boss@films.example", password=PASSWORD
        )
        await found.relay.settle()
        yield found


@pytest.fixture
async def client(building: Building) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=web(building))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as found:
        yield found


@pytest.fixture
async def admin(client: httpx2.AsyncClient) -> dict[str, str]:
    login = {"login": "boss", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/login", json=login)
    return {"authorization": f"Bearer {answer.json()['access_token']}"}
