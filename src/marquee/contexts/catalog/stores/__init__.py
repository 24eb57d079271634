"""Where the catalog lives: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.catalog.ports import CatalogStore, Lists
from marquee.engines.address import driver
from marquee.kit.errors import Invalid


async def open_store(url: str) -> CatalogStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.catalog.stores.sql import SqlCatalogStore

        return await SqlCatalogStore.open(url)
    if scheme == "mongodb":
        driver("pymongo", extra="mongodb")
        from marquee.contexts.catalog.stores.mongo import MongoCatalogStore

        return await MongoCatalogStore.open(url)
    raise Invalid(f"The catalog cannot live on {scheme}: here.", field="MARQUEE_CATALOG_URL")


async def open_lists(folder: Path, store: CatalogStore) -> Lists:
    """Lists that show what is in the store; a snapshot of them is kept in `folder`."""
    from marquee.contexts.catalog.stores.lists import MemoryLists

    return await MemoryLists.open(folder, store)
