"""Messages that were put aside, and the spine tables."""

from alembic import op
from sqlalchemy import Column, Integer, String, Text

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "parked",
        Column("id", String(200), primary_key=True),
        Column("parked_at", String(32), nullable=False),
        Column("message", Text, nullable=False),
        Column("tries", Integer, nullable=False),
    )
