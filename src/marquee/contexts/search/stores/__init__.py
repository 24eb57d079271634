"""Where the index and its place live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.search.ports import SearchIndex, SearchStore
from marquee.kit.errors import Invalid
from marquee.kit.findings import Look


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
    raise _elsewhere(url)


def _scheme(url: str) -> str:
    return url.partition(":")[0]


async def look(url: str, folder: Path) -> Look:
    """The index and its place as they stand, left as they are."""
    if _scheme(url) == "opensearch":
        from marquee.contexts.search.stores.opensearch.look import look as look_at_cluster

        return await look_at_cluster(url)
    if _scheme(url) != "sqlite":
        raise _elsewhere(url)
    from marquee.contexts.search.stores.tantivy.look import look as look_at_folder

    return await look_at_folder(url, folder)


def _elsewhere(url: str) -> Invalid:
    return Invalid(f"Search cannot live on {_scheme(url)}: here.", field="MARQUEE_SEARCH_URL")
