"""The readable API: a browser that opens an API address gets a page of the same answer."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup, escape

from marquee.engines.web.accept import prefers_page

if TYPE_CHECKING:
    from jinja2 import Environment

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
CSP = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LINK = re.compile(r'"((?:/api/|/posters/|https?://)[^"\\]*)"')
TOKEN = re.compile(
    r'("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)'
)
ID_LINKS = {
    "movie_id": "/api/v1/movies/",
    "person_id": "/api/v1/people/",
    "review_id": "/api/v1/reviews/",
    "username": "/api/v1/users/",
}
MOST_SHOWN = 200_000


class Browsable:
    """Answers a browser with a page and everybody else with what the API says."""

    def __init__(self, app: App, schema: Callable[[], Mapping[str, Any]]) -> None:
        self._app = app
        self._schema = schema

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        scope["marquee.browsable"] = True
        started = time.perf_counter()
        answer = Collected()
        scope = _without_condition(scope)
        await self._app(scope, receive, answer.take)
        if not answer.is_json:
            await answer.forward(send)
            return
        took = (time.perf_counter() - started) * 1000
        body = self._page(scope, answer, took).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"vary", b"accept, authorization, cookie"),
            (b"content-security-policy", CSP),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _page(self, scope: Any, answer: "Collected", took: float) -> str:
        handler = scope.get("route_handler")
        about = handler.opt.get("endpoint") if handler is not None else None
        path = about.path if about is not None else ""
        query = scope["query_string"].decode("latin-1")
        operation = self._schema()["paths"].get(path, {}).get("get", {})
        return (
            templates()
            .get_template("api.html")
            .render(
                title=operation.get("summary", "Not found").rstrip("."),
                address=scope["path"] + (f"?{query}" if query else ""),
                status=answer.status,
                phrase=HTTPStatus(answer.status).phrase,
                took=round(took, 1),
                size=len(answer.body),
                headers=[(k, v) for k, v in answer.text_headers() if k != "set-cookie"],
                lines=_lines(answer.body),
                groups=self._groups(),
                here=path,
                fields=self._fields(operation),
                forms=self._forms(scope, path),
            )
        )

    def _groups(self) -> dict[str, list[tuple[str, str]]]:
        """Addresses without a blank to fill in, by context."""
        found: dict[str, list[tuple[str, str]]] = {}
        for path, operations in self._schema()["paths"].items():
            operation = operations.get("get")
            if operation and "{" not in path and path.startswith("/api/v1"):
                found.setdefault(operation["tags"][0], []).append((path, operation["summary"]))
        return found

    def _fields(self, operation: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The answer's members and their types, those of an item where it is a list."""
        content = operation.get("responses", {}).get("200", {}).get("content", {})
        schema = self._followed(content.get("application/json", {}).get("schema", {}))
        items = schema.get("properties", {}).get("items", {}).get("items")
        shown = self._followed(items) if items else schema
        return [(name, _type(kind)) for name, kind in shown.get("properties", {}).items()]

    def _forms(self, scope: Any, path: str) -> list[dict[str, Any]]:
        """What may be written here: this address's own methods, with the members they take."""
        found = []
        for method, operation in self._schema()["paths"].get(path, {}).items():
            if method == "get":
                continue
            content = operation.get("requestBody", {}).get("content", {})
            body = self._followed(content.get("application/json", {}).get("schema", {}))
            needed = body.get("required", ())
            found.append(
                {
                    "method": method.upper(),
                    "address": scope["path"],
                    "summary": operation["summary"].rstrip("."),
                    "fields": [
                        {"name": name, "hint": _type(kind), "needed": name in needed}
                        for name, kind in body.get("properties", {}).items()
                    ],
                }
            )
        return found

    def _followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        found: Mapping[str, Any] = self._schema()["components"]["schemas"].get(name, schema)
        return found


class Collected:
    """An answer on its way to a browser."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    @property
    def is_json(self) -> bool:
        return b"json" in dict(self.headers).get(b"content-type", b"")

    def text_headers(self) -> list[tuple[str, str]]:
        return [(k.decode("latin-1"), v.decode("latin-1")) for k, v in self.headers]

    async def forward(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body})


def _wants_page(scope: Any) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not scope["path"].startswith("/api/"):
        return False
    return any(name == b"accept" and prefers_page(value) for name, value in scope["headers"])


def _without_condition(scope: Any) -> Any:
    """The page is not what an entity tag was of, so it is always made whole."""
    kept = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
    scope["headers"] = kept
    return scope


@lru_cache(maxsize=1)
def templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, select_autoescape

    return Environment(
        loader=PackageLoader("marquee.app.bff"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _lines(raw: bytes) -> list[Markup]:
    """Indented JSON, a line each, its values marked up and its addresses made links."""
    text = msgspec.json.format(raw, indent=2).decode("utf-8", "replace") if raw else ""
    shown = [_marked(line) for line in text[:MOST_SHOWN].splitlines()]
    return [*shown, Markup("…")] if len(text) > MOST_SHOWN else shown


def _marked(line: str) -> Markup:
    parts: list[Markup] = []
    place, name = 0, ""
    for found in TOKEN.finditer(line):
        parts.append(escape(line[place : found.start()]))
        place = found.end()
        text, colon, word, number = found.groups()
        if colon is not None:
            name = text.strip('"')
            parts.append(Markup("<span class=k>{}</span>{}").format(text, colon))
        elif text is not None:
            parts.append(_value(name, text))
        else:
            parts.append(Markup("<span class=n>{}</span>").format(word or number))
    parts.append(escape(line[place:]))
    return Markup("").join(parts)


def _value(name: str, text: str) -> Markup:
    address = text[1:-1] if LINK.fullmatch(text) else ""
    if not address and name in ID_LINKS and "\\" not in text:
        address = ID_LINKS[name] + text[1:-1]
    if address:
        return Markup('<a class=u href="{}">{}</a>').format(address, text)
    return Markup("<span class=s>{}</span>").format(text)


def _type(schema: Mapping[str, Any]) -> str:
    """A member's schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low} to {high}"
    most = schema.get("maxLength")
    return f"{kind}, at most {most}" if most else str(kind)
