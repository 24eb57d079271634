"""What an endpoint answers: a value and, where needed, how to send it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Response
from litestar.datastructures import Cookie as LitestarCookie

from marquee.kit.paging import Page

ENCODER = msgspec.json.Encoder()
PRIVATE = "no-store"
PUBLIC = "public, no-cache"
NOT_MODIFIED = 304


@dataclass(frozen=True)
class Cookie:
    """`max_age` in seconds; 0 takes the cookie back, None ends with the browser."""

    name: str
    value: str
    max_age: int | None = None
    secure: bool = True
    http_only: bool = True

    def header(self) -> LitestarCookie:
        return LitestarCookie(
            key=self.name,
            value=self.value,
            max_age=self.max_age,
            path="/",
            secure=self.secure,
            httponly=self.http_only,
            samesite="lax",
        )


@dataclass(frozen=True)
class Answer:
    """`value` is encoded as JSON unless it is bytes already; `etag` comes without quotes."""

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    cookies: Sequence[Cookie] = ()
    media_type: str = "application/json"


def encoded(value: Any) -> bytes:
    """JSON; a Page becomes `{"items", "next", "total"}` and its facets when it has any."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, Page):
        shown: dict[str, Any] = {"items": value.items, "next": value.next, "total": value.total}
        if value.facets is not None:
            shown["facets"] = value.facets
        return ENCODER.encode(shown)
    return ENCODER.encode(value)


def mark_of(body: bytes) -> str:
    """A strong entity tag for these bytes."""
    return hashlib.blake2b(body, digest_size=9).hexdigest()


def response(answer: Answer, *, public: bool, if_none_match: str | None) -> Response[bytes]:
    body = b"" if answer.value is None else encoded(answer.value)
    etag = answer.etag or (mark_of(body) if public else None)
    headers = {"cache-control": PUBLIC if public else PRIVATE, **answer.headers}
    status = answer.status
    if etag is not None:
        headers["etag"] = f'"{etag}"'
        if if_none_match is not None and matches(if_none_match, etag):
            status, body = NOT_MODIFIED, b""
    return Response(
        body,
        status_code=status,
        headers=headers,
        cookies=[cookie.header() for cookie in answer.cookies],
        media_type=answer.media_type,
    )


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match names this tag, weakly compared as RFC 9110 says."""
    if header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/").strip('"') == etag for part in header.split(","))
