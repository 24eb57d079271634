"""Errors of the kit on their way over gRPC: the same kind goes in and comes out."""

import json
from collections.abc import Iterable
from typing import Any

import grpc

from marquee.kit.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    MarqueeError,
    NotFound,
    OutOfSpace,
    PreconditionMissing,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    kinds,
)

DETAILS = "marquee-error-bin"
MOST = 4096
"""Bytes of details in the trailing metadata, of which gRPC takes 8 KiB in all."""
SHORT = 256
STATUSES: dict[type[MarqueeError], grpc.StatusCode] = {
    BadRequest: grpc.StatusCode.INVALID_ARGUMENT,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    NotFound: grpc.StatusCode.NOT_FOUND,
    Conflict: grpc.StatusCode.ALREADY_EXISTS,
    Stale: grpc.StatusCode.ABORTED,
    TooLarge: grpc.StatusCode.OUT_OF_RANGE,
    UnsupportedMedia: grpc.StatusCode.INVALID_ARGUMENT,
    Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    PreconditionMissing: grpc.StatusCode.FAILED_PRECONDITION,
    TooMany: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
    OutOfSpace: grpc.StatusCode.RESOURCE_EXHAUSTED,
}


def status_of(error: MarqueeError) -> grpc.StatusCode:
    return STATUSES.get(_kind(error), grpc.StatusCode.UNKNOWN)


def summary_of(error: MarqueeError) -> str:
    """A line for tools that know nothing of our details."""
    return error.detail.encode(errors="replace").decode()[:SHORT]


def details_of(error: MarqueeError) -> bytes:
    """The error as JSON; where it is too long, first `extra` goes and then the detail's end."""
    told: dict[str, Any] = {"code": _kind(error).code, "detail": error.detail}
    known = {"field": error.field, "extra": error.extra, "retry_after": error.retry_after}
    told |= {name: value for name, value in known.items() if value not in (None, {})}
    written = json.dumps(told, default=str).encode()
    if len(written) > MOST:
        told.pop("extra", None)
        told |= {"detail": error.detail[:SHORT], "field": (error.field or "")[:SHORT] or None}
        written = json.dumps(told, default=str).encode()
    return written


def details_in(metadata: Iterable[tuple[str, str | bytes]]) -> MarqueeError | None:
    """The error that the far end raised, when it is one of ours."""
    written = next((value for name, value in metadata if name == DETAILS), None)
    if written is None:
        return None
    try:
        told = json.loads(written)
        kind = kinds().get(told["code"], MarqueeError)
        return kind(
            told["detail"],
            field=told.get("field"),
            extra=told.get("extra"),
            retry_after=told.get("retry_after"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def failure_of(code: grpc.StatusCode, summary: str | None, where: str) -> MarqueeError:
    """What a call that got no answer of ours comes to. `where` is `catalog.movies`."""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Unavailable(f"{where} did not answer in time.", retry_after=1)
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in (summary or ""):
        return TooLarge(f"{where}: more than fits into one message.")
    if code is grpc.StatusCode.UNAUTHENTICATED:
        return Unavailable(f"{where} does not know our key.", retry_after=30)
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return Unavailable(f"{where} is not offered there.", retry_after=30)
    if code in {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }:
        return Unavailable(f"{where} cannot be reached.", retry_after=1)
    return MarqueeError(f"{where} failed.")


def _kind(error: MarqueeError) -> type[MarqueeError]:
    """The kit's own kind: what a context derives from it is not known everywhere."""
    return next((kind for kind in type(error).__mro__ if kind in STATUSES), MarqueeError)
