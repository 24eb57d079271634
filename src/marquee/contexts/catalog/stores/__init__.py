"""Where the catalog lives: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.catalog.ports import CatalogStore, Lists
from marquee.engines.address import driver, scheme_of
from marquee.kit.findings import Look

SETTING = "MARQUEE_CATALOG_URL"
TAKEN = ("sqlite", "postgresql", "mysql", "mongodb")


async def open_store(url: str) -> CatalogStore:
    if scheme_of(url, taken=TAKEN, field=SETTING) == "mongodb":
        driver("pymongo", extra="mongodb")
        from marquee.contexts.catalog.stores.mongo import MongoCatalogStore

        return await MongoCatalogStore.open(url)
    from marquee.contexts.catalog.stores.sql import SqlCatalogStore

    return await SqlCatalogStore.open(url)


async def open_lists(folder: Path, store: CatalogStore) -> Lists:
    """Lists that show what is in the store; a snapshot of them is kept in `folder`."""
    from marquee.contexts.catalog.stores.lists import MemoryLists

    return await MemoryLists.open(folder, store)


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    if scheme_of(url, taken=TAKEN, field=SETTING) == "mongodb":
        driver("pymongo", extra="mongodb")
        from marquee.contexts.catalog.stores.mongo import MongoCatalogStore as Store
        from marquee.engines.mongo.look import look as look_at_documents

        return await look_at_documents(url, of=Store.of, steps=Store.steps)
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.catalog.migrations")
