"""Where an index may live, for tests that hold wherever it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests.real import real

from marquee.contexts.search.ports import SearchIndex, SearchStore
from marquee.contexts.search.stores import open_index, open_store
from marquee.engines.opensearch import Cluster, address


@dataclass
class Home:
    """A place of a test's own. What is opened here is closed when the test is over."""

    url: str
    folder: Path
    opened: list[SearchIndex | SearchStore] = field(default_factory=list)

    async def index(self) -> SearchIndex:
        """The one that lives here, opened once more."""
        found = await open_index(self.url, self.folder)
        self.opened.append(found)
        return found

    async def store(self) -> SearchStore:
        found = await open_store(self.url)
        self.opened.append(found)
        return found

    async def names(self) -> list[str]:
        """Of the indexes that are kept here."""
        if not self.url.startswith("opensearch:"):
            return [path.name for path in self.folder.glob("index-*")]
        async with a_cluster(self.url) as cluster:
            return list(await cluster.indexes(f"{address(self.url).name}-2*"))


def a_url(prefix: str | None = None) -> str:
    """A prefix on OpenSearch that nobody else has."""
    return f"{real('opensearch').rstrip('/')}/{prefix or f't{uuid4().hex[:12]}'}"


@asynccontextmanager
async def a_home(engine: str, folder: Path) -> AsyncIterator[Home]:
    """Nothing is left of it afterwards."""
    url = f"sqlite:///{folder / 'search.db'}" if engine == "tantivy" else a_url()
    home = Home(url, folder)
    try:
        yield home
    finally:
        for one in home.opened:
            await one.close()
        if engine != "tantivy":
            await cleared(url)


async def cleared(url: str) -> None:
    """Drop every index of its prefix."""
    async with a_cluster(url) as cluster:
        name = address(url).name
        await cluster.drop(*await cluster.indexes(f"{name},{name}-*"))


@asynccontextmanager
async def a_cluster(url: str) -> AsyncIterator[Cluster]:
    cluster = await Cluster.open(address(url))
    try:
        yield cluster
    finally:
        await cluster.close()
