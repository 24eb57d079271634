"""The spine tables: search keeps nothing else in SQL."""

from alembic import op

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
