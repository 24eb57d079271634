"""A gate before a server: while it is shut nobody gets in or stays, while it is stuck nothing moves."""

import asyncio
from urllib.parse import urlsplit


class Gate:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = (parts.hostname, parts.port)
        self._url = url
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.moving = asyncio.Event()
        self.cut_after: bytes | None = None
        """The line is cut once the server was told this, before it answers."""

    @property
    def url(self) -> str:
        return self._url.replace(f":{self._to[1]}", f":{self.port}", 1)

    async def open(self) -> None:
        self.moving.set()
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        assert self._server is not None
        self._server.close()
        self.moving.set()
        for line in self._lines:
            line.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._server.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, on = await asyncio.open_connection(*self._to)
        ends = {writer, on}
        self._lines |= ends
        for one, other, asks in ((reader, on, True), (there, writer, False)):
            task = asyncio.create_task(self._copy(one, other, ends, asks=asks))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _copy(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        ends: set[asyncio.StreamWriter],
        *,
        asks: bool,
    ) -> None:
        try:
            while found := await reader.read(65536):
                await self.moving.wait()
                writer.write(found)
                await writer.drain()
                if asks and self.cut_after is not None and self.cut_after in found:
                    self.cut_after = None
                    break
        except OSError:
            pass
        finally:
            for one in ends:
                one.close()
            self._lines -= ends
