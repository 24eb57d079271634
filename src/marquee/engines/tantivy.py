"""A tantivy index in a folder: opened or made, written now and then, swapped for another."""

import contextlib
import ctypes
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import tantivy

from marquee.kit.errors import OutOfSpace, Unavailable
from marquee.kit.ids import new_id

SMALL, LARGE = 15_000_000, 50_000_000
POINTER = "current"
M_ARENA_MAX, ARENAS = -8, 2
LITTLE = 1_000_000
"""Bytes left on a disk that is as good as full: what could not be written was larger."""
PASSING = ("LockBusy", "index writer was killed")
"""Another writes still, such as one whose parent was killed; a disk failed under a thread of it."""


def in_use(folder: Path) -> Path | None:
    """The index that the folder's pointer names, if it is there."""
    try:
        name = (folder / POINTER).read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return next((path for path in folder.glob("index-*") if path.name == name), None)


class Shelf:
    """A folder of indexes, one of which is in use: the one a small file names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """The index in use, if it is there; whatever else lies around is left from a crash."""
        return in_use(self.folder)

    def new(self) -> Path:
        path = self.folder / f"index-{new_id()}"
        path.mkdir()
        return path

    def use(self, path: Path) -> None:
        """From now on, whatever happens next."""
        fresh = self.folder / f"{POINTER}.new"
        with fresh.open("w", encoding="ascii") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / POINTER)
        _keep(self.folder)

    def tidy(self) -> None:
        """Drop every index but the one in use."""
        current = self.current()
        for path in self.folder.glob("index-*"):
            if path != current:
                shutil.rmtree(path, ignore_errors=True)


class Writing:
    """Changes to a volume that take effect together, or not at all."""

    def __init__(self, index: tantivy.Index, path: Path, field: str, size: int) -> None:
        self._writer: Any = index.writer(heap_size=size, num_threads=1)
        self._path = path
        self._field = field

    def add(self, documents: Iterable[Any], keys: Iterable[str] = ()) -> None:
        """Drop `keys`, then add `documents`."""
        with _passing(self._path):
            for key in keys:
                self._writer.delete_documents_by_term(self._field, key)
            for document in documents:
                self._writer.add_document(document)

    def finish(self) -> None:
        """All of it is on the disk when this returns."""
        try:
            with _passing(self._path):
                self._writer.commit()
        except BaseException:
            self.drop()
            raise
        self._close()

    def drop(self) -> None:
        try:
            self._writer.rollback()
        finally:
            self._close()

    def _close(self) -> None:
        # Merges run on threads of the writer's own; without waiting they would be lost.
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.wait_merging_threads()
            del writer
            _give_back_memory()


class Volume:
    """One index. `field` is the key by which a document replaces another."""

    def __init__(
        self, index: tantivy.Index, schema: tantivy.Schema, path: Path, field: str
    ) -> None:
        _few_arenas()
        # What is written is seen when we say so, not when a thread of the reader's notices.
        index.config_reader("manual")
        index.reload()
        self.index = index
        self.schema = schema
        self._path = path
        self._field = field
        self._is_shown = True
        self._is_ours = False

    @classmethod
    def make(cls, schema: tantivy.Schema, path: Path, field: str) -> Self:
        with _passing(path):
            index = tantivy.Index(schema, path=str(path), reuse=False)
        return cls(index, schema, path, field)

    @classmethod
    def open(cls, schema: tantivy.Schema, path: Path, field: str) -> Self | None:
        """None when it is broken, or was made for other fields."""
        with contextlib.suppress(ValueError, OSError):
            if tantivy.Index.exists(str(path)):
                index = tantivy.Index(schema, path=str(path), reuse=True)
                searcher = index.searcher()
                searcher.search(tantivy.Query.all_query(), 1)
                searcher.doc_freq(field, "")
                return cls(index, schema, path, field)
        return None

    def known(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that may have a document: no other needs to be dropped."""
        if not self._is_shown:
            return list(keys)
        searcher = self.searcher()
        return [key for key in keys if searcher.doc_freq(self._field, key)]

    def put(self, documents: Iterable[Any], keys: Iterable[str], *, many: bool) -> None:
        """Drop `keys` and add `documents`, together and durably; `show` lets readers see it."""
        writing = self.writing(many=many)
        try:
            known = self.known(keys)
            self._is_shown = False
            writing.add(documents, known)
        except BaseException:
            writing.drop()
            raise
        writing.finish()

    def writing(self, *, many: bool) -> Writing:
        """Only one at a time, in any process."""
        with _passing(self._path):
            size = LARGE if many else SMALL
            writing = Writing(self.index, self._path, self._field, size)
        if not self._is_ours:  # whoever wrote before may have ended only now
            self.index.reload()
            self._is_ours = True
        return writing

    def show(self) -> None:
        """From now on a new searcher sees what has been written."""
        self.index.reload()
        self._is_shown = True

    def searcher(self) -> tantivy.Searcher:
        return self.index.searcher()


@lru_cache(maxsize=1)
def _few_arenas() -> None:
    """A writer allocates on threads of its own: with an arena each, memory would be kept by each."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


@contextlib.contextmanager
def _passing(path: Path) -> Iterator[None]:
    """What may go by itself is told apart; the library says what went wrong in words only.

    Of a writer that ended by itself it does not say why: then the disk is asked.
    """
    try:
        yield
    except ValueError as error:
        is_passing = any(words in str(error) for words in PASSING)
        if os.strerror(errno.ENOSPC) in str(error) or (is_passing and _is_full(path)):
            raise OutOfSpace("The disk of the search index is full.") from error
        if is_passing:
            raise Unavailable("The search index cannot be written now.", retry_after=1) from error
        raise


def _is_full(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(path).free < LITTLE
    return False


def _give_back_memory() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _keep(folder: Path) -> None:
    """What is in the folder, and by which name, is on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
