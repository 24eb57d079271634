"""What we know of every engine; one class each says the rest."""

import re
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.engines.place import PATH, LeftOut, Place
from deploy.engines.ports import LOOPBACK

Command = Sequence[str | Path]


class Engine(ABC):
    name: str
    ports: ClassVar[Mapping[str, int]]
    """Those it wants; clients use the first."""
    address: str = ""
    """Its URL; `{}` is where clients find it."""
    account: str = ""
    """The system user it runs as when we are root."""
    package: str = ""
    """The Debian package it comes in, if it comes in one."""
    program: str = ""
    """What that package brings."""
    stands_for: str = ""
    """The engine whose protocol it speaks without being it."""
    ends_by = signal.SIGTERM
    ends_within = 15.0

    def lacks_package(self) -> bool:
        return bool(self.package) and not find(self.program)

    @abstractmethod
    def get(self) -> str:
        """Its version; fetched where it was not there. LeftOut says what it lacks."""

    def prepare(self, at: Place) -> None:  # noqa: B027 - most have nothing to prepare
        """Configuration, and an empty database the first time."""

    @abstractmethod
    def commands(self, at: Place) -> list[Command]:
        """What runs, in this order; ended in the opposite one."""

    def environ(self, at: Place) -> Mapping[str, str]:
        del at
        return {}

    @abstractmethod
    def ask(self, at: Place) -> None:
        """A real question. OSError, ValueError or SubprocessError where it does not answer."""

    def url(self, at: Place) -> str:
        return self.address.format(at_loopback(at.ports[self.first_port()]))

    def first_port(self) -> str:
        """The name of the one that clients use."""
        return next(iter(self.ports))


def find(program: str) -> Path | None:
    """A server's program; not every user's PATH has the folders they are in."""
    found = shutil.which(program) or shutil.which(program, path=PATH)
    return Path(found) if found else None


def need(program: str) -> Path:
    found = find(program)
    if not found:
        raise LeftOut(f"needs {program}")
    return found


def version(command: Command) -> str:
    """The first thing in its answer that looks like a version."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found.group() if found else "unknown"


def query(command: Command) -> None:
    """Asks by the engine's own client."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode:
        raise ValueError(done.stderr.strip())


def at_loopback(port: int) -> str:
    return f"{LOOPBACK}:{port}"
