"""A file read batch by batch: here, or in a process of its own where that is worth starting one."""

import gc
import signal
from multiprocessing import get_context
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
        context = get_context("spawn")
        self._pipe, end = context.Pipe(duplex=False)
        self._child = context.Process(target=_tell, args=(path, end), daemon=True)
        self._child.start()
        self.child = self._child.pid
        end.close()

    def read(self) -> Batch:
        try:
            body = self._pipe.recv_bytes()
        except (EOFError, OSError):
            problem = "The process that read the file has ended before its time."
            raise Unavailable(problem, retry_after=1) from None
        return unpacked(body)

    def close(self) -> None:
        self._pipe.close()
        self._child.join(_PATIENCE)
        if self._child.is_alive():
            self._child.kill()
            self._child.join()
        self._child.close()


def _tell(path: Path, pipe: Connection) -> None:
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
