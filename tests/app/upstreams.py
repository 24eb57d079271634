"""An nginx of one's own, and services of a few lines behind it that tell what reached them."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port
from tests.real import left_out

from marquee.app import edge_config
from marquee.app.settings import Settings

BINARY = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SERVICES = ("accounts", "auth", "catalog", "reviews", "search", "web")
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Said:
    """`status` 0 ends the connection in the middle of the request instead."""

    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: bytes = b"{}"


LOST, TOKEN = "marquee_session=lost", "marquee_csrf=found; Path=/"
"""The cookie of a session whose token the browser has lost, and how that is given back."""


def a_service(asked: Asked) -> Said:
    """As a service behind the edge: it gives passes, and answers whatever else it is asked."""
    if asked.path == "/internal/introspect":
        who = asked.headers.get("authorization", "")
        if who == "Bearer bad":
            problem = {"x-marquee-problem": '{"detail":"bad token"}', "www-authenticate": "Bearer"}
            return Said(401, problem)
        again = {"set-cookie": TOKEN} if asked.headers.get("cookie") == LOST else {}
        if again and asked.headers["x-original-method"] == "POST":
            return Said(403, {"x-marquee-problem": '{"detail":"Repeat the token."}', **again})
        return Said(204, {"x-marquee-identity": f"pass of {who or 'a stranger'}", **again}, b"")
    if asked.path == "/internal/stranger":
        return Said(204, {"x-marquee-identity": "pass of nobody known"}, b"")
    return Said()


@dataclass
class Stub:
    """One replica of one service."""

    answer: Callable[[Asked], Said] = a_service
    port: int = field(default_factory=free_port)
    asked: list[Asked] = field(default_factory=list)
    server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def read(self) -> list[Asked]:
        """What it was asked but for passes."""
        return [one for one in self.asked if not one.path.startswith("/internal/")]

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            asked = await _request(reader)
            self.asked.append(asked)
            said = self.answer(asked) if not asked.path.startswith("/internal/") else None
            said = said or a_service(asked)
            if said.status:
                body = b"" if asked.method == "HEAD" else said.body
                headers = {**said.headers, "connection": "close"}
                if said.status not in {101, 204, 304}:
                    headers["content-length"] = str(len(said.body))
                head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                writer.write(f"HTTP/1.1 {said.status} Said\r\n{head}\r\n".encode() + body)
                await writer.drain()
        writer.close()


async def _request(reader: asyncio.StreamReader) -> Asked:
    top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _version = top[0].split(" ")
    pairs = (line.partition(":") for line in top[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


@dataclass
class Town:
    """nginx with the configuration of `settings`, and the stubs it knows of, by service."""

    folder: Path
    replicas: dict[str, list[Stub]]
    port: int = field(default_factory=free_port)
    otlp_url: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        told = {f"{name}_http": ",".join(s.url for s in one) for name, one in self.replicas.items()}
        return Settings(port=self.port, data=self.folder, otlp_url=self.otlp_url, of_contexts=told)

    def __getitem__(self, name: str) -> Stub:
        return self.replicas[name][0]


def a_town(folder: Path, **answers: Callable[[Asked], Said]) -> Town:
    """A stub a service; an answer under `catalog_2` is a second replica's."""
    replicas = {name: [Stub(answers.pop(name, a_service))] for name in SERVICES}
    for name, answer in answers.items():
        replicas[name.partition("_")[0]].append(Stub(answer))
    return Town(folder, replicas)


def nginx_command(folder: Path, text: str) -> list[str]:
    """Writes the configuration; what to run it with."""
    if BINARY is None:
        left_out("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return [BINARY, "-p", f"{folder}/", "-c", str(folder / "nginx.conf"), "-e", "stderr"]


@contextlib.asynccontextmanager
async def open_town(town: Town) -> AsyncIterator[Town]:
    said = "daemon off; master_process off;"  # one process, which is easy to end
    command = nginx_command(town.folder / "edge", edge_config.nginx(town.settings))
    stubs = [stub for replicas in town.replicas.values() for stub in replicas]
    async with contextlib.AsyncExitStack() as open_:
        for stub in stubs:
            open_.push_async_callback(stub.close)
            await stub.open()
        process = await asyncio.create_subprocess_exec(*command, "-g", said)
        open_.push_async_callback(process.wait)
        open_.callback(process.kill)
        while True:
            with contextlib.suppress(OSError):
                _reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
                writer.close()
                break
            assert process.returncode is None, "nginx did not start"
            await asyncio.sleep(0.02)
        yield town
