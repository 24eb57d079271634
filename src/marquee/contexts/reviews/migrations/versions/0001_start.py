"""Reviews, their authors' names, and the spine tables."""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, String, Text, UniqueConstraint

from marquee.engines.sql import create_spine_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_spine_tables(op)
    op.create_table(
        "authors",
        Column("id", String(64), primary_key=True),
        Column("username", String(64), nullable=False),
        Column("folded", String(64), nullable=False, unique=True),
        Column("display_name", String(200), nullable=False),
    )
    op.create_table(
        "reviews",
        Column("id", String(26), primary_key=True),
        Column("movie_id", String(64), nullable=False),
        Column("author_id", String(64), nullable=False),
        Column("rating", Integer, nullable=False),
        Column("text", Text),
        Column("html", Text),
        Column("has_spoilers", Boolean, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("created_at", String(32), nullable=False),
        Column("updated_at", String(32), nullable=False),
        Column("version", Integer, nullable=False),
        UniqueConstraint("movie_id", "author_id", name="one_review_per_person_and_movie"),
    )
    by_movie = ["movie_id", "active", "created_at", "id"]
    op.create_index("reviews_by_movie", "reviews", by_movie)
    op.create_index("reviews_by_movie_and_rating", "reviews", ["movie_id", "active", "rating"])
    op.create_index("reviews_by_author", "reviews", ["author_id", "active", "created_at", "id"])
    op.create_index("reviews_by_time", "reviews", ["active", "created_at", "id"])
