"""What is said when the server is there: where to look, and how to become admin of this instance."""

import io
import shlex
import socket
from pathlib import Path

import pytest
from rich.console import Console

from marquee.app import serving
from marquee.app.settings import Settings


async def told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    said = io.StringIO()
    monkeypatch.setattr(serving, "console", Console(file=said, highlight=False))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        async with serving.opened(Settings(data=folder, starter=False)) as building:
            await serving.welcome(building, listening)
    return said.getvalue()


async def test_the_line_that_makes_an_admin_names_the_folder_that_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "film club [b]"
    said = await told(folder, monkeypatch)
    assert f" MARQUEE_DATA={shlex.quote(str(folder))} " in said
    assert said.endswith(" admin create USERNAME EMAIL\n")


async def test_the_usual_folder_need_not_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "MARQUEE_DATA" not in await told(tmp_path / "data", monkeypatch)


def test_the_address_is_one_that_a_browser_takes() -> None:
    assert serving.address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert serving.address("::", 80) == "http://127.0.0.1:80"
    assert serving.address("::1", 8000) == "http://[::1]:8000"
