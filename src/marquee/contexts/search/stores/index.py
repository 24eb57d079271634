"""The search index on tantivy, in a folder of the data folder."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tantivy import Query, Searcher

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import FACETS, Filters, Found
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.documents import document, entry_of, schema
from marquee.engines.tantivy import Shelf, Volume

ENOUGH = 3
BIG = 20_000
MOST_VALUES = 200
KEY = "key"


class TantivySearchIndex:
    """Readers see the last `put`; only one task at a time writes, as the service sees to."""

    def __init__(self, shelf: Shelf, volume: Volume, *, is_whole: bool) -> None:
        self._shelf = shelf
        self._volume = volume
        self._is_whole = is_whole

    @classmethod
    async def open(cls, folder: Path) -> Self:
        return await asyncio.to_thread(cls._open, folder)

    @classmethod
    def _open(cls, folder: Path) -> Self:
        shelf = Shelf(folder)
        path = shelf.current()
        volume = Volume.open(schema(), path, KEY) if path else None
        is_whole = volume is not None
        if path is None or volume is None:
            path = shelf.new()
            volume = Volume.make(schema(), path, KEY)
        if is_whole:
            shelf.tidy()
        return cls(shelf, volume, is_whole=is_whole)

    @property
    def is_whole(self) -> bool:
        return self._is_whole

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        await asyncio.to_thread(_put, self._volume, entries, gone)

    async def candidates(self, asked: Asked, filters: Filters, *, most: int) -> Found:
        return await asyncio.to_thread(self._candidates, asked, filters, most)

    def _candidates(self, asked: Asked, filters: Filters, most: int) -> Found:
        searcher = self._volume.searcher()
        sure, unsure = meanings(searcher, asked)
        places: dict[int, Any] = {}
        for query in (*sure, *unsure):
            narrowed = queries.filtered(query, filters.wanted)
            places |= _best(searcher, narrowed, most)
        whole = queries.filtered(queries.any_of([*sure, *unsure]), filters.wanted)
        total = _count(searcher, whole)
        return Found([entry_of(searcher.doc(place)) for place in places.values()], total)

    async def others(self, asked: Asked, filters: Filters, *, skip: int, limit: int) -> list[Entry]:
        def work() -> list[Entry]:
            searcher = self._volume.searcher()
            sure, unsure = meanings(searcher, asked)
            whole = queries.filtered(queries.any_of([*sure, *unsure]), filters.wanted)
            found = searcher.search(whole, limit, count=False, order_by_field="order", offset=skip)
            return [entry_of(searcher.doc(place)) for _order, place in found.hits]

        return await asyncio.to_thread(work)

    async def facets(self, asked: Asked, filters: Filters) -> dict[str, dict[str, int]]:
        return await asyncio.to_thread(self._facets, asked, filters)

    def _facets(self, asked: Asked, filters: Filters) -> dict[str, dict[str, int]]:
        searcher = self._volume.searcher()
        sure, unsure = meanings(searcher, asked)
        whole = queries.any_of([*sure, *unsure])
        free = [name for name in FACETS if name not in filters.wanted]
        counted = _counts(searcher, queries.filtered(whole, filters.wanted), free)
        for name in filters.wanted:
            rest = {key: value for key, value in filters.wanted.items() if key != name}
            counted |= _counts(searcher, queries.filtered(whole, rest), [name])
        return counted

    async def beginnings(self, asked: Asked, *, most: int) -> list[Entry]:
        return await asyncio.to_thread(self._beginnings, asked, most)

    def _beginnings(self, asked: Asked, most: int) -> list[Entry]:
        searcher = self._volume.searcher()
        ways: list[Query | None] = [
            queries.exact(asked),
            queries.begins(asked),
            queries.in_name(asked),
        ]
        places: dict[int, Any] = {}
        for query in ways:
            places |= _best(searcher, query, most) if query else {}
        if len(places) < most:
            for query in (queries.slipped(asked, 1), queries.begins_slipped(asked)):
                places |= _best(searcher, query, most) if query else {}
        return [entry_of(searcher.doc(place)) for place in places.values()]

    async def rebuild(self, pages: AsyncIterator[Sequence[Entry]]) -> None:
        path = await asyncio.to_thread(self._shelf.new)
        volume = await asyncio.to_thread(Volume.make, schema(), path, KEY)
        pending: list[Entry] = []
        async for entries in pages:
            pending += entries
            if len(pending) >= BIG:
                await asyncio.to_thread(_put, volume, pending, ())
                pending = []
        await asyncio.to_thread(_put, volume, pending, ())
        await asyncio.to_thread(self._shelf.use, path)
        self._volume, self._is_whole = volume, True
        await asyncio.to_thread(self._shelf.tidy)

    async def close(self) -> None:
        """Nothing is open but what the system closes by itself."""


def meanings(searcher: Searcher, asked: Asked) -> tuple[list[Query], list[Query]]:
    """What the question says, and what it may be meant to say when that is hardly anything."""
    sure = [
        queries.exact(asked),
        queries.begins(asked),
        queries.in_name(asked),
        queries.anywhere(asked),
    ]
    slips = [queries.slipped(asked, 1)]
    count = _count(searcher, queries.any_of(sure))
    if count < ENOUGH:
        slips += [queries.a_word_slipped(asked), queries.begins_slipped(asked)]
        likely = [query for query in slips if query is not None]
        again = _count(searcher, queries.any_of(likely)) if likely else 0
        if not count and not again:
            slips += [queries.slipped(asked, 2), queries.mostly(asked)]
    return sure, [query for query in slips if query is not None]


def _put(volume: Volume, entries: Sequence[Entry], gone: Sequence[str]) -> None:
    keys = [*(entry.key for entry in entries), *gone]
    volume.put((document(entry) for entry in entries), keys)


def _count(searcher: Searcher, query: Query) -> int:
    found: Any = searcher.search(query, 1, count=True)
    return int(found.count or 0)


def _best(searcher: Searcher, query: Query, most: int) -> dict[int, Any]:
    found = searcher.search(query, most, count=False, order_by_field="order")
    return {int(order): place for order, place in found.hits}


def _counts(searcher: Searcher, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
    if not names:
        return {}
    wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
    found: Mapping[str, Any] = searcher.aggregate(query, wanted)
    return {
        name: {one["key"]: int(one["doc_count"]) for one in found[name]["buckets"]}
        for name in names
    }
