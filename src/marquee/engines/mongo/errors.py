"""MongoDB's trouble as one of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from marquee.kit.errors import OutOfSpace, Unavailable

NOT_LET_IN = frozenset({11, 13, 18})
DUPLICATE = 11000
DISK_FULL = 14031
HELD = frozenset({24, 112})
"""LockTimeout, WriteConflict: what all change first is being changed by another one."""
ENDED = frozenset({251, 290, 11601})
"""NoSuchTransaction, TransactionExceededLifetimeLimitSeconds, Interrupted."""
RETRY_AFTER = 2
AWAY = (ConnectionFailure, ExecutionTimeout, WriteConcernError)
LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")


def is_transient(error: PyMongoError) -> bool:
    """Whether the transaction may do better when it is tried again; not when nobody is there.

    A line that was lost before the transaction began has no label.
    """
    if isinstance(error, ServerSelectionTimeoutError):
        return False
    is_safe = isinstance(error, AutoReconnect) or _code(error) in ENDED
    return is_safe or error.has_error_label("TransientTransactionError")


def is_held(error: PyMongoError) -> bool:
    """Whether it says that another one has the turn."""
    return _code(error) in HELD


def is_in_doubt(error: PyMongoError) -> bool:
    """Whether a commit that ended with it may have been made."""
    was_ended = _code(error) in ENDED and not error.has_error_label("TransientTransactionError")
    return was_ended or error.has_error_label("UnknownTransactionCommitResult")


def _code(error: PyMongoError) -> int | None:
    return error.code if isinstance(error, OperationFailure) else None


def translated(error: PyMongoError) -> Exception:
    """As an error of ours; as it is where it can only be a bug."""
    code = _code(error)
    if code == DISK_FULL:
        return OutOfSpace("The disk is full. This change was not made.")
    if code in NOT_LET_IN:
        return Unavailable("MongoDB does not let us in, or not do this: look at user and roles.")
    if isinstance(error, ConfigurationError):
        return Unavailable("MongoDB is older than 4.2, or cannot be asked as its URL says.")
    detail = _passing(error, code)
    return error if detail is None else Unavailable(detail, retry_after=RETRY_AFTER)


def _passing(error: PyMongoError, code: int | None) -> str | None:
    """What will be over soon, if it is that."""
    if code in HELD:
        return "Another process holds the turn to change this."
    if code in ENDED:
        return "MongoDB ended this before it was done. Nothing was changed."
    if isinstance(error, AWAY) or any(error.has_error_label(label) for label in LABELS):
        return "MongoDB does not answer."
    return None


def duplicate(error: BulkWriteError) -> DuplicateKeyError | None:
    """What one of many met, as it would have been told alone."""
    for one in error.details.get("writeErrors", ()) if error.details else ():
        if one.get("code") == DUPLICATE:
            return DuplicateKeyError("There is one such already.", DUPLICATE)
    return None


@contextmanager
def ours() -> Iterator[None]:
    """The cause is left out: what a driver says may name whom it is for."""
    try:
        yield
    except PyMongoError as error:
        found = translated(error)
        if found is error:
            raise
        raise found from None
