"""The OpenAPI 3.1 document, derived from the endpoints themselves."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args, get_origin

import msgspec

from marquee.engines.web import Endpoint
from marquee.kit import errors
from marquee.kit.paging import FacetCount, Page

REF = "#/components/schemas/{name}"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; for machines."},
        "detail": {"type": "string", "description": "For people."},
        "field": {"type": "string", "description": "The part of the request at fault."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "request_id": {"type": "string"},
    },
}
NO_CONTENT = 204
NUMBER = "^[0-9]{1,15}$"
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key within 24 hours gives the same answer, once.",
    "schema": {"type": "string", "pattern": '^("[!#-~]{1,255}"|[!#-~]{1,255})$'},
}
WHO = {
    "anyone": "",
    "member": "Needs an account.",
    "moderator": "For moderators and admins.",
    "admin": "For admins.",
}


def document(endpoints: Iterable[Endpoint], version: str) -> dict[str, Any]:
    """Everything under one roof, in the order of path and method."""
    known = sorted(endpoints, key=lambda about: (about.path, about.method))
    schemas = Schemas(known)
    paths: dict[str, dict[str, Any]] = {}
    for about in known:
        paths.setdefault(about.path, {})[about.method.lower()] = schemas.operation(about)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marquee",
            "version": version,
            "description": "A self-hosted movie platform. Ratings are whole numbers from 1 to 10.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Problem": PROBLEM},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": "marquee_session"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
        "tags": [{"name": name} for name in sorted({about.context for about in known})],
    }


class Schemas:
    """The types of all endpoints as JSON Schema, each named once."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        found: list[Any] = [FacetCount]
        for about in endpoints:
            found += [kind for kind in (about.body, about.query) if kind is not None]
            found += list(_inner(about.answers)) if about.status != NO_CONTENT else []
        self._kinds = list(dict.fromkeys(found))
        shown, self.components = msgspec.json.schema_components(self._kinds, ref_template=REF)
        self._schemas = dict(zip(self._kinds, shown, strict=True))
        for schema in self.components.values():
            _tidy(schema)

    def operation(self, about: Endpoint) -> dict[str, Any]:
        operation: dict[str, Any] = {
            "operationId": about.work.__name__,
            "tags": [about.context],
            "summary": about.summary,
            "parameters": [*self._in_path(about), *self._in_query(about), *_in_headers(about)],
            "responses": self._responses(about),
        }
        if WHO[about.who]:
            operation["description"] = WHO[about.who]
            operation["security"] = [{"bearer": []}, {"session": [], "csrf": []}]
        if about.body is not None:
            content = {"application/json": {"schema": self._schemas[about.body]}}
            operation["requestBody"] = {"required": True, "content": content}
        return operation

    def _in_path(self, about: Endpoint) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in about.parameters
        ]

    def _in_query(self, about: Endpoint) -> list[dict[str, Any]]:
        if about.query is None:
            return []
        name = self._schemas[about.query]["$ref"].rpartition("/")[2]
        shape = self.components[name]
        return [
            {
                "name": name,
                "in": "query",
                "required": name in shape.get("required", ()),
                "schema": _given(schema),
            }
            for name, schema in shape["properties"].items()
        ]

    def _responses(self, about: Endpoint) -> dict[str, Any]:
        good: dict[str, Any] = {"description": about.summary}
        if about.answers not in {None, type(None)} and about.status != NO_CONTENT:
            schema = self._answer(about.answers)
            good["content"] = {about.media_type: {"schema": schema}}
        responses = {str(about.status): good}
        if about.method == "GET":
            responses["304"] = {"description": "It has not changed."}
        for status in _failures(about):
            responses[str(status)] = {
                "description": TITLES.get(status, "The request was refused."),
                "content": {"application/problem+json": {"schema": {"$ref": _ref("Problem")}}},
            }
        return responses

    def _answer(self, kind: Any) -> Mapping[str, Any]:
        if get_origin(kind) is not Page:
            found: Mapping[str, Any] = self._schemas.get(kind, {})
            return found
        item = self._schemas[get_args(kind)[0]]
        facet = {"type": "array", "items": self._schemas[FacetCount]}
        return {
            "type": "object",
            "required": ["items", "next", "total"],
            "properties": {
                "items": {"type": "array", "items": item},
                "next": {"type": ["string", "null"]},
                "total": {"type": "integer"},
                "facets": {"type": "object", "additionalProperties": facet},
            },
        }


TITLES = {kind.status: kind.title for kind in errors.kinds().values()}


def _ref(name: str) -> str:
    return REF.format(name=name)


def _inner(kind: Any) -> tuple[Any, ...]:
    if kind in {None, type(None), bytes, str}:
        return (str,) if kind in {bytes, str} else ()
    return get_args(kind) if get_origin(kind) is Page else (kind,)


def _failures(about: Endpoint) -> list[int]:
    found = {*about.errors, 422, 503}
    if about.who != "anyone" or about.method != "GET":
        found |= {401, 403}
    if about.body is not None:
        found |= {400, 413, 415, 507}
    if about.parameters:
        found.add(404)
    if about.query is not None:
        found.add(400)
    if about.once is not None:
        found.add(409)
    return sorted({*found, 401, 429} if "auth" in about.path else {*found, 401})


def _in_headers(about: Endpoint) -> list[dict[str, Any]]:
    headers: list[dict[str, Any]] = [KEY_HEADER] if about.once is not None else []
    if 412 in about.errors:  # noqa: PLR2004 - whoever may answer "stale" reads If-Match
        version: dict[str, Any] = {
            "name": "If-Match",
            "in": "header",
            "description": "The version you read.",
        }
        schema = {"type": "string", "pattern": '^("[0-9]{1,15}"|\\*)$'}
        headers.append({**version, "required": 428 in about.errors, "schema": schema})  # noqa: PLR2004
    return headers


def _given(schema: Any) -> Any:
    """A parameter's schema: one that is not given is left out, never sent as null."""
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    if len(options) == 1:
        kept |= options[0]
    elif options:
        kept["anyOf"] = options
    if schema.get("default") not in {None, ()} and not isinstance(schema.get("default"), list):
        kept["default"] = schema["default"]
    return kept


def _tidy(schema: dict[str, Any]) -> None:
    """A member a PATCH leaves out has no default to show."""
    for member in schema.get("properties", {}).values():
        if isinstance(member, dict) and "default" in member and not _plain(member["default"]):
            del member["default"]


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool, list, dict))
