"""What is counted, held or kept in this process, or in Redis for all."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.engines.own_redis import a_database
from tests.real import on

from marquee.engines.cache import Cache, open_cache


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
