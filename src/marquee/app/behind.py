"""A service behind the edge: it lets in what the edge has vouched for, and vouches for others."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from marquee.app import problems
from marquee.app.edge import SECURITY, request_number
from marquee.app.identity import LOST, VOUCHED
from marquee.app.numbers import number_in
from marquee.app.passes import HEADER, Passes
from marquee.kit.actor import Actor
from marquee.kit.errors import MarqueeError, NotFound, Unauthenticated

App = Callable[[Any, Any, Any], Awaitable[None]]
Ask = Callable[[Request[Any, Any, Any]], Awaitable[Actor | None]]
PROBLEM_HEADER = "x-marquee-problem"
"""Carries a refusal to the edge, which cannot pass on the body of what it asks beside."""
INTROSPECT, STRANGER = "/internal/introspect", "/internal/stranger"
FOR_EDGE = frozenset({INTROSPECT, STRANGER})
OPEN = frozenset({"/livez", "/readyz", "/metrics", *FOR_EDGE})
NO_STORE = {"cache-control": "no-store"}


class Behind:
    """Wraps the whole application of a service: without a pass of the edge there is no way in."""

    def __init__(self, app: App, passes: Passes) -> None:
        self._app = app
        self._passes = passes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if number := number_in(scope["headers"]):
            scope["marquee.request_id"] = number
        shown = headers.get(HEADER.encode(), b"").decode("latin-1")
        if scope["path"] in FOR_EDGE and not self._passes.is_edge(shown):
            await _refuse(scope, send, NotFound, "This is for the edge alone.")
            return
        if scope["path"] not in OPEN:
            try:
                scope[VOUCHED] = self._passes.actor(shown)
            except Unauthenticated:
                what = "This service answers only what comes through the edge."
                await _refuse(scope, send, Unauthenticated, what)
                return
        await self._app(scope, receive, send)


async def _refuse(scope: Any, send: Any, kind: type[MarqueeError], detail: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    number = request_number(scope)
    problem = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
        "detail": detail,
        "request_id": number.decode(),
    }
    headers = [
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"cache-control", b"no-store"),
        (b"x-request-id", number),
        *SECURITY,
    ]
    await send({"type": "http.response.start", "status": kind.status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})


def handlers(passes: Passes, ask: Ask | None) -> list[HTTPRouteHandler]:
    """For the edge alone; `ask` is there where auth lives."""

    @get(STRANGER, include_in_schema=False)
    async def stranger() -> Response[bytes]:
        """A pass for nobody, for public reads while nobody can tell who asks."""
        return _vouched(passes, None)

    async def introspect(request: Request[Any, Any, Any]) -> Response[bytes]:
        """A pass for whoever sent the request that these headers are of."""
        original = _original(request)
        try:
            actor = await ask(original) if ask is not None else None
        except MarqueeError as error:
            answer = problems.of_error(request, error)
            answer.headers[PROBLEM_HEADER] = answer.content.decode("ascii")
            return answer
        finally:
            # Its scope is a copy, and the cookie goes to the client by way of the edge.
            if LOST in original.scope:
                scope: Any = request.scope
                scope[LOST] = dict(original.scope)[LOST]
        return _vouched(passes, actor)

    found: list[HTTPRouteHandler] = [stranger]
    if ask is not None:
        found.append(get(INTROSPECT, include_in_schema=False)(introspect))
    return found


def _vouched(passes: Passes, actor: Actor | None) -> Response[bytes]:
    return Response(b"", status_code=204, headers={**NO_STORE, HEADER: passes.of(actor)})


def _original(request: Request[Any, Any, Any]) -> Request[Any, Any, Any]:
    """The request that the edge has before it, with its method and path and without its body."""
    sent: Mapping[str, str] = request.headers
    path = sent.get("x-original-uri", "/").partition("?")[0]
    scope: Any = {
        **request.scope,
        "method": sent.get("x-original-method", "GET").upper(),
        "path": path,
        "raw_path": path.encode(),
    }
    return Request(scope)
