"""Whether somebody takes the traces."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from urllib.parse import urlsplit

from marquee.kit.findings import Finding, ok, warning

ADVICE = "Start the collector, or correct or unset MARQUEE_OTLP_URL; nothing else suffers."


async def traces(url: str) -> Sequence[Finding]:
    """Invalid for a URL that will not do."""
    from marquee.app.tracing import target

    at = urlsplit(target(url)["endpoint"])
    try:
        _, writer = await asyncio.open_connection(at.hostname, at.port)
    except OSError:
        return [warning("reachable", "nobody listens there: traces are lost", ADVICE)]
    with closing(writer):
        return [ok("reachable", "somebody listens there")]
