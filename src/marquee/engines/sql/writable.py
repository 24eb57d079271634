"""Whether we may write in a database on a server."""

from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from marquee.engines.sql import raw
from marquee.engines.sql.troubles import NOT_ALLOWED, READ_ONLY, code_of, is_lost

STANDBY = "0A000"
"""What PostgreSQL says to whoever would write to a standby."""


def unwritable(connection: Connection) -> str | None:
    """Why nothing may be written there, None where something may. Nothing is changed.

    What only holds it up, such as a lock, is no reason.
    """
    try:
        raw.run(connection, "START TRANSACTION READ WRITE")
        raw.run(connection, "DELETE FROM outbox WHERE 1 = 0")
    except DBAPIError as error:
        if is_lost(error):
            raise
        return _why(code_of(error))
    finally:
        with suppress(DBAPIError):
            raw.run(connection, "ROLLBACK")
    return None


def _why(code: str | int | None) -> str | None:
    if code in READ_ONLY or code == STANDBY:
        return "it takes no changes: it is read-only"
    return "this user may not change what is there" if code in NOT_ALLOWED else None
