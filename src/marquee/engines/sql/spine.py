"""The tables every SQL store has: what to tell, what was heard, what was asked once, whose turn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
)

from marquee.engines.sql import raw
from marquee.kit.clock import rfc3339
from marquee.kit.events import Event, Heard, Sent, kind_of
from marquee.kit.once import Once

PLACE = BigInteger().with_variant(Integer(), "sqlite")
ENCODER = msgspec.json.Encoder()
TELL = 'INSERT INTO outbox (id, kind, "key", at, body) VALUES (?, ?, ?, ?, ?)'


def _outbox(tables: MetaData) -> Table:
    return Table(
        "outbox",
        tables,
        Column("place", PLACE, primary_key=True),
        Column("id", String(26), nullable=False),
        Column("kind", String(100), nullable=False),
        Column("key", String(64), nullable=False),
        Column("at", String(32), nullable=False),
        Column("body", Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _inbox(tables: MetaData) -> Table:
    return Table(
        "inbox",
        tables,
        Column("source", String(100), primary_key=True),
        Column("place", PLACE, nullable=False),
    )


def _once(tables: MetaData) -> Table:
    return Table(
        "once",
        tables,
        Column("id", PLACE, primary_key=True),
        Column("who", String(64), nullable=False),
        Column("key", String(255), nullable=False),
        Column("fingerprint", String(64), nullable=False),
        Column("answer", Text),
        Column("at", String(32), nullable=False),
        UniqueConstraint("who", "key", name="once_who_key"),
    )


def _turn(tables: MetaData) -> Table:
    """One row, locked by whoever writes; and the context that these tables belong to."""
    return Table(
        "turn",
        tables,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("owner", String(200), nullable=False),
    )


TABLES = MetaData()
OUTBOX, INBOX, ONCE = _outbox(TABLES), _inbox(TABLES), _once(TABLES)
TURN = _turn(MetaData())


def spine_tables(tables: MetaData) -> None:
    """Describe the three tables in a context's own metadata too."""
    _outbox(tables), _inbox(tables), _once(tables)


def create_spine_tables(op: Any) -> None:
    """The first migration of each context calls this with alembic's `op`."""
    connection = op.get_bind()
    for table in TABLES.sorted_tables:
        table.create(connection)
    if is_served(connection):
        TURN.create(connection)
        raw.run(connection, "INSERT INTO turn (id, owner) VALUES (1, '')")


def is_served(connection: Connection) -> bool:
    """Whether other processes may write too; a SQLite file is one process's own."""
    return connection.dialect.name != "sqlite"


def tell(connection: Connection, events: Sequence[Event]) -> None:
    raw.run_many(connection, TELL, [_row(event) for event in events])


def _row(event: Event) -> tuple[str, ...]:
    return (
        event.id,
        kind_of(type(event)),
        str(getattr(event, event.key_field)),
        rfc3339(event.at),
        ENCODER.encode(event).decode(),
    )


def hear(connection: Connection, heard: Heard) -> bool:
    """True the first time; the place moves on in the caller's transaction."""
    if heard.place <= heard_up_to(connection, heard.source):
        return False
    given = (heard.place, heard.source)
    if not raw.run(connection, "UPDATE inbox SET place = ? WHERE source = ?", given):
        raw.run(connection, "INSERT INTO inbox (place, source) VALUES (?, ?)", given)
    return True


def heard_up_to(connection: Connection, source: str) -> int:
    found = raw.row(connection, "SELECT place FROM inbox WHERE source = ?", (source,))
    return int(found[0]) if found else 0


def events_after(connection: Connection, place: int, limit: int) -> list[Sent]:
    sql = 'SELECT place, id, kind, "key", body FROM outbox WHERE place > ? ORDER BY place LIMIT ?'
    return [Sent(*found) for found in raw.rows(connection, sql, (place, limit))]


def last_place(connection: Connection) -> int:
    found = raw.row(connection, "SELECT max(place) FROM outbox")
    return int(found[0] or 0) if found else 0


def keep_once(connection: Connection, asked: Once, at: datetime) -> None:
    """Keep the key with its answer; raises IntegrityError when the key was kept before."""
    connection.execute(
        insert(ONCE).values(
            who=asked.who,
            key=asked.key,
            fingerprint=asked.fingerprint,
            answer=asked.answer,
            at=rfc3339(at),
        )
    )


def find_once(connection: Connection, who: str, key: str) -> tuple[str, str | None] | None:
    """The fingerprint of the request and its answer."""
    row = connection.execute(
        select(ONCE.c.fingerprint, ONCE.c.answer).where(ONCE.c.who == who, ONCE.c.key == key)
    ).first()
    return (row.fingerprint, row.answer) if row else None
