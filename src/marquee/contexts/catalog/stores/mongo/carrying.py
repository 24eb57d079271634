"""The catalog's documents, carried out of a MongoDB and into one."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from pymongo import InsertOne
from pymongo.errors import DuplicateKeyError

from marquee.contexts.catalog.stores import carrying
from marquee.contexts.catalog.stores.carrying import COUNTERS, MARKS, MOVIES, PEOPLE, READ
from marquee.contexts.catalog.stores.mongo import documents
from marquee.contexts.catalog.stores.mongo.documents import Document
from marquee.contexts.catalog.stores.mongo.saving import KINDS, counters_of
from marquee.engines.mongo import Turn
from marquee.engines.mongo.database import Database
from marquee.kit.errors import Conflict
from marquee.kit.moving import Item, item, mark

OUT: dict[str, Callable[[Document], Any]] = {
    MOVIES: documents.record_of,
    MARKS: lambda one: carrying.mark_form(documents.mark_from(one)),
    PEOPLE: documents.person_from,
    carrying.PLATFORMS: documents.platform_from,
}
IN: dict[str, Callable[[Any], Document]] = {
    MOVIES: documents.movie_document,
    MARKS: lambda form: documents.mark_document(carrying.mark_of_form(form)),
    PEOPLE: documents.person_document,
    carrying.PLATFORMS: documents.platform_document,
}
BY_ID = "_id_"


class CatalogCargo:
    """A kind is the name of a collection, but for the counters."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def kinds(self) -> tuple[str, ...]:
        return carrying.KINDS

    async def count(self, kind: str) -> int:
        if kind == COUNTERS:
            return int(carrying.are_given(counters_of(await self._db.last())))
        return await self._db.count(kind, {})

    async def carry_out(self, kind: str, after: str, limit: int) -> list[Item]:
        if kind == COUNTERS:
            counters = counters_of(await self._db.last())
            return [] if after or not carrying.are_given(counters) else [item(kind, counters)]
        later = {"_id": {"$gt": int(after or 0)}}
        found = await self._db.find(kind, later, order=[("_id", 1)], limit=limit, by=BY_ID)
        return await asyncio.to_thread(lambda: [item(one["_id"], OUT[kind](one)) for one in found])

    async def carry_in(self, kind: str, items: Sequence[Item], *, move: str, total: int) -> None:
        made = await asyncio.to_thread(lambda: [READ[kind].decode(one.body) for one in items])
        rows = [] if kind == COUNTERS else [InsertOne(IN[kind](one)) for one in made]

        async def work(turn: Turn) -> None:
            if not await turn.hear([mark(move, kind, total)]):
                return
            if kind == COUNTERS:
                turn.last.update({name: getattr(made[0], name) for name in KINDS})
                return
            try:
                await turn.write(kind, rows)
            except DuplicateKeyError:
                raise Conflict(carrying.THERE) from None

        await self._db.write(work)

    async def carried(self, kind: str, move: str) -> int:
        return await self._db.heard_up_to(mark(move, kind).source)
