"""Start the servers that are measured, each as a process of its own, on a free port."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Running:
    port: int
    pid: int
    ready_after: float


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def started(
    command: list[str], port: int, environment: dict[str, str], path: str
) -> Iterator[Running]:
    """Until `path` answers 200; ended with the block."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        while not _answers(port, path):
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {process.returncode}")
            time.sleep(0.02)
        yield Running(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(40)


def _answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def marquee(folder: Path, *, starter: bool = True) -> contextlib.AbstractContextManager[Running]:
    """A Marquee of its own in `folder`."""
    port = free_port()
    environment = {
        "MARQUEE_DATA": str(folder),
        "MARQUEE_PORT": str(port),
        "MARQUEE_LOG_LEVEL": "error",
        "MARQUEE_STARTER": "on" if starter else "off",
    }
    command = [sys.executable, "-m", "marquee", "serve"]
    return started(command, port, environment, "/readyz")


def peer(
    app: str, environment: dict[str, str], *, workers: int = 1
) -> contextlib.AbstractContextManager[Running]:
    """An ASGI app of `benchmarks.peers` on the server that Marquee uses, set up alike."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log"),
        *("--log-level", "error", "--loop", "uvloop", "--http", "httptools", "--lifespan", "off"),
        *(("--workers", str(workers)) if workers > 1 else ()),
    ]
    return started(command, port, environment, "/")
