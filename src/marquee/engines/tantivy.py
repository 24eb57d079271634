"""A tantivy index in a folder: opened or made, written now and then, swapped for another."""

import contextlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import tantivy

from marquee.kit.ids import new_id

SMALL, LARGE = 15_000_000, 120_000_000
MANY = 5_000
POINTER = "current"


class Shelf:
    """A folder of indexes, one of which is in use: the one a small file names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """The index in use, if it is there; whatever else lies around is left from a crash."""
        try:
            name = (self.folder / POINTER).read_text("ascii").strip()
        except (OSError, ValueError):
            return None
        path = self.folder / name
        return path if name and path.is_dir() and path.parent == self.folder else None

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

    def tidy(self) -> None:
        """Drop every index but the one in use."""
        current = self.current()
        for path in self.folder.glob("index-*"):
            if path != current:
                shutil.rmtree(path, ignore_errors=True)


class Volume:
    """One index. `field` is the key by which a document replaces another."""

    def __init__(self, index: tantivy.Index, schema: tantivy.Schema, field: str) -> None:
        self.index = index
        self.schema = schema
        self._field = field

    @classmethod
    def make(cls, schema: tantivy.Schema, path: Path, field: str) -> Self:
        return cls(tantivy.Index(schema, path=str(path), reuse=False), schema, field)

    @classmethod
    def open(cls, schema: tantivy.Schema, path: Path, field: str) -> Self | None:
        """None when it is broken, or was made for other fields."""
        with contextlib.suppress(ValueError, OSError):
            index = tantivy.Index(schema, path=str(path), reuse=True)
            index.searcher().search(tantivy.Query.all_query(), 1)
            return cls(index, schema, field)
        return None

    def put(self, documents: Iterable[Any], keys: Sequence[str]) -> None:
        """Drop `keys` and add `documents`, committed together and on the disk when it returns."""
        size = LARGE if len(keys) > MANY else SMALL
        writer = self.index.writer(heap_size=size, num_threads=1)
        try:
            for key in keys:
                writer.delete_documents_by_term(self._field, key)
            for document in documents:
                writer.add_document(document)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            # Merges run on threads of the writer's own; without waiting they would be lost.
            writer.wait_merging_threads()
        self.index.reload()

    def searcher(self) -> tantivy.Searcher:
        return self.index.searcher()
