"""Movies, what they are known by, people, platforms, counters, and the spine tables.

On SQLite what keys lead to is in memory, not in `lookups`.
"""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Text

from marquee.engines.sql import create_spine_tables, is_served

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "movies",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("title", String(500), nullable=False),
        Column("year", Integer),
        Column("poster_url", String(1000), nullable=False),
        Column("edited", Integer, nullable=False),
        Column("memory", Text, nullable=False),
        Column("document", LargeBinary, nullable=False),
    )
    op.create_table(
        "marks",
        Column("movie_id", Integer, primary_key=True, autoincrement=False),
        Column("imdb_id", String(12)),
        Column("tmdb_id", Integer),
        Column("year", Integer),
        Column("folded", String(500), nullable=False),
        Column("folded_original", String(500)),
        Column("former", Text),
        Column("gone", Boolean, nullable=False),
    )
    op.create_table(
        "people",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("name", String(200), nullable=False),
        Column("folded", String(200), nullable=False),
        Column("aliases", Text, nullable=False),
        Column("imdb_id", String(12)),
        Column("tmdb_id", Integer),
        Column("first_year", Integer),
        Column("last_year", Integer),
        Column("departments", Text, nullable=False),
        Column("gone", Boolean, nullable=False),
        Column("version", Integer, nullable=False),
    )
    op.create_table(
        "platforms",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("name", String(100), nullable=False),
        Column("folded", String(100), nullable=False, unique=True),
        Column("about", String(1000)),
        Column("url", String(1000)),
        Column("version", Integer, nullable=False),
    )
    counters = op.create_table(
        "counters",
        Column("name", String(20), primary_key=True),
        Column("last", Integer, nullable=False),
    )
    if is_served(op.get_bind()):
        op.create_table(
            "lookups",
            Column("hash", Integer, primary_key=True, autoincrement=False),
            Column("id", Integer, primary_key=True, autoincrement=False),
        )
    kinds = ("movie", "person", "platform")
    op.bulk_insert(counters, [{"name": name, "last": 0} for name in kinds])
