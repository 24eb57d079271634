"""Tasks, and the spine tables."""

from alembic import op
from sqlalchemy import Column, Integer, String, Text, text

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None
ALIVE = text("died_at IS NULL")


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "tasks",
        Column("place", Integer, primary_key=True),
        Column("id", String(26), nullable=False, unique=True),
        Column("kind", String(100), nullable=False),
        Column("key", String(100)),
        Column("body", Text, nullable=False),
        Column("rank", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("put_at", String(32), nullable=False),
        Column("due_at", String(32), nullable=False),
        Column("holder", String(26)),
        Column("error", Text),
        Column("died_at", String(32)),
        sqlite_autoincrement=True,
    )
    next_one = ["kind", "rank", "due_at", "place"]
    op.create_index("tasks_next", "tasks", next_one, sqlite_where=ALIVE)
    op.create_index("tasks_by_key", "tasks", ["kind", "key"], sqlite_where=text("key IS NOT NULL"))
    dead = text("died_at IS NOT NULL")
    op.create_index("tasks_dead", "tasks", ["died_at", "place"], sqlite_where=dead)
