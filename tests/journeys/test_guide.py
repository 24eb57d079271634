"""The guide to services says what works: its file and its commands are taken from it and run."""

import asyncio
import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from tests.journeys.services import Deployment, _end, _until_up
from tests.ports import free_port
from tests.real import fresh
from tests.reliability.site import PASSWORD, environment

GUIDE = Path("docs/guide/services.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"(?<=127\.0\.0\.1:)(9\d{3})|(?<=^port = )(8000)", re.MULTILINE)


def blocks(kind: str) -> list[str]:
    found = [text for name, text in BLOCK.findall(GUIDE.read_text("utf-8")) if name == kind]
    assert found
    return found


def commands() -> list[list[str]]:
    """Every `marquee …` of the guide, in its order, without what is set before it."""
    said = [line for text in blocks("sh") for line in text.splitlines()]
    said += re.findall(r"`(marquee edge nginx [^`]*)`", GUIDE.read_text("utf-8"))
    words = [shlex.split(line) for line in said if "marquee " in line]
    return [one[one.index("marquee") + 1 :] for one in words]


@pytest.mark.engine
async def test_what_the_guide_says_works(tmp_path: Path) -> None:
    ports: dict[str, str] = {}
    with fresh("postgresql", tmp_path) as url:
        config = blocks("toml")[0]
        config = re.sub(r'url = "postgresql://.*"', f'url = "{url}"', config)
        config = config.replace('data = "data"', f'data = "{tmp_path / "data"}"')
        config = PORT.sub(lambda m: ports.setdefault(m[0], str(free_port())), config)
        (tmp_path / "marquee.toml").write_text(f'starter = "off"\n{config}', encoding="utf-8")
        up, *rest = commands()
        assert up == ["up", "--config", "marquee.toml"]
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own command
                [sys.executable, "-m", "marquee", *up],
                cwd=tmp_path,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            await _until_up(Deployment(tmp_path, int(ports["8000"]), {}, {}, process))
            for words in rest:
                await asyncio.to_thread(told, tmp_path, words)
            await signed_in(ports["8000"])
        finally:
            await asyncio.to_thread(_end, process)
    assert "proxy_pass" in (tmp_path / "nginx.conf").read_text("utf-8")


def told(folder: Path, words: list[str]) -> None:
    filled = [{"USERNAME": "boss", "EMAIL": "boss@films.example"}.get(word, word) for word in words]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "marquee", *filled],
        cwd=folder,
        env=environment(config="marquee.toml"),
        input=PASSWORD.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (words, done.stderr.decode())


async def signed_in(port: str) -> None:
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:
        answer = await client.post(
            "/api/v1/auth/login", json={"login": "boss", "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/api/v1/movies")).json()["total"] == 0
