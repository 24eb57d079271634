"""The OpenAPI document and two readers for it, all from this machine."""

import mimetypes
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from marquee.engines.web.answer import mark_of, matches
from marquee.kit.errors import NotFound

STATIC = Path(str(files("marquee.app.bff") / "static"))
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; script-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · Marquee</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><div id="app"></div>{scripts}</body></html>
"""
SWAGGER = PAGE.format(
    title="API",
    head='<link rel="stylesheet" href="/docs/swagger/swagger-ui.css">',
    scripts='<script src="/docs/swagger/swagger-ui-bundle.js"></script>'
    '<script src="/static/swagger.js"></script>',
)
SCALAR = PAGE.format(
    title="API reference",
    head="",
    scripts='<script src="/docs/scalar/standalone.js"></script>'
    '<script src="/static/scalar.js"></script>',
)


def handlers(schema: Callable[[], Mapping[str, Any]]) -> list[HTTPRouteHandler]:
    @lru_cache(maxsize=1)
    def raw() -> bytes:
        return msgspec.json.encode(schema())

    @get(["/schema", "/schema/openapi.json", "/openapi.json"], include_in_schema=False)
    async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _static(request, raw(), "application/json")

    @get("/docs", include_in_schema=False)
    async def swagger(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _page(request, SWAGGER)

    @get("/docs/reference", include_in_schema=False)
    async def scalar(request: Request[Any, Any, Any]) -> Response[bytes]:
        return _page(request, SCALAR)

    @get("/static/{name:str}", include_in_schema=False)
    async def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return _static(request, _file(name), mimetypes.guess_type(name)[0] or "text/plain")

    return [openapi, swagger, scalar, static]


@lru_cache(maxsize=16)
def _file(name: str) -> bytes:
    path = STATIC / name
    if not path.is_file() or path.parent != STATIC:
        raise NotFound("There is nothing at this address.")
    return path.read_bytes()


def _static(request: Request[Any, Any, Any], raw: bytes, media_type: str) -> Response[bytes]:
    headers = {"cache-control": "no-cache", "etag": f'"{mark_of(raw)}"'}
    if matches(request.headers.get("if-none-match", ""), mark_of(raw)):
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(raw, headers=headers, media_type=media_type)


def _page(request: Request[Any, Any, Any], text: str) -> Response[bytes]:
    answer = _static(request, text.encode(), "text/html")
    answer.headers["content-security-policy"] = CSP
    return answer
