"""The catalog in a SQL database."""

from marquee.contexts.catalog.stores.sql.store import SqlCatalogStore

__all__ = ["SqlCatalogStore"]
