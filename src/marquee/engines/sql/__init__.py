"""One door to SQLite, PostgreSQL and MySQL, with the outbox and inbox they share."""

from marquee.engines.sql import raw
from marquee.engines.sql.database import Database
from marquee.engines.sql.spine import create_spine_tables, is_served, spine_tables
from marquee.engines.sql.store import SqlStore

__all__ = ["Database", "SqlStore", "create_spine_tables", "is_served", "raw", "spine_tables"]
