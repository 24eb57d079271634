"""Every error a caller is meant to handle. Anything else is a bug and becomes a 500."""

from collections.abc import Mapping
from typing import Any, ClassVar


class MarqueeError(Exception):
    """Carries a stable `code` for machines and a `detail` for people.

    `field` names the part of the request at fault; `extra` members are shown beside it, such as
    the id of what stands in the way; `retry_after` is in seconds.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"
    again: ClassVar[int | None] = None
    """`retry_after` where none is given."""

    def __init__(
        self,
        detail: str,
        *,
        field: str | None = None,
        extra: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extra = dict(extra or {})
        self.retry_after = self.again if retry_after is None else retry_after


class BadRequest(MarqueeError):
    """The request itself cannot be read."""

    code, status, title = "bad_request", 400, "The request could not be read"


class Unauthenticated(MarqueeError):
    code, status, title = "unauthenticated", 401, "Sign in first"


class Forbidden(MarqueeError):
    code, status, title = "forbidden", 403, "Not allowed"


class NotFound(MarqueeError):
    code, status, title = "not_found", 404, "Not found"


class Conflict(MarqueeError):
    code, status, title = "conflict", 409, "It stands in the way of something else"


class Stale(MarqueeError):
    """Somebody changed it since the version the caller read."""

    code, status, title = "stale", 412, "It has changed since you read it"


class TooLarge(MarqueeError):
    code, status, title = "too_large", 413, "Too large"


class UnsupportedMedia(MarqueeError):
    code, status, title = "unsupported_media_type", 415, "Not a type this address reads"


class Invalid(MarqueeError):
    code, status, title = "invalid", 422, "A value is not acceptable"


class PreconditionMissing(MarqueeError):
    code, status, title = "precondition_required", 428, "Say which version you read"


class TooMany(MarqueeError):
    code, status, title = "too_many_requests", 429, "Too many tries"


class Unavailable(MarqueeError):
    """An engine or another service does not answer; nothing was changed."""

    code, status, title = "unavailable", 503, "Not available at the moment"


class OutOfSpace(MarqueeError):
    """The disk is full; nothing was changed."""

    code, status, title = "out_of_space", 507, "No space left to write"
    again = 10


def kinds() -> dict[str, type[MarqueeError]]:
    """Every kind of error by its code, so that one raised far away can be raised again here."""
    return {kind.code: kind for kind in MarqueeError.__subclasses__()}
