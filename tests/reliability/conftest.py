"""A site made once, and copies of it for those who break things."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest
from tests.reliability import films, watch
from tests.reliability.films import FILMS
from tests.reliability.site import PASSWORD, Site, copied

from marquee.app.assemble import web
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, CreditFact, ExternalRating, MovieFacts

MEMBERS = ("ada", "bo", "mo")
AT_ONCE = 500
Open = Callable[..., Site]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with films (ids from 1), two members (ada, bo), a moderator (mo) and an
    admin (boss).
    """
    folder = tmp_path_factory.mktemp("template") / "data"
    asyncio.run(furnish(folder))
    return folder


async def furnish(folder: Path, **urls: str) -> None:
    """`urls` are of stores that live elsewhere, such as `reviews_url`."""
    async with opened(Settings(data=folder, of_contexts=urls)) as building:
        movies = [facts(row) for row in films.rows(FILMS)]
        catalog = building.contract(Catalog)
        for start in range(0, FILMS, AT_ONCE):
            await catalog.merge(source="starter", movies=movies[start : start + AT_ONCE])
        assert len(await catalog.movie_ids(after="0", limit=FILMS + 1)) == FILMS
        boss = {"username": "boss", "email": "boss@films.example", "password": PASSWORD}
        await building.contract(Accounts).create_admin(**boss)
        transport = httpx2.ASGITransport(app=web(building))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for name in MEMBERS:
                new = {"username": name, "email": f"{name}@films.example", "password": PASSWORD}
                assert (await client.post("/api/v1/accounts", json=new)).status_code == 201
            signed = await client.post(
                "/api/v1/auth/login", json={"login": "boss", "password": PASSWORD}
            )
            bearer = {"authorization": f"Bearer {signed.json()['access_token']}"}
            moderator = await client.patch(
                "/api/v1/users/mo", json={"role": "moderator"}, headers=bearer
            )
            assert moderator.status_code == 200, moderator.text
        await building.relay.settle()


def facts(row: dict[str, object]) -> MovieFacts:
    """A row of the starter's format as what its import would say."""
    made = msgspec.convert(row, films.Row)
    return MovieFacts(
        title=made.title,
        year=made.year,
        imdb_id=made.imdb_id,
        genres=made.genres,
        languages=made.languages,
        runtime_minutes=made.runtime,
        keywords=made.keywords,
        cast=tuple(CreditFact(name) for name in made.cast),
        crew=tuple(CreditFact(name, "Director", "Directing") for name in made.directors),
        external_ratings=(ExternalRating("IMDb", made.rating, 10, made.votes),),
    )


@pytest.fixture(scope="session")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for all tests that leave it as they found it."""
    with copied(template, tmp_path_factory.mktemp("site") / "data") as site:
        site.start()
        yield site
        assert site.stop() == 0, site.said()


@pytest.fixture
def a_site(template: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a site of the test's own, not started yet; settings by name."""
    with contextlib.ExitStack() as stack:
        count = 0

        def open_one(source: Path | None = None, **settings: str) -> Site:
            nonlocal count
            count += 1
            made = copied(source or template, tmp_path / f"site{count}" / "data", **settings)
            return stack.enter_context(made)

        yield open_one


@pytest.fixture(scope="session", autouse=True)
def _figures_of_errors() -> Iterator[None]:
    yield
    watch.tell()
