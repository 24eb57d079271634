"""A supervisor whose services do not come up, or whose ports somebody else has."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from tests.ports import free_port
from tests.real import left_out
from tests.reliability.site import END_WITHIN, environment, wait_for

from marquee.app.up import plan

AWAY = "postgresql://me:hush-hush@127.0.0.1:{port}/films"


@contextmanager
def started(config: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`marquee up`, once one of its services has failed."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "marquee", "up"],
            env=environment(config=str(config)),
            stdout=said,
            stderr=said,
        )
    try:
        wait_for(lambda: "starts again in" in log.read_text("utf-8"), within=60)
        yield process
    finally:
        process.kill()
        process.wait()


def test_told_to_stop_while_services_fail_it_ends_without_a_traceback(tmp_path: Path) -> None:
    config, log = tmp_path / "marquee.toml", tmp_path / "log"
    config.write_text(f"""
data = "{tmp_path}/data"
[accounts]
url = "{AWAY.format(port=free_port())}"
http = ["http://127.0.0.1:{free_port()}", "http://127.0.0.1:{free_port()}"]
at = "grpc://127.0.0.1:{free_port()}"
""")
    with started(config, log) as process:
        process.send_signal(signal.SIGTERM)
        process.wait(END_WITHIN)
    text = log.read_text("utf-8")
    assert "MARQUEE_ACCOUNTS_URL" in text
    assert "hush-hush" not in text
    assert "Traceback" not in text
    assert "never retrieved" not in text


@pytest.mark.engine
def test_until_they_do_whoever_comes_is_told_when_to_come_again(tmp_path: Path) -> None:
    if plan.nginx() is None:
        left_out("nginx")
    config, log, port = tmp_path / "marquee.toml", tmp_path / "log", free_port()
    lines = [f'port = {port}\ndata = "{tmp_path}/data"\nedge = "nginx"']
    for name in ("auth", "accounts", "catalog", "web"):
        url = f'url = "{AWAY.format(port=free_port())}"' if name == "accounts" else ""
        lines.append(f'[{name}]\nhttp = ["http://127.0.0.1:{free_port()}"]\n{url}')
        lines.append(f'at = "grpc://127.0.0.1:{free_port()}"' if name != "web" else "")
    config.write_text("\n".join(lines))
    with started(config, log) as process:
        answer = httpx2.get(f"http://127.0.0.1:{port}/api/v1/movies", trust_env=False)
        assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (503, True)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "up           | " not in log.read_text("utf-8")
        process.send_signal(signal.SIGTERM)
        assert process.wait(END_WITHIN) == 0


@pytest.mark.parametrize("setting", ["HTTP", "AT"])
def test_a_port_that_somebody_has_is_named_with_its_setting(tmp_path: Path, setting: str) -> None:
    ports = {"HTTP": free_port(), "AT": free_port()}
    config = tmp_path / "marquee.toml"
    config.write_text(f"""
data = "{tmp_path}/data"
[accounts]
http = ["http://127.0.0.1:{ports["HTTP"]}"]
at = "grpc://127.0.0.1:{ports["AT"]}"
""")
    with socket.create_server(("127.0.0.1", ports[setting])):
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "marquee", "up", "--config", str(config)],
            env=environment(),
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert (
        f"MARQUEE_ACCOUNTS_{setting}: accounts cannot listen at 127.0.0.1:{ports[setting]}" in line
    )
