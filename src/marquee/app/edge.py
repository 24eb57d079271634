"""The outermost layer: kept answers, request numbers, security headers, figures."""

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from marquee.app.identity import LOST
from marquee.app.telemetry import Figures
from marquee.app.tracing import Tracing
from marquee.engines.web.accept import prefers_page
from marquee.engines.web.answer import matches
from marquee.kit.calls import SECONDS, waits
from marquee.kit.ids import random_bytes
from marquee.kit.trace import current_request

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

MOST_KEPT = 32 * 1024 * 1024
SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
HTTPS_ONLY: Headers = [(b"strict-transport-security", b"max-age=31536000")]
OK = 200


@dataclass
class Kept:
    """An answer's bytes, good as long as the stores it came from stand at these generations."""

    generations: tuple[int, ...]
    contexts: Sequence[str]
    headers: Headers
    body: bytes
    etag: str
    path: str


@dataclass
class Shelf:
    """Answers by request, forgotten all together when they outgrow their room."""

    kept: dict[tuple[bytes, bytes], Kept] = field(default_factory=dict)
    size: int = 0

    def put(self, key: tuple[bytes, bytes], answer: Kept) -> None:
        if self.size + len(answer.body) > MOST_KEPT:
            self.kept.clear()
            self.size = 0
        replaced = self.kept.get(key)
        self.size += len(answer.body) - (len(replaced.body) if replaced else 0)
        self.kept[key] = answer


class Edge:
    """Wraps the whole application.

    A kept answer is served before routing: only to a GET without Authorization, which the
    endpoint said is the same for everybody, and only while no store it depends on has changed.
    """

    def __init__(
        self,
        app: App,
        generations: Mapping[str, Callable[[], int]],
        figures: Figures,
        tracing: Tracing,
    ) -> None:
        self._app = app
        self._generations = generations
        self._figures = figures
        self.tracing = tracing
        self.log = structlog.get_logger().bind()  # by now it is known which levels are wanted
        self._shelf = Shelf()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        if scope["method"] == "GET":
            kept = self._shelf.kept.get((scope["raw_path"], scope["query_string"]))
            if kept is not None and await self._serve_kept(kept, scope, send):
                self._figures.count("GET", kept.path, OK, time.perf_counter() - started)
                return
        await Exchange(self, scope, send, started).run(receive)

    async def _serve_kept(self, kept: Kept, scope: Scope, send: Send) -> bool:
        if kept.generations != self.standing(kept.contexts):
            return False
        status, body, headers = OK, kept.body, kept.headers
        for name, value in scope["headers"]:
            if name == b"authorization" or (name == b"accept" and prefers_page(value)):
                return False
            if name == b"if-none-match" and matches(value.decode("latin-1"), kept.etag):
                status, body = 304, b""
                headers = [pair for pair in kept.headers if pair[0] != b"content-length"]
        headers = [*headers, (b"x-request-id", request_number(scope))]
        if scope["scheme"] == "https":  # of this asking, not of the one whose answer was kept
            headers += HTTPS_ONLY
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return True

    def standing(self, contexts: Sequence[str]) -> tuple[int, ...]:
        return tuple([self._generations[name]() for name in contexts])

    @property
    def generations(self) -> Mapping[str, Callable[[], int]]:
        return self._generations

    @property
    def app(self) -> App:
        return self._app

    @property
    def figures(self) -> Figures:
        return self._figures

    def keep(self, scope: Scope, answer: Kept) -> None:
        self._shelf.put((scope["raw_path"], scope["query_string"]), answer)


class Exchange:
    """One request on its way through the application and back."""

    def __init__(self, edge: Edge, scope: Scope, send: Send, started: float) -> None:
        self._edge = edge
        self._send = send
        self._started = started
        self._head = scope["method"] == "HEAD"
        # A copy: the server looks at its own to know that a HEAD is answered without a body.
        self._scope = {**scope, "method": "GET"} if self._head else scope
        self._status = 500
        self._headers: Headers = []
        self._body: list[bytes] = []
        self._before = {name: read() for name, read in edge.generations.items()}

    async def run(self, receive: Receive) -> None:
        waits.set(SECONDS)
        number = request_number(self._scope).decode()
        self._scope["marquee.request_id"] = number
        before = current_request.set(number)
        try:
            await self._answer(receive)
            self._note()
        finally:
            current_request.reset(before)

    async def _answer(self, receive: Receive) -> None:
        tracing = self._edge.tracing
        if tracing.is_on:
            with tracing.span(f"HTTP {self._scope['method']}", _parent(self._scope)) as span:
                await self._edge.app(self._scope, receive, self._reply)
                self._describe(span)
        else:
            await self._edge.app(self._scope, receive, self._reply)

    def _note(self) -> None:
        handler = self._scope.get("route_handler")
        about = handler.opt.get("endpoint") if handler is not None else None
        path = about.path if about is not None else "other"
        took = time.perf_counter() - self._started
        method = "HEAD" if self._head else self._scope["method"]
        self._edge.figures.count(method, path, self._status, took)
        self._edge.log.debug(
            "answered", method=method, route=path, status=self._status, seconds=took
        )

    def _describe(self, span: Any) -> None:
        """By the route, not the address: addresses are without number."""
        handler = self._scope.get("route_handler")
        if handler is not None:
            about = handler.opt.get("endpoint")
            path = min(handler.paths) if about is None else about.path
            span.update_name(f"{self._scope['method']} {path}")
            span.set_attribute("http.route", path)
        span.set_attribute("http.response.status_code", self._status)
        span.set_attribute("marquee.request_id", self._scope["marquee.request_id"])

    async def _reply(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] == "http.response.body":
            if "marquee.cached" in self._scope and self._status == OK:
                self._collect(message)
            if self._head:
                message = {**message, "body": b""}
        await self._send(message)

    def _start(self, message: Message) -> None:
        self._status = message["status"]
        headers = list(message.get("headers", ()))
        names = {name for name, _value in headers}
        headers += [pair for pair in SECURITY if pair[0] not in names]
        if b"content-security-policy" not in names:
            headers.append((b"content-security-policy", b"default-src 'none'"))
        if self._scope["path"].startswith("/api/") and b"vary" not in names:
            headers.append((b"vary", b"accept, authorization"))  # a browser gets a page there
        self._headers = headers
        number = self._scope["marquee.request_id"].encode()
        own = [*(HTTPS_ONLY if self._scope["scheme"] == "https" else ()), (b"x-request-id", number)]
        message["headers"] = [*self._with_lost(headers), *own]

    def _with_lost(self, headers: Headers) -> Headers:
        """With the cookie that a session has to be given again: an answer that nobody else may have."""
        cookie = self._scope.get(LOST)
        told = dict(headers)
        is_shared = told.get(b"cache-control", b"").startswith(b"public")
        if cookie is None or is_shared or b"set-cookie" in told:
            return headers
        kept = [pair for pair in headers if pair[0] != b"cache-control"]
        return [*kept, (b"cache-control", b"private, no-store"), cookie]

    def _collect(self, message: Message) -> None:
        self._body.append(message.get("body", b""))
        if message.get("more_body"):
            return
        contexts = [name for name in self._scope["marquee.cached"] if name in self._before]
        complete = len(contexts) == len(self._scope["marquee.cached"])
        if self._head or not complete or self._scope.get("marquee.browsable"):
            return
        body = b"".join(self._body)
        etag = dict(self._headers).get(b"etag", b"").decode("latin-1").strip('"')
        etag = etag or hashlib.blake2b(body, digest_size=9).hexdigest()
        before = tuple(self._before[name] for name in contexts)
        path = self._scope["route_handler"].opt["endpoint"].path
        self._edge.keep(self._scope, Kept(before, tuple(contexts), self._headers, body, etag, path))


def _parent(scope: Scope) -> str | None:
    found = next((value for name, value in scope["headers"] if name == b"traceparent"), None)
    return None if found is None else found.decode("latin-1")


def request_number(scope: Scope) -> bytes:
    """The one it came with, where that is from somebody we trust; otherwise a new one."""
    given: str | None = scope.get("marquee.request_id")
    return given.encode() if given else random_bytes(8).hex().encode()
