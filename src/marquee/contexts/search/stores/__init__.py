"""Where the index and its place live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.search.ports import SearchIndex, SearchStore
from marquee.kit.errors import Invalid


async def open_index(url: str, folder: Path) -> SearchIndex:
    """Beside a SQLite file the index is in the `folder`, which no other process may have."""
    if _scheme(url) == "opensearch":
        from marquee.contexts.search.stores.opensearch.index import OpenSearchIndex

        return await OpenSearchIndex.open(url)
    from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

    return await TantivySearchIndex.open(folder)


async def open_store(url: str) -> SearchStore:
    scheme = _scheme(url)
    if scheme == "opensearch":
        from marquee.contexts.search.stores.opensearch.places import OpenSearchStore

        return await OpenSearchStore.open(url)
    if scheme == "sqlite":
        from marquee.contexts.search.stores.sql import SqlSearchStore

        return await SqlSearchStore.open(url)
    raise Invalid(f"Search cannot live on {scheme}: here.", field="MARQUEE_SEARCH_URL")


def _scheme(url: str) -> str:
    return url.partition(":")[0]
