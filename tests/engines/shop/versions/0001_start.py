"""Things and the spine tables."""

import sqlalchemy as sa
from alembic import op

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "things",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
