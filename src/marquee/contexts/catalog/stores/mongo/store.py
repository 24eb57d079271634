"""The catalog's store on MongoDB: every look-up goes by an index, but for `mentioning`."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.merging import Named, Sought
from marquee.contexts.catalog.model.movie import Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import Card, Counters, Saving
from marquee.contexts.catalog.stores.mongo.carrying import CatalogCargo
from marquee.contexts.catalog.stores.mongo.documents import (
    SHOWN,
    Document,
    key_text,
    mark_from,
    movie_json,
    person_from,
    platform_from,
    record_of,
)
from marquee.contexts.catalog.stores.mongo.saving import counters_of, rows_of, write
from marquee.contexts.catalog.stores.mongo.steps import CALLED, FROM_A, FROM_Z, STEPS
from marquee.engines.mongo import MongoStore, Turn
from marquee.kit.moving import Portable

FEW = 50
BEYOND = "\U0010ffff"
"""Sorts after whatever a word goes on with."""
BY_ID = "_id_"
ON_CARD = dict.fromkeys(("title", "year", "poster_url", "version"), True)
ONLY_ID = {"_id": True}
RELEASED = {"$toString": {"$ifNull": ["$released_on", "$year"]}}
T = TypeVar("T")


class MongoCatalogStore(MongoStore):
    of = "catalog"
    steps = STEPS

    @property
    def portable(self) -> Portable:
        return CatalogCargo(self._db)

    async def documents(self, ids: Sequence[int]) -> dict[int, bytes]:
        found = await self._db.find_among("movies", "_id", ids, SHOWN)
        return await _made(found, lambda: {one["_id"]: movie_json(one) for one in found})

    async def document(self, id_: int) -> tuple[int, bytes] | None:
        found = await self._db.find("movies", {"_id": id_}, SHOWN)
        return (found[0]["version"], movie_json(found[0])) if found else None

    async def cards(self, ids: Sequence[int]) -> dict[int, Card]:
        found = await self._db.find_among("movies", "_id", ids, ON_CARD)
        return {one["_id"]: _card(one) for one in found}

    async def records(self, ids: Sequence[int]) -> dict[int, Record]:
        found = await self._db.find_among("movies", "_id", ids)
        return await _made(found, lambda: {one["_id"]: record_of(one) for one in found})

    async def movie_ids(self, after: int, limit: int) -> list[int]:
        return await self._ids("movies", {"_id": {"$gt": after}}, limit)

    async def marks(self, sought: Sought) -> list[Mark]:
        keys = sorted(key_text(key) for key in sought.keys)
        by: dict[str, Sequence[object]] = {
            "imdb": sorted(sought.imdb_ids),
            "tmdb": sorted(sought.tmdb_ids),
            "keys": keys,
            "aliases": keys,
        }
        return [mark_from(one) for one in await self._found_by("marks", by)]

    async def counters(self) -> Counters:
        return counters_of(await self._db.last())

    async def people(self, ids: Sequence[int]) -> dict[int, Person]:
        found = await self._db.find_among("people", "_id", ids)
        return {one["_id"]: person_from(one) for one in found if not one["gone"]}

    async def people_named(self, named: Named) -> list[Person]:
        by: dict[str, Sequence[object]] = {
            "names": sorted(named.names),
            "imdb": sorted(named.imdb_ids),
            "tmdb": sorted(named.tmdb_ids),
        }
        return [person_from(one) for one in await self._found_by("people", by)]

    async def person_ids(self, after: int, limit: int) -> list[int]:
        return await self._ids("people", {"_id": {"$gt": after}, "gone": False}, limit)

    async def people_by_name(
        self, after: tuple[str, int] | None, limit: int, *, descending: bool
    ) -> list[Person]:
        """Those of the same name first, then those of later ones: each a walk along an index."""
        if after is None:
            return await self._listed({}, limit, descending=descending)
        name, id_ = after
        alike = await self._listed(
            {"folded": name, "_id": {"$gt": id_}}, limit, descending=descending
        )
        if len(alike) == limit:
            return alike
        later = {"folded": {"$lt" if descending else "$gt": name}}
        return alike + await self._listed(later, limit - len(alike), descending=descending)

    async def people_called(self, text: str) -> list[int]:
        begins = {"$elemMatch": {"$gte": text, "$lt": text + BEYOND}}
        found = await self._db.find("people", {"starts": begins}, ONLY_ID, by=CALLED)
        return sorted(one["_id"] for one in found)

    async def count_people(self) -> int:
        return await self._db.count("people", {"gone": False})

    async def platforms(self) -> list[Platform]:
        found = await self._db.find("platforms", {}, order=[("_id", 1)], by=BY_ID)
        return [platform_from(one) for one in found]

    async def mentioning(self, title: str, text: str) -> list[bytes]:
        """For the older API only: text in the middle of text has no index, so all movies are read."""
        query = {
            "$expr": {
                "$or": [
                    _has("$folded.title", title),
                    _has("$folded.original", title),
                    _has("$plot", text),
                    _has(RELEASED, text),
                ]
            }
        }
        found = await self._db.find("movies", query, SHOWN, order=[("_id", 1)])
        return await _made(found, lambda: [movie_json(one) for one in found])

    async def save(self, saving: Saving) -> None:
        is_little = len(saving.changes) + len(saving.people) <= FEW
        rows = rows_of(saving) if is_little else await asyncio.to_thread(rows_of, saving)

        async def work(turn: Turn) -> None:
            await write(turn, rows)

        await self._db.write(work)

    async def _ids(self, name: str, query: Document, limit: int) -> list[int]:
        found = await self._db.find(name, query, ONLY_ID, order=[("_id", 1)], limit=limit, by=BY_ID)
        return [one["_id"] for one in found]

    async def _found_by(self, name: str, by: Mapping[str, Sequence[object]]) -> list[Document]:
        """Whatever has one of these values in one of these fields, by id."""
        found: dict[int, Document] = {}
        for field, values in by.items():
            found |= {one["_id"]: one for one in await self._db.find_among(name, field, values)}
        return [found[id_] for id_ in sorted(found)]

    async def _listed(self, query: Document, limit: int, *, descending: bool) -> list[Person]:
        found = await self._db.find(
            "people",
            {"gone": False, **query},
            order=[("folded", -1 if descending else 1), ("_id", 1)],
            limit=limit,
            by=FROM_Z if descending else FROM_A,
        )
        return [person_from(one) for one in found]


async def _made(found: Sequence[Document], make: Callable[[], T]) -> T:
    """In a thread when there are many, so that others are answered meanwhile."""
    return make() if len(found) <= FEW else await asyncio.to_thread(make)


def _card(document: Document) -> Card:
    return Card(
        str(document["_id"]),
        document["title"],
        document["year"],
        document["poster_url"],
        document["version"],
    )


def _has(where: object, text: str) -> Document:
    """Case does not count. A pattern of MongoDB's cannot have a NUL in it, only speak of one."""
    pattern = re.escape(text).replace("\0", r"\x00")
    return {"$regexMatch": {"input": where, "regex": pattern, "options": "i"}}
