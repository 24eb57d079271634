"""What an endpoint answers: a value and, where needed, how to send it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar.datastructures import Cookie as LitestarCookie

from marquee.kit.paging import Page

ENCODER = msgspec.json.Encoder()
UNKEPT = "no-store"
PRIVATE = "private, no-cache"
PUBLIC = "public, no-cache"
NO_CONTENT, MULTIPLE_CHOICES, NOT_MODIFIED = 204, 300, 304
JSON = "application/json"


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
    """`value` is encoded as JSON unless it is bytes already; `etag` comes without quotes.

    `version` is for a reading that shows more than what has the version: its entity tag then begins
    with it, for If-Match, and goes on with a mark of all that is shown.
    """

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    version: int | None = None
    cookies: Sequence[Cookie] = ()
    media_type: str = JSON


@dataclass(frozen=True)
class Reply:
    """An ASGI application that sends one whole answer, without what the framework's would add."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        headers = list(self.headers)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


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


def reply(answer: Answer, *, cache_control: str, if_none_match: str | None) -> Reply:
    """With an entity tag, unless nobody may keep it and it brought none."""
    body = b"" if answer.value is None else encoded(answer.value)
    etag = answer.etag
    if answer.version is not None:
        etag = f"{answer.version}-{mark_of(body)}"
    elif etag is None and cache_control != UNKEPT and answer.status < MULTIPLE_CHOICES:
        etag = mark_of(body)
    headers = {"cache-control": cache_control, **answer.headers}
    status = answer.status
    if etag is not None:
        headers["etag"] = f'"{etag}"'
        if if_none_match is not None and matches(if_none_match, etag):
            status, body = NOT_MODIFIED, b""
    if status not in {NO_CONTENT, NOT_MODIFIED}:
        is_text = answer.media_type.startswith("text/")
        headers["content-type"] = answer.media_type + ("; charset=utf-8" if is_text else "")
        headers["content-length"] = str(len(body))
    sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent += [cookie.header().to_encoded_header() for cookie in answer.cookies]
    return Reply(status, sent, body)


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match names this tag, weakly compared as RFC 9110 says."""
    if header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/").strip('"') == etag for part in header.split(","))
