"""The web front end: its files, and the first HTML of each page."""

import mimetypes
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from marquee.app.bff.head import Head, Read, head_of
from marquee.engines.web.answer import mark_of, matches
from marquee.kit.errors import NotFound

SITE = Path(str(files("marquee.app.bff") / "site"))
CSP = (
    "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
MOST_CACHED = 64
OK, NOT_MODIFIED = 200, 304
TITLE = re.compile(r"<title>.*?</title>|<meta name=\"description\"[^>]*>", re.DOTALL)
PAGES = re.compile(
    r"^/(films(/[^/]+)?|people/[^/]+|members/[^/]+|search|signup|login|account|about"
    r"|admin(/(films(/[^/]+)?|platforms|reviews|members|messages))?)?/?$"
)
NOT_BUILT = (
    "<!doctype html><html lang=en><head><title>Marquee</title></head><body><p>The web front end "
    "is not built here: run <code>make web</code>. The API is at <a href=/docs>/docs</a>."
    "</body></html>"
)


def handlers(site_url: str | None, read: Read | None = None) -> list[HTTPRouteHandler]:
    """Everything that is not the API: the last routes to be tried. `read` asks what pages need."""

    @get("/", include_in_schema=False)
    async def home(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await page(request, site_url, read)

    @get("/{path:path}", include_in_schema=False)
    async def anything(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = request.scope["path"]
        found = file_at(path)
        if found is not None:
            return _file(request, path, *found)
        if path.startswith(("/api/", "/assets/", "/.well-known/", "/posters/")):
            raise NotFound("There is nothing at this address.")
        return await page(request, site_url, read)

    return [home, anything]


@lru_cache(maxsize=MOST_CACHED)
def file_at(path: str) -> tuple[bytes, bytes | None, str] | None:
    """A file of the site, the same compressed where the build did so, and its media type."""
    wanted = built_files().get(path)
    if wanted is None:
        return None
    packed = wanted.with_name(f"{wanted.name}.gz")
    media_type = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    return wanted.read_bytes(), packed.read_bytes() if packed.is_file() else None, media_type


@lru_cache(maxsize=1)
def built_files() -> Mapping[str, Path]:
    """By their addresses. What somebody asks for is only looked up here, never on the disk."""
    found = (one for one in SITE.rglob("*") if one.is_file() and one.name != "index.html")
    return {f"/{one.relative_to(SITE).as_posix()}": one for one in found}


def _file(
    request: Request[Any, Any, Any], path: str, raw: bytes, packed: bytes | None, media_type: str
) -> Response[bytes]:
    headers = {
        "cache-control": FOREVER if path.startswith("/assets/") else ASK_AGAIN,
        "etag": f'"{mark_of(raw)}"',
        "content-security-policy": CSP,
        "vary": "accept-encoding",
    }
    if matches(request.headers.get("if-none-match", ""), mark_of(raw)):
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        raw = packed
    return Response(raw, headers=headers, media_type=media_type)


async def page(
    request: Request[Any, Any, Any], site_url: str | None, read: Read | None = None
) -> Response[bytes]:
    """The application, with what this address is about already in its head."""
    path = request.scope["path"]
    await request.app.state.gate.welcome(request)
    origin = site_url or f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"
    known = PAGES.match(path) is not None
    head = await head_of(request, path, origin, read) if known else None
    if head is None:
        head = Head("Not found · Marquee", "There is nothing at this address.", status=404)
    text = TITLE.sub("", shell()).replace("</head>", f"{head.html(origin, path)}</head>", 1)
    headers = {"cache-control": ASK_AGAIN, "content-security-policy": CSP}
    raw, status = text.encode(), head.status
    if status == OK:
        headers["etag"] = f'"{mark_of(raw)}"'
        if matches(request.headers.get("if-none-match", ""), mark_of(raw)):
            raw, status = b"", NOT_MODIFIED
    return Response(raw, status_code=status, headers=headers, media_type="text/html")


@lru_cache(maxsize=1)
def shell() -> str:
    index = SITE / "index.html"
    return index.read_text("utf-8") if index.is_file() else NOT_BUILT
