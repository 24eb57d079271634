"""Where the index lives: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.search.ports import SearchIndex, SearchStore
from marquee.kit.errors import Invalid


async def open_index(folder: Path) -> SearchIndex:
    from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

    return await TantivySearchIndex.open(folder)


async def open_store(url: str) -> SearchStore:
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        from marquee.contexts.search.stores.sql import SqlSearchStore

        return await SqlSearchStore.open(url)
    raise Invalid(f"Search cannot live on {scheme}: here.", field="MARQUEE_SEARCH_URL")
