"""Somebody at a port who is none of ours."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

Answer = Callable[[], bytes]


@contextlib.asynccontextmanager
async def listening(answer: Answer | None) -> AsyncIterator[int]:
    """A port that answers so, or takes whoever comes and never says a word."""
    done = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if answer is None:
                await done.wait()
            else:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer())
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        done.set()
        server.close()
