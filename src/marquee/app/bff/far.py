"""What pages need of the API, asked wherever it is served, as anybody may ask it."""

import asyncio
from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request

from marquee.app.bff import head
from marquee.app.contexts import CONTEXTS
from marquee.app.passes import HEADER, Passes
from marquee.app.settings import Settings
from marquee.kit.errors import Unavailable

PATIENCE = 2.0
MOST = 8 * 1024 * 1024
OK, FAULT = 200, 500


def reader(settings: Settings, here: Collection[str], passes: Passes | None) -> head.Read:
    """Asks the application itself for what is `here`, and other services for their own."""
    if not any(map(settings.http, (*CONTEXTS, "web"))):
        return head.near

    async def read(request: Request[Any, Any, Any], path: str) -> dict[str, Any] | None:
        from marquee.app.paths import owner_of  # knows the routes of all: few processes need it

        owner = owner_of(path) or ""
        if owner in here or not settings.http(owner):
            return await head.near(request, path)
        shown = passes.of(None) if passes is not None else ""
        for address in settings.http(owner):
            try:
                async with asyncio.timeout(PATIENCE):
                    status, body = await _get(address, path, shown)
            except (OSError, TimeoutError, ValueError):
                continue
            if status < FAULT:
                return msgspec.json.decode(body) if status == OK else None
        raise Unavailable(f"{owner} cannot be reached.", retry_after=2)

    return read


async def _get(address: str, path: str, shown: str) -> tuple[int, bytes]:
    """One request on a connection of its own: few ask for the first HTML of a page."""
    place = urlsplit(address)
    reading, writing = await asyncio.open_connection(place.hostname, place.port, limit=MOST)
    try:
        lines = [f"GET {quote(path)} HTTP/1.0", f"host: {place.netloc}", f"{HEADER}: {shown}"]
        writing.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        top, _, body = (await reading.read(-1)).partition(b"\r\n\r\n")
        return int(top.split(b" ", 2)[1]), body
    except IndexError:
        raise ValueError from None
    finally:
        writing.close()
