"""Every error over HTTP as an RFC 9457 problem, in one place."""

import json
import re
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DatabaseError

from marquee.kit import errors

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
STATUS_KINDS = {
    400: errors.BadRequest,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    413: errors.TooLarge,
    415: errors.UnsupportedMedia,
}
DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The body is over the limit of 1 MiB.",
}
HEADERS = {"cache-control": "no-store"}
PLACE = re.compile(r"[a-z][a-z+]*://\S*[^\s.,:;]")
"""Where an engine lives: the log tells it, and nobody outside needs it."""


def of_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """An error that contexts raise on purpose."""
    if not isinstance(error, errors.MarqueeError):
        return of_bug(request, error)
    headers, detail = dict(HEADERS), error.detail
    if error.status >= errors.MarqueeError.status:
        log.warning("a request was not answered", path=request.scope["path"], reason=detail)
        detail = PLACE.sub(lambda it: "an engine" if it.start() else "An engine", detail)
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    if error.status == errors.Unauthenticated.status:
        headers["www-authenticate"] = 'Bearer realm="marquee"'
    return _problem(request, type(error), error.status, detail, error, headers)


def of_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refuses before an endpoint sees it."""
    status = error.status_code
    internal = 500
    if status >= internal:
        return of_bug(request, error)
    kind = STATUS_KINDS.get(status, errors.BadRequest)
    detail = DETAILS.get(status, "The request could not be read.")
    headers = {**HEADERS, **{k.lower(): v for k, v in (error.headers or {}).items()}}
    if "allow" in headers:
        headers["allow"] = _with_head(headers["allow"])
    about = kind(detail, field="body") if kind is errors.TooLarge else None
    return _problem(request, kind, status, detail, about, headers)


def of_bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Anything else is our fault: logged whole, shown as nothing but a number to report."""
    path = request.scope["path"]
    log.error("a request failed", path=path, exc_info=error)
    if isinstance(error, DatabaseError):
        detail = "The store did not answer. Try again."
        headers = {**HEADERS, "retry-after": "1"}
        return _problem(request, errors.Unavailable, 503, detail, None, headers)
    detail = "Something went wrong on this side. The request number tells which log line."
    return _problem(request, errors.MarqueeError, 500, detail, None, HEADERS)


def unreadable(status: int) -> bytes:
    """The problem of a request that never got as far as having a number."""
    is_long = status != errors.BadRequest.status
    body = {
        "type": f"/problems/{errors.BadRequest.code}",
        "title": errors.BadRequest.title,
        "status": status,
        "code": errors.BadRequest.code,
        "detail": "The headers are too long."
        if is_long
        else "This is no HTTP request we can read.",
    }
    return json.dumps(body).encode()


def _with_head(allow: str) -> str:
    """The edge answers HEAD wherever there is a GET, and the framework does not know."""
    methods = set(allow.split(", "))
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope.get("marquee.request_id", ""))


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    request: Request[Any, Any, Any],
    kind: type[errors.MarqueeError],
    status: int,
    detail: str,
    error: errors.MarqueeError | None,
    headers: dict[str, str],
) -> Response[bytes]:
    code = "method_not_allowed" if status == 405 else kind.code  # noqa: PLR2004 - the only one
    body = {
        "type": f"/problems/{code}",
        "title": kind.title if status == kind.status else "Not a method this address takes",
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id(request),
    }
    if error is not None:
        body |= error.extra
        if error.field is not None:
            body["field"] = error.field
            body["errors"] = [{"field": error.field, "message": detail}]
    # json escapes what is no Unicode, such as half a surrogate pair quoted from the request.
    raw = json.dumps(body).encode()
    return Response(raw, status_code=status, headers=headers, media_type=MEDIA_TYPE)


HANDLERS: dict[type[Exception] | int, Any] = {
    errors.MarqueeError: of_error,
    HTTPException: of_http,
    Exception: of_bug,
}
"""What turns which error into a problem."""
