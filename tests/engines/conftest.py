"""What several tests of engines begin with."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.engines.own_redis import a_database
from tests.engines.writing import start
from tests.real import on

from marquee.engines.cache import Cache, open_cache
from marquee.engines.mongo import Database


@pytest.fixture(params=on("memory", "redis"))
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None, and an empty database of Redis."""
    if request.param == "memory":
        yield None
    else:
        with a_database() as url:
            yield url


@pytest.fixture
async def cache(url: str | None) -> AsyncIterator[Cache]:
    cache = await open_cache(url, field="X")
    yield cache
    await cache.close()


@pytest.fixture
async def shop(mongo_url: str) -> AsyncIterator[Database]:
    """On MongoDB, with nothing in it."""
    opened = await Database.open(mongo_url, of="shop", steps=[start])
    yield opened
    await opened.close()
