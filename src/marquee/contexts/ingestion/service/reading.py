"""A file read batch by batch: here, or in a process of its own where that is worth starting one."""

import gc
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from marquee.contexts.ingestion.service.batches import Batch, next_batch
from marquee.contexts.ingestion.service.files import Source
from marquee.contexts.ingestion.service.parcels import packed, unpacked
from marquee.kit.apart import GONE, Child

LARGE = 12 << 20
"""Bytes from which on a file is read apart. A process takes about a second to start."""
PACKED = 5
"""How many times as large a gzip file is once unpacked."""

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
    """In a child, which is at most some batches ahead."""

    def __init__(self, path: Path) -> None:
        self._child = Child(f"{tell.__module__}:{tell.__name__}", str(path))
        self.child = self._child.pid

    def read(self) -> Batch:
        return unpacked(self._child.receive())

    def close(self) -> None:
        self._child.close()


def tell(pipe: Connection, path: str) -> None:
    """What the child does: one batch after the other, and an empty one in the end."""
    gc.disable()
    told, source = 0, Source(Path(path))
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
    except GONE:
        return
    finally:
        source.close()
