"""The operator's socket: there from the start, and what answers it from the first word."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest

from marquee.app.control import Door, control
from marquee.app.folder import control_socket
from marquee.app.remote.client import Peer
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog
from marquee.kit.errors import Unavailable


class Echo:
    """Answers what it is told, behind a door."""

    def __init__(self, fails: int = 0) -> None:
        self.loaded = 0
        self._fails = fails

    async def answer(self, inside: Path) -> Any:
        self.loaded += 1
        await asyncio.sleep(0)
        if self.loaded <= self._fails:
            raise Unavailable("It does not load.")
        self._listening = await asyncio.start_unix_server(self._echo, inside)
        return self

    async def stop(self) -> None:
        self._listening.close()

    async def _echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(1000):
            writer.write(piece)
        writer.close()


def sockets(folder: Path) -> list[Path]:
    return list(folder.glob("control.sock*"))


async def said(path: Path, line: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(line)
    got = await reader.readline()
    writer.close()
    return got


async def test_commands_are_taken_and_the_socket_is_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, starter=False)
    path = control_socket(tmp_path)
    async with opened(settings) as building, control(building):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        async with Peer(f"unix:{path}", caller="operator") as peer:
            assert await peer.ask(Catalog).movies(ids=[]) == {}
        assert {stat.S_IMODE(one.stat().st_mode) for one in sockets(tmp_path)} == {0o600}
    assert sockets(tmp_path) == []


async def test_whoever_only_looks_loads_nothing(tmp_path: Path) -> None:
    echo = Echo()
    async with Door(tmp_path / "door", echo.answer):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "door")
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
    assert echo.loaded == 0


async def test_what_answers_is_loaded_once_for_all_who_come_meanwhile(tmp_path: Path) -> None:
    echo = Echo()
    lines = [b"%d\n" % number for number in range(20)]
    async with Door(tmp_path / "door", echo.answer):
        assert await asyncio.gather(*(said(tmp_path / "door", line) for line in lines)) == lines
    assert echo.loaded == 1


async def test_what_could_not_be_loaded_is_tried_again(tmp_path: Path) -> None:
    echo = Echo(fails=1)
    async with Door(tmp_path / "door", echo.answer):
        assert await said(tmp_path / "door", b"one\n") == b""
        assert await said(tmp_path / "door", b"two\n") == b"two\n"


async def test_a_socket_left_by_a_process_that_was_killed_is_no_hindrance(tmp_path: Path) -> None:
    left = await asyncio.start_unix_server(lambda _r, _w: None, tmp_path / "door")
    left.close()
    (tmp_path / "door").touch()
    echo = Echo()
    async with Door(tmp_path / "door", echo.answer):
        assert await said(tmp_path / "door", b"one\n") == b"one\n"


@pytest.mark.parametrize("size", [1, 3_000_000])
async def test_what_is_long_arrives_whole(tmp_path: Path, size: int) -> None:
    echo = Echo()
    line = b"x" * size + b"\n"
    async with Door(tmp_path / "door", echo.answer):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "door", limit=size + 2)
        writer.write(line)
        assert await reader.readline() == line
        writer.close()
