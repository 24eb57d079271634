"""Accounts, where they have signed in from, and the spine tables."""

from alembic import op
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "accounts",
        Column("id", String(26), primary_key=True),
        Column("username", String(64), nullable=False),
        Column("folded", String(128), nullable=False, unique=True),
        Column("look", String(128), nullable=False, unique=True),
        Column("email", String(254), nullable=False),
        Column("folded_email", String(512), nullable=False, unique=True),
        Column("password_hash", String(255), nullable=False),
        Column("display_name", String(200), nullable=False),
        Column("bio", Text, nullable=False),
        Column("role", String(20), nullable=False),
        Column("is_active", Boolean, nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("preferences", Text, nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("version", Integer, nullable=False),
    )
    op.create_index("accounts_by_time", "accounts", ["created_at", "id"])
    op.create_index("accounts_by_role", "accounts", ["role"])
    op.create_table(
        "places",
        Column(
            "account_id",
            String(26),
            ForeignKey("accounts.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        Column("mark", String(32), primary_key=True),
        Column("seen_at", String(32), nullable=False),
    )
    op.create_index("places_by_time", "places", ["seen_at"])
