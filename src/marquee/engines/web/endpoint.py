"""The decorator that turns a plain async function into a route."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, get_type_hints

from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from marquee.engines.web.answer import PRIVATE, PUBLIC, UNKEPT, Answer, Reply, reply
from marquee.engines.web.call import Call, header, idempotency_key
from marquee.engines.web.decode import json_body, no_query, query
from marquee.engines.web.replay import replayed
from marquee.kit.actor import Actor, a_moderator, an_admin, signed_in
from marquee.kit.errors import BadRequest
from marquee.kit.once import OnceStore

WHO: Mapping[str, Callable[[Actor | None], object]] = {
    "anyone": lambda actor: actor,
    "member": signed_in,
    "moderator": a_moderator,
    "admin": an_admin,
}
NO_CONTENT = 204
Work = Callable[..., Awaitable[Any]]


class Gate(Protocol):
    """What the app lends to every endpoint, in `app.state.gate`."""

    async def actor(self, request: Request[Any, Any, Any]) -> Actor | None:
        """Who is asking; Unauthenticated for a token that does not hold."""
        ...

    def once(self, context: str) -> OnceStore: ...

    async def hear_now(self, context: str) -> None:
        """When this context has heard what it must before it is read."""
        ...

    @property
    def secret(self) -> bytes:
        """What keys the fingerprints of requests; never in a store."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """All that is known of a route: what serves it, documents it and tests who may use it."""

    method: str
    path: str
    context: str
    summary: str
    who: str
    status: int
    answers: Any
    query: Any
    body: Any
    parameters: Sequence[str]
    errors: Sequence[int]
    cached: Sequence[str]
    names_host: bool
    once: Callable[[Any], Answer] | None
    media_type: str
    work: Work
    takes_call: bool

    @property
    def cache_control(self) -> str:
        """Who may keep the answer: anybody, only who asked, or nobody."""
        if self.cached:
            return PUBLIC
        return PRIVATE if self.method == "GET" and self.who == "anyone" else UNKEPT


def endpoint(  # noqa: PLR0913 - each names one thing that a route may need
    method: str,
    path: str,
    *,
    who: str = "anyone",
    status: int | None = None,
    answers: Any = None,
    errors: Sequence[int] = (),
    cached: Sequence[str] = (),
    names_host: bool = False,
    once: Callable[[Any], Answer] | None = None,
    media_type: str = "application/json",
) -> Callable[[Work], HTTPRouteHandler]:
    """Serve `method path` by an async function of what it names.

    A first parameter of type `Call` is the request, `query` and `body` are read by their types,
    and every other one is a part of the path.

    `cached` names the contexts whose stores the answer depends on: such a read is the same for
    everybody and may be kept until one of them changes; here it is not kept where it `names_host`,
    the one that the client used. `once` renders what the service was about
    to save, for a request that carries an Idempotency-Key.
    """

    def decorate(work: Work) -> HTTPRouteHandler:
        hints = get_type_hints(work)
        names = list(inspect.signature(work).parameters)
        parameters = [name for name in names if hints.get(name) is not Call]
        returns = hints.get("return")
        about = Endpoint(
            method=method,
            path=path,
            context=work.__module__.split(".")[2] if work.__module__.startswith("marquee.") else "",
            summary=(inspect.getdoc(work) or work.__name__.replace("_", " ")).splitlines()[0],
            who=who,
            status=status or (NO_CONTENT if returns is type(None) else 200),
            answers=answers if answers is not None else returns,
            query=hints.get("query"),
            body=hints.get("body"),
            parameters=tuple(name for name in parameters if name not in {"query", "body"}),
            errors=tuple(errors),
            cached=tuple(cached),
            names_host=names_host,
            once=once,
            media_type=media_type,
            work=work,
            takes_call=len(parameters) < len(names),
        )
        return _handler(about)

    return decorate


def _handler(about: Endpoint) -> HTTPRouteHandler:
    async def handle(request: Request[Any, Any, Any]) -> ASGIApp:
        return await serve(about, request)

    path = about.path
    for name in about.parameters:
        path = path.replace(f"{{{name}}}", f"{{{name}:str}}")
    handle.__name__ = about.work.__name__
    return HTTPRouteHandler(
        path,
        http_method=about.method,  # type: ignore[arg-type]
        status_code=200,  # only what the framework would say: every answer brings its own
        include_in_schema=False,
        opt={"endpoint": about},
    )(handle)


async def serve(about: Endpoint, request: Request[Any, Any, Any]) -> Reply:
    gate: Gate = request.app.state.gate
    actor = await gate.actor(request)
    WHO[about.who](actor)
    raw_query = request.scope["query_string"]
    given: dict[str, Any] = dict(request.path_params)
    if about.query is not None:
        given["query"] = query(about.query, raw_query)
    elif raw_query:
        no_query(raw_query)
    key = idempotency_key(request) if about.once else None
    if about.body is not None:
        content_type = request.headers.get("content-type", "")
        given["body"] = json_body(about.body, content_type, await whole_body(request))

    if about.method == "GET":
        for context in about.cached or (about.context,):
            await gate.hear_now(context)

    async def work() -> Answer:
        first = (Call(request, actor),) if about.takes_call else ()
        return answered(await about.work(*first, **given), about.status)

    if key is not None and about.once is not None:
        asked = (actor.id if actor else "", key, about.method, request.url.path, raw_query)
        store = gate.once(about.context)
        answer = await replayed(store, asked, await request.body(), gate.secret, about.once, work)
    else:
        answer = await work()
    if about.cached and not about.names_host and answer.status == about.status:
        request.scope["marquee.cached"] = about.cached  # type: ignore[typeddict-unknown-key]
    return reply(
        answer,
        cache_control=about.cache_control,
        if_none_match=header(request, b"if-none-match") if about.method == "GET" else None,
    )


async def whole_body(request: Request[Any, Any, Any]) -> bytes:
    """BadRequest when the client left in the middle of it, which is no fault of ours to log."""
    try:
        return await request.body()
    except InternalServerException:
        raise BadRequest("The body ended before it was whole.", field="body") from None


def answered(value: Any, status: int) -> Answer:
    return value if isinstance(value, Answer) else Answer(value, status=status)
