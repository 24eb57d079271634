"""The catalog in MongoDB."""

from marquee.contexts.catalog.stores.mongo.store import MongoCatalogStore

__all__ = ["MongoCatalogStore"]
