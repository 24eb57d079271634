"""Whether we may write in a database on a server, found by trying what changes nothing."""

from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from marquee.engines.sql import raw
from marquee.engines.sql.troubles import NOT_ALLOWED, READ_ONLY, code_of, is_lost

STANDBY = "0A000"
"""What PostgreSQL says to whoever would write to a standby."""
NO_SCHEMA = "3F000"
TABLE = {
    "postgresql": "CREATE TABLE marquee_probe (id INTEGER)",
    "mysql": "CREATE TABLE marquee_probe LIKE marquee_nothing",
}
"""The first one rolls it back with the rest; the other looks for what is not there, once it may."""


def unwritable(connection: Connection) -> str | None:
    """Why nothing may be written there, None where something may. Nothing is changed.

    What only holds it up, such as a lock, is no reason.
    """
    return _refusal(connection, "DELETE FROM outbox WHERE 1 = 0", "change what is there")


def unmakable(connection: Connection) -> str | None:
    """The same of making tables in an empty database."""
    name = connection.dialect.name
    if name == "mysql":  # there a table ends the transaction that it would be made in
        raw.run(connection, "SET SESSION TRANSACTION READ WRITE")
    try:
        return _refusal(connection, TABLE[name], "make tables there")
    finally:
        if name == "mysql":
            raw.run(connection, "SET SESSION TRANSACTION READ ONLY")


def _refusal(connection: Connection, sql: str, what: str) -> str | None:
    try:
        raw.run(connection, "START TRANSACTION READ WRITE")
        raw.run(connection, sql)
    except DBAPIError as error:
        if is_lost(error):
            raise
        return _why(code_of(error), what)
    finally:
        with suppress(DBAPIError):
            raw.run(connection, "ROLLBACK")
    return None


def _why(code: str | int | None, what: str) -> str | None:
    if code in READ_ONLY or code == STANDBY:
        return "it takes no changes: it is read-only"
    return f"this user may not {what}" if code in {*NOT_ALLOWED, NO_SCHEMA} else None
