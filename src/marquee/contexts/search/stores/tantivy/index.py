"""The search index on tantivy, in a folder of the data folder."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, Found, Page
from marquee.contexts.search.stores import looking as talks
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.tallies import Tallies
from marquee.contexts.search.stores.tantivy import looking
from marquee.contexts.search.stores.tantivy.apart import Apart
from marquee.contexts.search.stores.tantivy.documents import KEY, document, schema
from marquee.contexts.search.stores.tantivy.ways import View
from marquee.contexts.search.stores.values import order
from marquee.contexts.search.stores.wishes import Counted, Counts, Wanted
from marquee.engines.tantivy import Shelf, Volume

BROAD = 10_000
FEW, MANY = 200, 5_000
BIG = 20_000
"""Entries written between two looks of the readers, where there are many."""


class TantivySearchIndex:
    """Readers see the last `put`; only one task at a time writes, as the service sees to."""

    name = None

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

    async def is_whole(self) -> bool:
        return self._is_whole

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        await asyncio.to_thread(self._put, entries, gone)

    def _put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        fresh = {entry.key: entry for entry in entries}
        keys = list(dict.fromkeys((*fresh, *gone)))
        little = bool(self._tallies) and len(keys) <= FEW
        before = looking.keyed(View(self._volume.searcher()), keys) if little else []
        documents = (document(entry) for entry in fresh.values())
        self._volume.put(documents, keys, many=len(keys) > MANY)
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
            view, version = View(self._volume.searcher()), self._version
            kept = self._tallies.get(asked, wanted)

        def count(view: View, wish: Counted) -> Counts:
            if kept is not None:
                return kept
            counts = looking.counted(view, wish)
            if view.way(wish.query).size >= BROAD:
                self._keep(asked, wanted, counts, version)
            return counts

        return looking.talked(view, talks.found(asked, wanted, most), count)

    def _keep(self, asked: Asked, wanted: Wanted, counts: Counts, version: int) -> None:
        with self._seeing:
            if version == self._version:
                self._tallies.keep(asked, wanted, counts)

    async def others(
        self, asked: Asked, filters: Filters, known: Sequence[Entry], *, skip: int, limit: int
    ) -> list[Entry]:
        def work() -> list[Entry]:
            view, passed = self._view(), {order(entry) for entry in known}
            typed = view.way(queries.filtered(queries.as_typed(asked), filters.wanted))
            places = looking.best(view, typed, skip + limit + len(passed)).places
            rest = [place for number, place in places.items() if number not in passed]
            return looking.entries(rest[skip : skip + limit])

        return await asyncio.to_thread(work)

    async def beginnings(self, asked: Asked, *, most: int) -> list[Entry]:
        def work() -> list[Entry]:
            return looking.talked(self._view(), talks.beginnings(asked, most), looking.counted)

        return await asyncio.to_thread(work)

    async def put_all(self, pages: AsyncIterator[Page]) -> None:
        path = await asyncio.to_thread(self._shelf.current)
        if path is None:
            async for entries, gone in pages:
                await self.put(entries, gone)
            return
        async with _apart(path) as apart:
            waiting = 0
            async for entries, gone in pages:
                await asyncio.to_thread(apart.add, entries, gone)
                waiting += len(entries) + len(gone)
                if waiting >= BIG:
                    await self._finish(apart)
                    waiting = 0
            await self._finish(apart)

    async def _finish(self, apart: Apart) -> None:
        await asyncio.to_thread(apart.finish)
        with self._seeing:
            self._volume.show()
            self._version += 1
            self._tallies.forget()

    async def rebuild(
        self, pages: AsyncIterator[Sequence[Entry]], _number: int | None = None, /
    ) -> None:
        """Nobody else has the folder: who comes later waits in this process."""
        path = await asyncio.to_thread(self._shelf.new)
        volume = await asyncio.to_thread(Volume.make, schema(), path, KEY)
        few: list[Entry] = []
        async for entries in pages:
            few += entries
            if len(few) > MANY:
                break
        if len(few) > MANY:
            async with _apart(path) as apart:
                await asyncio.to_thread(apart.add, few)
                async for entries in pages:
                    await asyncio.to_thread(apart.add, entries)
                await asyncio.to_thread(apart.finish)
        else:
            await asyncio.to_thread(volume.put, map(document, few), (), many=False)
        await asyncio.to_thread(self._shelf.use, path)
        with self._seeing:
            volume.show()
            self._volume, self._is_whole = volume, True
            self._version += 1
            self._tallies.forget()
        await asyncio.to_thread(self._shelf.tidy)

    def _view(self) -> View:
        with self._seeing:
            return View(self._volume.searcher())

    async def close(self) -> None:
        """Nothing is open but what the system closes by itself."""


@asynccontextmanager
async def _apart(path: Path) -> AsyncIterator[Apart]:
    apart = await asyncio.to_thread(Apart, path)
    try:
        yield apart
    finally:
        await asyncio.to_thread(apart.close)
