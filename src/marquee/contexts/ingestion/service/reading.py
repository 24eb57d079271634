"""A file read batch by batch: here, or in a process of its own where that is worth starting one."""

import gc
import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from marquee.contexts.ingestion.service.batches import Batch, next_batch
from marquee.contexts.ingestion.service.files import Source
from marquee.contexts.ingestion.service.parcels import packed, unpacked
from marquee.kit.errors import Unavailable

LARGE = 12 << 20
"""Bytes from which on a file is read apart. A process takes about a second to start."""
PACKED = 5
"""How many times as large a gzip file is once unpacked."""

_CHILD = """
import ast, sys
sys.path[:] = ast.literal_eval(sys.argv[1])
from multiprocessing.connection import Connection
from pathlib import Path
from marquee.contexts.ingestion.service.reading import tell
tell(Path(sys.argv[2]), Connection(int(sys.argv[3]), readable=False))
"""
"""Not by multiprocessing, which would import all of the parent's program first."""
_PATIENCE = 5
_TIDY_EVERY = 100


class Reader(Protocol):
    """Whoever reads calls from one thread at a time, and closes it in the end."""

    def read(self) -> Batch:
        """The next batch; an empty one when there is no more."""
        ...

    def close(self) -> None: ...


def reader(source: Source) -> Reader:
    size = source.size * (PACKED if source.is_packed else 1)
    return Apart(source.path) if size >= LARGE else Here(source)


class Here:
    """In this process, from a source that somebody else closes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._rows = source.rows()
        self._is_broken = False

    def read(self) -> Batch:
        if self._is_broken:
            return Batch()
        batch = next_batch(self._rows)
        self._is_broken = bool(batch.broken)
        batch.done = min(self._source.done, self._source.size)
        return batch

    def close(self) -> None:
        """There is nothing to end."""


class Apart:
    """In a child, which is at most a batch ahead: a pipe holds no more, and whoever fills it waits.

    It ends when nobody is at the other end any more, in whatever way that came.
    """

    def __init__(self, path: Path) -> None:
        here, there = os.pipe()
        self._pipe = Connection(here, writable=False)
        command = [sys.executable, "-c", _CHILD, repr(sys.path), str(path), str(there)]
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own program, told what to read
                command, stdin=subprocess.DEVNULL, pass_fds=(there,)
            )
        finally:
            os.close(there)
        self.child = self._child.pid

    def read(self) -> Batch:
        try:
            body = self._pipe.recv_bytes()
        except (EOFError, OSError):
            problem = "The process that read the file has ended before its time."
            raise Unavailable(problem, retry_after=1) from None
        return unpacked(body)

    def close(self) -> None:
        self._pipe.close()
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def tell(path: Path, pipe: Connection) -> None:
    """What the child does: one batch after the other, and an empty one in the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C means the parent
    gc.collect()
    gc.freeze()
    gc.disable()  # rows make no cycles, and looking for some is a seventh of the work
    told, source = 0, Source(path)
    here = Here(source)
    try:
        while True:
            batch = here.read()
            pipe.send_bytes(packed(batch))
            if batch.is_empty:
                return
            told += 1
            if told % _TIDY_EVERY == 0:
                gc.collect()
    except BrokenPipeError:
        return
    finally:
        source.close()
