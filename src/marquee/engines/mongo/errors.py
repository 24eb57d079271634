"""MongoDB's trouble as one of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import (
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
RETRY_AFTER = 2
AWAY = (ConnectionFailure, ExecutionTimeout, WriteConcernError)
LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")


def is_transient(error: PyMongoError) -> bool:
    """Whether the transaction may do better when it is tried again; not when nobody is there."""
    gone = isinstance(error, ServerSelectionTimeoutError)
    return error.has_error_label("TransientTransactionError") and not gone


def translated(error: PyMongoError) -> Exception:
    """As an error of ours; as it is where it can only be a bug."""
    code = error.code if isinstance(error, OperationFailure) else None
    if code == DISK_FULL:
        return OutOfSpace("The disk is full. This change was not made.", retry_after=10)
    if code in NOT_LET_IN:
        return Unavailable("MongoDB does not let us in, or not do this: look at user and roles.")
    if isinstance(error, ConfigurationError):
        return Unavailable("MongoDB is older than 4.2, or cannot be asked as its URL says.")
    if isinstance(error, AWAY) or any(error.has_error_label(label) for label in LABELS):
        return Unavailable("MongoDB does not answer.", retry_after=RETRY_AFTER)
    return error


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
