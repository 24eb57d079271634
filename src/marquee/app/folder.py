"""The data folder has one owner at a time; a lock says which process it is."""

import fcntl
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import IO, Self

from marquee.kit.errors import Conflict, Unavailable

LOCK = "marquee.lock"
UNFINISHED = "move.unfinished"
"""A file that stands where a move has begun to bring an instance and not all of it is there yet."""
OWNERS_ALONE = 0o077
"""What no file may let others do: e-mail addresses and hashes of passwords are in them."""
LONGEST_SOCKET_PATH = 100


class Folder:
    """Held from `own` to `leave`, or until the process ends in whatever way."""

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def own(cls, path: Path, *, moving: bool = False) -> Self:
        """Conflict, saying who, when another process has it.

        Unavailable where a move into it has not ended; `moving` is said by a move itself.
        """
        os.umask(OWNERS_ALONE)
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = (path / LOCK).open("a+", encoding="utf-8")
        except OSError as error:
            raise Unavailable(
                f"The data folder {path} cannot be used: {error.strerror}.", field="MARQUEE_DATA"
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise Conflict(f"{path} is in use by {owner(path)}.") from None
        if not moving and (path / UNFINISHED).exists():
            lock.close()
            raise Unavailable(f"A move into {path} has not ended: run marquee move again.")
        lock.seek(0)
        lock.truncate()
        lock.write(json.dumps({"pid": os.getpid()}))
        lock.flush()
        return cls(path, lock)

    def leave(self) -> None:
        self._lock.close()


def owner(path: Path) -> str:
    """The process that holds the folder, as far as its lock tells."""
    try:
        return f"process {json.loads((path / LOCK).read_text('utf-8'))['pid']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def control_socket(path: Path) -> Path:
    """Where the owner takes commands: in the folder, or where its name is short enough."""
    inside = path / "control.sock"
    if len(str(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    mark = hashlib.blake2s(str(path).encode(), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"marquee-{os.getuid()}-{mark}.sock"
