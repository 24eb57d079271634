"""What one can find, and how the index follows the catalog."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.search.contract import RebuildReport
from marquee.contexts.search.model.entries import Entry, of_movie, of_person
from marquee.contexts.search.model.ranking import Asked, score
from marquee.contexts.search.ports import Filters, Page, SearchIndex, Sharing
from marquee.kit import paging
from marquee.kit.errors import Unavailable
from marquee.kit.paging import FacetCount
from marquee.kit.work import Queue

T = TypeVar("T")
REBUILD = "search.rebuild"
EACH_WAY = 24
DEEPEST = 2_000
AT_ONCE = 1_000
MANY = 5_000
SUGGESTED = 24
SURE, CLEARLY = 0.6, 0.1
"""What begins so scores as much at least; by its words alone, or with a number besides, less."""


@dataclass(frozen=True)
class Hit:
    entry: Entry
    score: float


@dataclass(frozen=True)
class Hits:
    """A page; `next` is None on the last one, or where going on would be no use to anybody.

    `total` and `facets` count everything that matches, most frequent first.
    """

    hits: Sequence[Hit]
    next: str | None
    total: int
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)


class SearchService:
    """Implements `contract.Search`."""

    def __init__(
        self,
        index: SearchIndex,
        catalog: Catalog,
        queue: Queue | None = None,
        sharing: Sharing | None = None,
    ) -> None:
        """Without a `queue` nobody can ask for a rebuild later."""
        self._index = index
        self._catalog = catalog
        self._queue = queue
        self._sharing = sharing
        self._writing = asyncio.Lock()
        self.generation = 0

    async def search(self, q: str, filters: Filters, *, cursor: str | None, limit: int) -> Hits:
        """Ranked where ranking matters; further down the best known first."""
        asked = Asked.of(q)
        question = ("search", asked.all, sorted(filters.wanted.items()))
        place = paging.after(question, cursor, (range(1, DEEPEST + 1),))
        skip = place[0] if place else 0
        if not asked.all:
            return Hits((), None, 0)

        async def load() -> Hits:
            meant = await self._meant(asked)
            return await self._page(meant, filters, question, skip, limit)

        return await self._kept((*question, asked.parts, skip, limit), Hits, load)

    async def _meant(self, asked: Asked) -> Asked:
        """The same in the other spelling, where only that is a name of something, or clearly more so.

        No filter changes what a question is taken to mean.
        """
        other = asked.respelled
        if other is None:
            return asked
        here, there = [_best(await self._begun(one)) for one in (asked, other)]
        is_better = there > here + CLEARLY and len(asked.parts) > 1
        return other if is_better or here < SURE <= there else asked

    async def _begun(self, asked: Asked) -> list[Hit]:
        return ranked(asked, await self._index.beginnings(asked, most=SUGGESTED))

    async def _page(
        self, asked: Asked, filters: Filters, question: object, skip: int, limit: int
    ) -> Hits:
        found = await self._index.find(asked, filters, most=EACH_WAY)
        first = ranked(asked, found.entries)
        hits = first[skip : skip + limit]
        if len(hits) < limit and found.total > len(first):
            rest = max(0, skip - len(first))
            hits += await self._further(asked, filters, first, rest, limit - len(hits))
        end = skip + len(hits)
        more = len(hits) == limit and end < min(found.total, DEEPEST)
        token = paging.cursor(question, (end,)) if more else None
        return Hits(hits, token, found.total, {k: _often(v) for k, v in found.facets.items()})

    async def suggest(self, q: str, *, limit: int) -> list[Hit]:
        """Names that begin so; where there are none, whatever a search would find."""
        asked = Asked.of(q)
        if not asked.all:
            return []

        async def load() -> list[Hit]:
            meant = await self._meant(asked)
            if begun := await self._begun(meant):
                return begun
            return ranked(meant, (await self._index.find(meant, Filters(), most=EACH_WAY)).entries)

        return (await self._kept(("suggest", asked.parts), list[Hit], load))[:limit]

    async def follow(self, movie_ids: Sequence[str], person_ids: Sequence[str]) -> None:
        """Make the index say of these what the catalog says now; what it does not know is gone."""
        movies, people = list(dict.fromkeys(movie_ids)), list(dict.fromkeys(person_ids))
        async with self._writing:
            try:
                if len(movies) + len(people) > MANY:
                    await self._index.put_all(self._telling(self._read(movies, people)))
                else:
                    await self._put([page async for page in self._read(movies, people)])
            finally:  # what went wrong may be seen in part
                await self._changed()

    async def ask_for_rebuild(self) -> str:
        """The id of a task that some process of those that share the index will do."""
        if self._queue is None:
            raise Unavailable("There is no queue here.")
        return await self._queue.put(REBUILD, "{}", key="everything")

    async def rebuild(self) -> RebuildReport:
        async with self._writing:
            counts = {"movie": 0, "person": 0}

            async def pages() -> AsyncIterator[Sequence[Entry]]:
                async for entries in self._everything():
                    for entry in entries:
                        counts[entry.kind] += 1
                    yield entries

            await self._built(pages())
        return RebuildReport(movies=counts["movie"], people=counts["person"])

    async def _kept(self, question: object, kind: type[T], load: Callable[[], Awaitable[T]]) -> T:
        return await (load() if self._sharing is None else self._sharing.kept(question, kind, load))

    async def _put(self, pages: Sequence[Page]) -> None:
        entries = [entry for some, _ in pages for entry in some]
        gone = [key for _, some in pages for key in some]
        if entries or gone:
            await self._index.put(entries, gone)

    async def _telling(self, pages: AsyncIterator[Page]) -> AsyncIterator[Page]:
        """What came before may be seen when the next one is asked for."""
        async for page in pages:
            yield page
            if self._sharing is not None:
                await self._sharing.changed()

    async def _built(self, pages: AsyncIterator[Sequence[Entry]]) -> None:
        turn = nullcontext() if self._sharing is None else self._sharing.turn()
        async with turn as number:
            try:
                await self._index.rebuild(pages, number)
            finally:
                await self._changed()

    async def _changed(self) -> None:
        if self._sharing is not None:
            await self._sharing.changed()
        self.generation += 1

    async def _further(
        self, asked: Asked, filters: Filters, first: Sequence[Hit], skip: int, limit: int
    ) -> list[Hit]:
        """What follows the ranked ones: the rest in the order of how well known it is."""
        known = [hit.entry for hit in first]
        rest = await self._index.others(asked, filters, known, skip=skip, limit=limit)
        return [Hit(entry, score(asked, entry)) for entry in rest]

    async def _read(
        self, movie_ids: Sequence[str], person_ids: Sequence[str]
    ) -> AsyncIterator[Page]:
        for start in range(0, len(movie_ids), AT_ONCE):
            ids = movie_ids[start : start + AT_ONCE]
            movies = await self._catalog.documents(ids=ids)
            missing = [f"movie:{one}" for one in ids if one not in movies]
            yield [of_movie(movie) for movie in movies.values()], missing
        for start in range(0, len(person_ids), AT_ONCE):
            ids = person_ids[start : start + AT_ONCE]
            people = await self._catalog.people(ids=ids)
            missing = [f"person:{one}" for one in ids if one not in people]
            yield [of_person(person) for person in people.values()], missing

    async def _everything(self) -> AsyncIterator[list[Entry]]:
        after = "0"
        while ids := await self._catalog.movie_ids(after=after, limit=AT_ONCE):
            movies = await self._catalog.documents(ids=ids)
            yield [of_movie(movie) for movie in movies.values()]
            after = ids[-1]
        after = "0"
        while ids := await self._catalog.person_ids(after=after, limit=AT_ONCE):
            people = await self._catalog.people(ids=ids)
            yield [of_person(person) for person in people.values()]
            after = ids[-1]


def ranked(asked: Asked, entries: Sequence[Entry]) -> list[Hit]:
    """Best first; ties by kind and id, so that the same things always come in the same order."""
    hits = [Hit(entry, score(asked, entry)) for entry in entries]
    return sorted(hits, key=lambda hit: (-hit.score, hit.entry.kind, int(hit.entry.id)))


def _best(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def _often(counted: Mapping[str, int]) -> list[FacetCount]:
    pairs = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [FacetCount(value, count) for value, count in pairs]
