"""A search for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contexts.search.house import House, a_house

from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def index(tmp_path: Path) -> TantivySearchIndex:
    return await TantivySearchIndex.open(tmp_path / "index")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For tests that make a folder for each example."""
    return tmp_path_factory.mktemp("examples")
