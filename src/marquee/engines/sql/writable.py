"""Whether we may write in a database on a server."""

from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from marquee.engines.sql import raw
from marquee.engines.sql.troubles import NOT_ALLOWED, READ_ONLY, code_of

STANDBY = "0A000"
"""What PostgreSQL says to whoever would write to a standby."""


def unwritable(connection: Connection) -> str | None:
    """Why nothing may be written there, None where something may. Nothing is changed."""
    try:
        raw.run(connection, "START TRANSACTION READ WRITE")
        raw.run(connection, "DELETE FROM outbox WHERE 1 = 0")
    except DBAPIError as error:
        code = code_of(error)
        if code in READ_ONLY or code == STANDBY:
            return "it takes no changes: it is read-only"
        if code in NOT_ALLOWED:
            return "this user may not change what is there"
        raise
    finally:
        with suppress(DBAPIError):
            raw.run(connection, "ROLLBACK")
    return None
