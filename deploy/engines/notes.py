"""What we write down about engines that run: who they are, where they answer."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from deploy.engines.processes import Process, is_alive


@dataclass
class Note:
    """One started engine. A note is stale where none of its leaders is the process it was."""

    version: str
    ports: dict[str, int]
    url: str = ""
    leaders: list[Process] = field(default_factory=list)
    others: list[Process] = field(default_factory=list)
    """Their families as they were when the engine answered first."""

    @classmethod
    def read(cls, path: Path) -> Self | None:
        try:
            told = json.loads(path.read_text("utf-8"))
            told["leaders"] = [Process(**each) for each in told["leaders"]]
            told["others"] = [Process(**each) for each in told["others"]]
            return cls(**told)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        write(path, json.dumps(asdict(self), indent=1))

    @property
    def is_running(self) -> bool:
        return bool(self.leaders) and all(is_alive(leader) for leader in self.leaders)


def write(path: Path, text: str) -> None:
    """All of it or nothing; others on this machine may not read it."""
    part = path.with_suffix(".part")
    part.touch(0o600)
    part.write_text(text, "utf-8")
    part.replace(path)


def write_urls(path: Path, urls: Mapping[str, str]) -> None:
    if urls:
        write(path, json.dumps(dict(urls), indent=1) + "\n")
    else:
        path.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits until nobody else holds this lock; a holder that is killed lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
