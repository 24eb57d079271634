"""The tables of reviews, and a review as a row of them."""

from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, Row, String, Table, Text

from marquee.contexts.reviews.model import Author, Review
from marquee.engines.sql import spine_tables
from marquee.kit.clock import moment, rfc3339

TABLES = MetaData()
spine_tables(TABLES)
REVIEWS = Table(
    "reviews",
    TABLES,
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
)
AUTHORS = Table(
    "authors",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("folded", String(64), nullable=False),
    Column("display_name", String(200), nullable=False),
)


def values_of(review: Review) -> dict[str, Any]:
    return {
        "id": review.id,
        "movie_id": review.movie_id,
        "author_id": review.author.id,
        "rating": review.rating,
        "text": review.text,
        "html": review.html,
        "has_spoilers": review.has_spoilers,
        "active": review.active,
        "created_at": rfc3339(review.created_at),
        "updated_at": rfc3339(review.updated_at),
        "version": review.version,
    }


def review_of(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        movie_id=row.movie_id,
        author=Author(row.author_id, row.username, row.display_name),
        rating=row.rating,
        text=row.text,
        html=row.html,
        has_spoilers=row.has_spoilers,
        active=row.active,
        created_at=moment(row.created_at),
        updated_at=moment(row.updated_at),
        version=row.version,
    )
