"""Where the index and its place live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.search.ports import SearchIndex, SearchStore
from marquee.engines.address import scheme_of
from marquee.kit.findings import Look

SETTING = "MARQUEE_SEARCH_URL"
TAKEN = ("sqlite", "opensearch")


async def open_index(url: str, folder: Path) -> SearchIndex:
    """Beside a SQLite file the index is in the `folder`, which no other process may have."""
    if scheme_of(url, taken=TAKEN, field=SETTING) == "opensearch":
        from marquee.contexts.search.stores.opensearch.index import OpenSearchIndex

        return await OpenSearchIndex.open(url)
    from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

    return await TantivySearchIndex.open(folder)


async def open_store(url: str) -> SearchStore:
    if scheme_of(url, taken=TAKEN, field=SETTING) == "opensearch":
        from marquee.contexts.search.stores.opensearch.places import OpenSearchStore

        return await OpenSearchStore.open(url)
    from marquee.contexts.search.stores.sql import SqlSearchStore

    return await SqlSearchStore.open(url)


async def look(url: str, folder: Path) -> Look:
    """The index and its place as they stand, left as they are."""
    if scheme_of(url, taken=TAKEN, field=SETTING) == "opensearch":
        from marquee.contexts.search.stores.opensearch.look import look as look_at_cluster

        return await look_at_cluster(url)
    from marquee.contexts.search.stores.tantivy.look import look as look_at_folder

    return await look_at_folder(url, folder)
