"""What the OpenAPI document says can be asked, and where in a request something can be put."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2
from tests.reliability.cast import ROWS, Cast, template_of

ANYTHING = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Operation:
    """`path` and `body` are good ones: the request would be answered well, were it not changed."""

    method: str
    template: str
    path: Mapping[str, str]
    queries: Mapping[str, Mapping[str, Any]]
    body: Any
    members: tuple[tuple[str, ...], ...]
    shapes: Mapping[tuple[str, ...], Mapping[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    def address(self, **changed: str) -> str:
        """`changed` are path parameters as they are to be sent."""
        address = self.template
        for name, value in {**self.path, **changed}.items():
            address = address.replace(f"{{{name}}}", value)
        return address

    def with_query(self, name: str, raw: str) -> str:
        return f"{self.address()}?{name}={raw}"

    def with_body(self, place: tuple[str, ...], literal: str) -> bytes:
        """The good body with raw JSON put into one place."""
        body = json.loads(json.dumps(self.body))
        inside = body
        for step in place[:-1]:
            inside = inside.setdefault(step, {})
        inside[place[-1]] = ANYTHING
        text = json.dumps(body, ensure_ascii=False).replace(f'"{ANYTHING}"', literal)
        return text.encode("utf-8", "surrogatepass")


def operations(document: Mapping[str, Any], cast: Cast) -> list[Operation]:
    """Every operation, its blanks filled in from the table of who may what."""
    found = []
    for template, methods in document["paths"].items():
        for method, about in methods.items():
            route = f"{method.upper()} {template}"
            row = next(row for row in ROWS if template_of(row["route"]) == route)
            blanks = row["route"].partition(" ")[2]
            names = [part[1:-1] for part in template.split("/") if part.startswith("{")]
            filled = [cast.made(part[1:-1]) for part in blanks.split("/") if part.startswith("{")]
            schema = about.get("requestBody", {}).get("content", {}).get("application/json", {})
            shapes = dict(_members(document, schema.get("schema", {})))
            queries = {
                one["name"]: one["schema"] for one in about["parameters"] if one["in"] == "query"
            }
            found.append(
                Operation(
                    method.upper(),
                    template,
                    dict(zip(names, filled, strict=True)),
                    queries,
                    cast.filled(row["body"]) if "body" in row else None,
                    tuple(shapes),
                    shapes,
                )
            )
    return found


def _members(
    document: Mapping[str, Any], schema: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The members of a body, and theirs, one level deep."""
    for name, inner in followed(document, schema).get("properties", {}).items():
        yield (*at, name), inner
        if not at:
            for option in [inner, *inner.get("anyOf", ())]:
                yield from _members(document, option, (name,))


def followed(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = document["components"]["schemas"].get(name, schema)
    return found


def send(
    client: httpx2.Client,
    method: str,
    address: str,
    *,
    raw: bytes | None = None,
    media: str = "application/json",
) -> httpx2.Response:
    """Just these bytes; whoever may change anything says they read whatever is there."""
    headers = {"if-match": "*"} if method in {"PATCH", "DELETE"} else {}
    if raw is not None and media:
        headers["content-type"] = media
    return client.request(method, address, content=raw, headers=headers)


def percent(text: str) -> str:
    """Dots too, lest the client takes them for steps up."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="").replace(".", "%2E")
