"""A search for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contexts.search.homes import Home, a_home
from tests.contexts.search.house import House, a_house
from tests.real import on

from marquee.contexts.search.ports import SearchIndex


@pytest.fixture(params=on("tantivy", "opensearch"))
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home(request.param, tmp_path) as found:
        yield found


@pytest.fixture
async def house(home: Home) -> AsyncIterator[House]:
    async with a_house(home.folder, url=home.url) as opened:
        yield opened


@pytest.fixture
async def index(home: Home) -> SearchIndex:
    return await home.index()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For tests that make a folder for each example."""
    return tmp_path_factory.mktemp("examples")
