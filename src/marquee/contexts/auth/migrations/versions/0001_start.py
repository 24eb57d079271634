"""Sessions, and the spine tables."""

from alembic import op
from sqlalchemy import Column, Integer, String

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "sessions",
        Column("id", String(26), primary_key=True),
        Column("account_id", String(26), nullable=False),
        Column("kind", String(10), nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("digest", String(64), nullable=False, unique=True),
        Column("turn", Integer, nullable=False),
        Column("turned_at", String(32), nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("last_seen_at", String(32), nullable=False),
        Column("user_agent", String(200), nullable=False),
        Column("address", String(64), nullable=False),
    )
    op.create_index("sessions_by_account", "sessions", ["account_id", "last_seen_at"])
    op.create_index("sessions_by_time", "sessions", ["last_seen_at"])
