"""The search index on tantivy, in a folder of the data folder."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Self

from tantivy import Searcher

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, Found
from marquee.contexts.search.stores import looking, queries
from marquee.contexts.search.stores.counting import (
    Counts,
    Wanted,
    counted,
    counts_of,
    together,
    total,
)
from marquee.contexts.search.stores.documents import document, order, schema
from marquee.contexts.search.stores.looking import ENOUGH, Meaning
from marquee.contexts.search.stores.queries import Way
from marquee.contexts.search.stores.tallies import Tallies
from marquee.engines.tantivy import Shelf, Volume

BROAD = 20_000
FEW = 200
KEY = "key"


class TantivySearchIndex:
    """Readers see the last `put`; only one task at a time writes, as the service sees to."""

    def __init__(self, shelf: Shelf, volume: Volume, *, is_whole: bool) -> None:
        self._shelf = shelf
        self._volume = volume
        self._is_whole = is_whole
        self._tallies = Tallies()
        self._version = 0
        self._seeing = Lock()  # what readers see, and the tallies of it, change together

    @classmethod
    async def open(cls, folder: Path) -> Self:
        return await asyncio.to_thread(cls._open, folder)

    @classmethod
    def _open(cls, folder: Path) -> Self:
        shelf = Shelf(folder)
        path = shelf.current()
        volume = Volume.open(schema(), path, KEY) if path else None
        is_whole = volume is not None
        if volume is None:
            volume = Volume.make(schema(), shelf.new(), KEY)
        if is_whole:
            shelf.tidy()
        return cls(shelf, volume, is_whole=is_whole)

    @property
    def is_whole(self) -> bool:
        return self._is_whole

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        await asyncio.to_thread(self._put, entries, gone)

    def _put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        fresh = {entry.key: entry for entry in entries}
        keys = list(dict.fromkeys((*fresh, *gone)))
        little = bool(self._tallies) and len(keys) <= FEW
        before = looking.keyed(self._volume.searcher(), keys) if little else []
        self._volume.put((document(entry) for entry in fresh.values()), keys)
        with self._seeing:
            self._volume.show()
            self._version += 1
            if little:
                self._tallies.change(before, fresh.values())
            else:
                self._tallies.forget()

    async def find(self, asked: Asked, filters: Filters, *, most: int) -> Found:
        return await asyncio.to_thread(self._find, asked, filters.wanted, most)

    def _find(self, asked: Asked, wanted: Wanted, most: int) -> Found:
        with self._seeing:
            searcher, version = self._volume.searcher(), self._version
            kept = self._tallies.get(asked, wanted)
        meaning = looking.meaning(searcher, asked, ENOUGH if wanted else most)
        if not wanted and meaning.together.is_all:
            found = looking.entries(searcher, meaning.together.places.values())
            counts = counts_of(found)
            return Found(found, total(counts, wanted), counts)
        best = meaning.together
        if wanted:
            ways = [queries.filtered(searcher, way, wanted) for way in meaning.ways]
            best = looking.best(searcher, ways, most)
        typed = queries.as_typed(searcher, asked)
        if kept is None and typed.size >= BROAD:
            kept = counted(searcher, typed, wanted)
            self._keep(asked, wanted, kept, version)
        counts = _counts(searcher, asked, wanted, meaning, typed, kept)
        found = looking.entries(searcher, best.places.values())
        return Found(found, total(counts, wanted), counts)

    def _keep(self, asked: Asked, wanted: Wanted, counts: Counts, version: int) -> None:
        with self._seeing:
            if version == self._version:
                self._tallies.keep(asked, wanted, counts)

    async def others(
        self, asked: Asked, filters: Filters, known: Sequence[Entry], *, skip: int, limit: int
    ) -> list[Entry]:
        def work() -> list[Entry]:
            searcher = self._searcher()
            meaning = looking.meaning(searcher, asked, ENOUGH)
            whole = queries.any_of([queries.as_typed(searcher, asked), *meaning.unsure])
            whole = queries.filtered(searcher, whole, filters.wanted)
            passed = {order(entry) for entry in known}
            found = looking.best(searcher, [whole], skip + limit + len(passed)).places
            rest = [place for number, place in found.items() if number not in passed]
            return looking.entries(searcher, rest[skip : skip + limit])

        return await asyncio.to_thread(work)

    async def beginnings(self, asked: Asked, *, most: int) -> list[Entry]:
        def work() -> list[Entry]:
            searcher = self._searcher()
            return looking.entries(searcher, looking.beginnings(searcher, asked, most).values())

        return await asyncio.to_thread(work)

    async def rebuild(self, pages: AsyncIterator[Sequence[Entry]]) -> None:
        path = await asyncio.to_thread(self._shelf.new)
        volume = await asyncio.to_thread(Volume.make, schema(), path, KEY)
        writing = volume.writing(many=True)
        try:
            async for entries in pages:
                await asyncio.to_thread(writing.add, [document(entry) for entry in entries])
        except BaseException:
            await asyncio.to_thread(writing.drop)
            raise
        await asyncio.to_thread(writing.finish)
        await asyncio.to_thread(self._shelf.use, path)
        with self._seeing:
            volume.show()
            self._volume, self._is_whole = volume, True
            self._version += 1
            self._tallies.forget()
        await asyncio.to_thread(self._shelf.tidy)

    def _searcher(self) -> Searcher:
        with self._seeing:
            return self._volume.searcher()

    async def close(self) -> None:
        """Nothing is open but what the system closes by itself."""


def _counts(  # noqa: PLR0913, PLR0917 - all that is known of one question
    searcher: Searcher,
    asked: Asked,
    wanted: Wanted,
    meaning: Meaning,
    typed: Way,
    kept: Counts | None,
) -> Counts:
    """Of what it says as it is typed (that may be `kept`), and of what it may mean besides."""
    if not wanted and meaning.slipped.is_all:
        slipped = looking.entries(searcher, meaning.slipped.places.values())
        besides = counts_of(one for one in slipped if not Handles.of(one).answer(asked))
        return together(kept or counted(searcher, typed, wanted), besides)
    if kept is None:
        return counted(searcher, queries.any_of([typed, *meaning.unsure]), wanted)
    if not meaning.unsure:
        return kept
    besides = counted(searcher, queries.but_not(queries.any_of(meaning.unsure), typed), wanted)
    return together(kept, besides)
