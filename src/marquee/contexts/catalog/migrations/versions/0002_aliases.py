"""What movies are known by has their alternative titles too."""

import json
from collections.abc import Sequence
from typing import Any

from alembic import op
from sqlalchemy import Column, Connection, Text

from marquee.contexts.catalog.model.telling import aliases_of
from marquee.engines.sql import raw

revision = "0002"
down_revision = "0001"
AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("marks", Column("aliases", Text))
    connection = op.get_bind()
    last = 0
    while rows := _movies(connection, last):
        found = [(_aliases(document), id_) for id_, document in rows]
        named = [(aliases, id_) for aliases, id_ in found if aliases]
        if named:
            sql = "UPDATE marks SET aliases = ? WHERE movie_id = ?"
            raw.run_many(connection, sql, named)
        last = rows[-1][0]


def _movies(connection: Connection, after: int) -> Sequence[Any]:
    sql = "SELECT id, document FROM movies WHERE id > ? ORDER BY id LIMIT ?"
    return raw.rows(connection, sql, (after, AT_ONCE))


def _aliases(document: bytes) -> str | None:
    """As the store writes them: a list of folded titles with the year."""
    movie = json.loads(document)
    found = aliases_of(movie["alternative_titles"], movie["year"])
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else None
