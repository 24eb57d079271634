"""A database of the running Redis that is ours alone, and a whole Redis that may be stopped."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import redis
from tests.ports import free_port
from tests.real import left_out, real

DATABASES = range(1, 16)
STARTS_WITHIN = 30.0


@cache
def _number() -> int:
    """Nobody else on this machine has it until this process ends; 0 is nobody's."""
    for number in DATABASES:
        place = Path(tempfile.gettempdir()) / f"marquee-test-redis-{number}.lock"
        held = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return number
        os.close(held)
    raise RuntimeError("Every database of Redis is taken by another test run.")


@contextmanager
def a_database() -> Iterator[str]:
    """The URL of an empty one."""
    url = f"{real('redis')}/{_number()}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@dataclass
class OwnRedis:
    """It can be stopped and started again, and forgets everything in between."""

    port: int
    folder: Path
    options: tuple[str, ...] = ()
    url: str = field(init=False)
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            left_out("redis")
        where = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder))
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [program, *where, "--save", "", *self.options], stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as asked:
                asked.sendall(b"PING\r\n")
                if asked.recv(100)[:5] in {b"+PONG", b"-NOAU"}:
                    return
            time.sleep(0.01)
        raise RuntimeError("Redis does not start.")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def a_redis(folder: Path, *options: str) -> Iterator[OwnRedis]:
    own = OwnRedis(free_port(), folder, options)
    own.start()
    try:
        yield own
    finally:
        own.stop()
