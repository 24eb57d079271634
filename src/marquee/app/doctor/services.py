"""Whoever serves: over gRPC and HTTP where addresses are set, else the one process of the folder."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from marquee.app.assemble import WEB
from marquee.app.contexts import CONTEXTS
from marquee.app.doctor.report import Part, Patience
from marquee.app.folder import control_socket, owner
from marquee.app.settings import Settings
from marquee.kit.findings import Finding, clock, ok, warning, wrong

SECONDS = 5.0
MOST = 65_536
START = "Start it: marquee up, or marquee serve with its name."
NOT_READY = "Look at its log, and at what is said here of what it lives on."
ASKED = "GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    at: datetime | None


async def services(settings: Settings, patience: Patience) -> list[Part]:
    """One part a context, and one for `web`; the single process where none has an address."""
    named = [name for name in (*CONTEXTS, WEB) if settings.address(name) or settings.http(name)]
    if not named:
        return [await _single(settings, patience)]

    def part(name: str) -> Any:
        async def work() -> Sequence[Finding]:
            asked = [_grpc(at) for at in settings.addresses(name)]
            asked += [_http(url) for url in settings.http(name)]
            return [one for found in await asyncio.gather(*asked) for one in found]

        shown = settings.address(name) or settings.http(name)[0]
        return patience.part(f"service {name}", shown, work, seconds=SECONDS)

    return list(await asyncio.gather(*map(part, named)))


async def _single(settings: Settings, patience: Patience) -> Part:
    """Nothing need run: an instance that is stopped may be well."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - a comparison
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"

    async def work() -> Sequence[Finding]:
        if not await _takes_commands(settings):
            return [ok("running", f"nobody serves {settings.data} now")]
        found = [ok("running", f"{owner(settings.data)} serves {settings.data}")]
        return [*found, *await _http(url)]

    return await patience.part("server", url, work, seconds=SECONDS)


async def _takes_commands(settings: Settings) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_unix_connection(control_socket(settings.data.absolute()))
        writer.close()
        return True
    return False


async def _grpc(address: str) -> list[Finding]:
    from marquee.app.remote.client import Peer

    async with Peer(address, caller="doctor") as peer:
        if await peer.is_well():
            return [ok("grpc", f"{address} serves")]
    return [wrong("grpc", f"{address} does not answer that it serves", START)]


async def _http(url: str) -> list[Finding]:
    asked = datetime.now(UTC)
    try:
        async with asyncio.timeout(SECONDS - 1):
            answer = await _readyz(url)
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
        return [wrong("http", f"nobody answers at {url}", START)]
    found = [_ready(url, answer)]
    if answer.at is not None:
        # It tells the second that had begun, and may have told it for a second.
        there = min(max(answer.at, asked), answer.at + timedelta(seconds=2))
        found.append(clock(there, asked, datetime.now(UTC)))
    return found


def _ready(url: str, answer: Answer) -> Finding:
    if answer.status != 200:  # noqa: PLR2004 - HTTP's
        troubles = "; ".join(map(str, answer.body.get("troubles", ()))) or str(answer.status)
        return wrong("http", f"{url} is not ready: {troubles}", NOT_READY)
    degraded = answer.body.get("degraded", ())
    if degraded:
        return warning("http", f"{url} does without {'; '.join(map(str, degraded))}", NOT_READY)
    return ok("http", f"{url} is ready")


async def _readyz(url: str) -> Answer:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(ASKED.format(host=parts.netloc).encode("ascii"))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): text.strip() for name, _, text in (one.partition(":") for one in lines)
        }
        body = await reader.readexactly(min(int(headers.get("content-length", 0)), MOST))
    finally:
        writer.close()
    at = parsedate_to_datetime(headers["date"]) if "date" in headers else None
    told = json.loads(body)
    return Answer(int(lines[0].split()[1]), told if isinstance(told, dict) else {}, at)
