"""An engine's trouble as one of ours. Nothing of what a driver says reaches whoever asked."""

import errno

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as NoneFree

from marquee.kit.errors import Invalid, MarqueeError, OutOfSpace, Unavailable

RETRY_AFTER = 1
FULL = {"53100", 1021, 1114}
"""PostgreSQL's five letters; MySQL's numbers."""
READ_ONLY = {"25006", 1290, 1792, 1836}
NOT_ALLOWED = {"42501", 1142, 1143}
"""Our user was given too little, or has lost it."""
CROSSED = {"40001", "40P01", 1213}
"""Two writers stood in each other's way, and the server chose this one to begin anew."""
ENDED = {"57P01", "57P02", "57P03", 0, 1053, 1927, 2002, 2003, 2006, 2013, 2014, 2055, 4031}
"""The connection is gone, or was never made."""
LOST = {"42P01", 1146}
"""A table is not there."""
AWAY = (OperationalError, InterfaceError, InternalError, OSError, NoneFree)


def translated(error: BaseException) -> BaseException:
    """An engine's trouble as one of ours; anything else as it is."""
    if isinstance(error, MarqueeError):
        return error
    text, code = str(error).lower(), code_of(error)
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if full or code in FULL or "database or disk is full" in text:
        return OutOfSpace("The disk is full. This change was not made.")
    if isinstance(error, DataError):
        return Invalid("It holds a value that the store cannot keep.")
    why = _why(error, text, code)
    return error if why is None else Unavailable(f"The store {why}.", retry_after=RETRY_AFTER)


def _why(error: BaseException, text: str, code: str | int | None) -> str | None:
    """It cannot be used now; None where the error is a mistake of ours."""
    if code in LOST or "no such table" in text:
        return "lacks a table"
    if code in READ_ONLY:
        return "is read-only"
    if code in NOT_ALLOWED:
        return "does not let its user do that"
    if isinstance(error, AWAY) or (isinstance(error, DatabaseError) and "disk i/o error" in text):
        return "did not take the change"
    return None


def is_passing(error: BaseException) -> bool:
    """Whether the same may well succeed on a new connection."""
    code = code_of(error)
    return is_lost(error) or code in CROSSED or code in READ_ONLY


def is_lost(error: BaseException) -> bool:
    """Whether the connection is gone, or was never made."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError)
    code = code_of(error)
    if isinstance(code, str):
        return code in ENDED or code.startswith("08")
    is_silent = code is None and hasattr(error.orig, "sqlstate")  # psycopg, when nobody answers
    away = isinstance(error, (OperationalError, InterfaceError))
    return error.connection_invalidated or code in ENDED or (is_silent and away)


def code_of(error: BaseException) -> str | int | None:
    """PostgreSQL's SQLSTATE or MySQL's number of an error, where a server sent one."""
    orig = getattr(error, "orig", None)
    first = orig.args[0] if orig is not None and orig.args else None
    if isinstance(first, int):
        return first
    state: str | None = getattr(orig, "sqlstate", None)
    return state
