"""The lists of the older API: by page number, with a plain search for part of a title."""

import asyncio
from collections.abc import Sequence

from msgspec import json

from marquee.contexts.catalog.model.movie import Movie
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.words import folded, sort_title
from marquee.contexts.catalog.ports import Question
from marquee.contexts.catalog.service.desk import Desk, numbers

MOVIE = json.Decoder(Movie)
SORTS = {"title": "title", "releaseDate": "released", "voteAverage": "rating"}
SIZE = 20


class Legacy:
    _desk: Desk

    async def movies_on_page(
        self, page: int, *, search: str, ordering: str
    ) -> tuple[list[Movie], int]:
        """One page of twenty, from 1, and how many there are; empty beyond the last."""
        if search.strip():
            found = await self._search(search, ordering)
            return found[(page - 1) * SIZE : page * SIZE], len(found)
        sort = SORTS.get(ordering.removeprefix("-"), "popularity")
        descending = ordering.startswith("-") or sort == "popularity"
        lists = self._desk.lists
        question = Question()
        total = lists.page(question, sort=sort, descending=descending, limit=1, after=None).total
        if (page - 1) * SIZE >= total:
            return [], total
        found_ids = lists.page(
            question, sort=sort, descending=descending, limit=page * SIZE, after=None
        ).ids
        return await self.whole(found_ids[(page - 1) * SIZE :]), total

    async def _search(self, search: str, ordering: str) -> list[Movie]:
        """Those with it in the title, the plot or the release date. There may be very many."""
        documents = await self._desk.store.mentioning(folded(search), search.strip())
        return await asyncio.to_thread(_ordered, documents, ordering)

    async def whole(self, ids: Sequence[int]) -> list[Movie]:
        documents = await self._desk.store.documents(ids)
        return [MOVIE.decode(documents[id_]) for id_ in ids if id_ in documents]

    async def whole_movie(self, movie_id: str) -> Movie | None:
        return next(iter(await self.whole(numbers([movie_id]))), None)

    async def people_on_page(
        self, page: int, *, search: str, ordering: str
    ) -> tuple[list[Person], int]:
        """The best known first, where no order is asked for."""
        store, descends = self._desk.store, ordering.startswith("-")
        among = await store.people_called(folded(search)) if search.strip() else None
        total = await store.count_people() if among is None else len(among)
        if (page - 1) * SIZE >= total:
            return [], total
        if ordering.removeprefix("-") == "name":
            people = await self._in_order_of_name(among, page * SIZE, descending=descends)
            return people[(page - 1) * SIZE :], total
        descends = descends or not ordering
        best = self._desk.lists.best_known(
            among, descending=descends, limit=page * SIZE, after=None
        )
        ids = best.ids[(page - 1) * SIZE :]
        found = await store.people(ids)
        return [found[id_] for id_ in ids if id_ in found], best.total

    async def _in_order_of_name(
        self, among: Sequence[int] | None, most: int, *, descending: bool
    ) -> list[Person]:
        store = self._desk.store
        if among is None:
            return await store.people_by_name(None, most, descending=descending)
        called = list((await store.people(among)).values())
        return sorted(called, key=lambda one: (one.names[0], one.id), reverse=descending)[:most]


def _ordered(documents: Sequence[bytes], ordering: str) -> list[Movie]:
    movies = [MOVIE.decode(document) for document in documents]
    key = ordering.removeprefix("-")
    if key not in SORTS:
        return sorted(movies, key=lambda one: (-one.popularity, int(one.id)))
    known = [one for one in movies if _value(one, key) is not None]
    known.sort(key=lambda one: _value(one, key) or "", reverse=ordering.startswith("-"))
    return known + [one for one in movies if _value(one, key) is None]


def _value(movie: Movie, key: str) -> str | float | None:
    if key == "title":
        return sort_title(movie.title)
    if key == "voteAverage":
        return movie.score
    return movie.released_on or (str(movie.year) if movie.year else None)
