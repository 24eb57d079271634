"""The search index on OpenSearch."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Self

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, Found, Page
from marquee.contexts.search.stores import looking as talks
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.opensearch import documents
from marquee.contexts.search.stores.opensearch.documents import BODY, PAGE, PUT
from marquee.contexts.search.stores.opensearch.looking import SOON, Reader, compiled, places, top
from marquee.engines.opensearch import Cluster, Elsewhere, Shelf, address, prefix
from marquee.engines.opensearch.cluster import NO_INDEX, OLDER
from marquee.engines.opensearch.shelf import BEATING, own
from marquee.kit.errors import Unavailable

WINDOW = 10_000
"""So many hits can be skipped and shown by one search."""


class OpenSearchIndex:
    """Many may read and write it at once; readers see the last `put` of anybody."""

    def __init__(self, cluster: Cluster, shelf: Shelf) -> None:
        self.name = f"{cluster.id}/{shelf.current}"
        self._cluster = cluster
        self._shelf = shelf
        self._reader = Reader(cluster, shelf.current)

    @classmethod
    async def open(cls, url: str) -> Self:
        where = address(url)
        name = prefix(where)
        cluster = await Cluster.open(where)
        try:
            shelf = Shelf(cluster, name, BODY)
            await shelf.open()
        except BaseException:
            await cluster.close()
            raise
        return cls(cluster, shelf)

    async def is_whole(self) -> bool:
        return await self._shelf.is_whole()

    async def put(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        """Also into one that is being filled; that first, so that it may be swapped meanwhile."""
        fresh = {entry.key: entry for entry in entries}
        filling = await self._cluster.behind(self._shelf.next)
        for some in documents.parts(list(fresh.values())):
            lines = await asyncio.to_thread(documents.put, some, version=PUT)
            await self._write(lines, filling)
        for keys in documents.parts([key for key in dict.fromkeys(gone) if key not in fresh]):
            await self._write(documents.drop(keys), filling)
        await self._cluster.refresh(self._shelf.next, self._shelf.current)

    async def put_all(self, pages: AsyncIterator[Page]) -> None:
        async for entries, gone in pages:
            await self.put(entries, gone)

    async def _write(self, lines: bytes, filling: Sequence[str]) -> None:
        for name in filling:
            await self._cluster.write(own(name), lines, passing={NO_INDEX})
        try:
            await self._cluster.write(self._shelf.current, lines)
        except Elsewhere as error:
            what = "There is no search index to write to."
            raise Unavailable(what, retry_after=SOON) from error

    async def find(self, asked: Asked, filters: Filters, *, most: int) -> Found:
        return await self._reader.talked(talks.found(asked, filters.wanted, most))

    async def others(
        self, asked: Asked, filters: Filters, known: Sequence[Entry], *, skip: int, limit: int
    ) -> list[Entry]:
        typed = compiled(queries.filtered(queries.as_typed(asked), filters.wanted))
        but = {"ids": {"values": [entry.key for entry in known]}}
        body = top({"bool": {"filter": [typed], "must_not": [but]}}, limit)
        is_deep = skip + limit > WINDOW
        while is_deep and skip:  # walk, since it cannot be jumped
            step = min(skip, WINDOW)
            (answer,) = await self._reader.asked([body | {"size": step, "_source": False}])
            hits = answer.get("hits", {}).get("hits", ())
            if len(hits) < step:
                return []
            body["search_after"], skip = hits[-1]["sort"], skip - step
        (answer,) = await self._reader.asked([body | {"from": skip}])
        return [place.entry for place in places(answer).values()]

    async def beginnings(self, asked: Asked, *, most: int) -> list[Entry]:
        return await self._reader.talked(talks.beginnings(asked, most))

    async def rebuild(
        self, pages: AsyncIterator[Sequence[Entry]], number: int | None = None, /
    ) -> None:
        """Unavailable while another process does; one that was killed is not waited for."""
        name = await self._shelf.begin(number)
        try:
            async for entries in pages:
                for some in documents.parts(entries):
                    lines = await asyncio.to_thread(documents.put, some, version=PAGE)
                    await self._cluster.write(own(name), BEATING + lines, passing={OLDER})
            await self._shelf.use(name)
        except BaseException as error:
            with suppress(Unavailable):  # else it is dropped before the next
                await self._shelf.abandon(name)
            if isinstance(error, Elsewhere):
                taken = "Another rebuild has taken its place."
                raise Unavailable(taken, retry_after=SOON) from error
            raise
        await self._shelf.tidy()

    async def close(self) -> None:
        await self._cluster.close()
