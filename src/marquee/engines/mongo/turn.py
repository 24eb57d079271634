"""One transaction that has the turn: no other one changes this database before it ends."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

import msgspec
from pymongo import DeleteOne, InsertOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, PyMongoError
from pymongo.results import BulkWriteResult

from marquee.engines.mongo.errors import RETRY_AFTER, duplicate, is_in_doubt
from marquee.engines.mongo.steps import ALL, NUMBERS, Documents
from marquee.kit.errors import Unavailable
from marquee.kit.events import Event, Heard, kind_of
from marquee.kit.once import Once

Operation = InsertOne[dict[str, Any]] | ReplaceOne[dict[str, Any]] | UpdateOne | DeleteOne
ENCODE = msgspec.json.Encoder().encode
PLACE = "place"
PAUSE = 0.1


class Turn:
    """`last` are the numbers last given out, by what they number; change them to give out more.

    It is taken by changing one document first. Who comes second is refused by MongoDB and tries
    again, so the order of turns is that of commits, and of the places of events.
    """

    def __init__(self, db: Documents, session: AsyncClientSession, last: dict[str, int]) -> None:
        self._db = db
        self._session = session
        self._told: list[Event] = []
        self._given = dict(last)
        self.last = last

    @classmethod
    async def take(cls, db: Documents, session: AsyncClientSession) -> Self:
        found = await db[NUMBERS].find_one_and_update(
            {"_id": ALL},
            {"$inc": {"turns": 1}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if found is None:
            raise Unavailable("The store's database was emptied or replaced.", retry_after=2)
        return cls(db, session, dict(found["last"]))

    async def write(self, name: str, operations: Sequence[Operation]) -> BulkWriteResult | None:
        """All of these, None when there are none; DuplicateKeyError when one is there already."""
        if not operations:
            return None
        try:
            return await self._db[name].bulk_write(operations, session=self._session)
        except BulkWriteError as error:
            raise duplicate(error) or error from None

    async def hear(self, heard: Sequence[Heard]) -> bool:
        """True when all of them, of one source and in order, are new; their place is kept then."""
        source = heard[0].source
        found = await self._db["inbox"].find_one({"_id": source}, session=self._session)
        if found is not None and heard[0].place <= found[PLACE]:
            return False
        await self.keep_place(source, heard[-1].place)
        return True

    async def keep_place(self, source: str, place: int) -> None:
        await self._db["inbox"].replace_one(
            {"_id": source}, {PLACE: place}, upsert=True, session=self._session
        )

    async def oldest(self, name: str, query: dict[str, Any], most: int) -> list[dict[str, Any]]:
        """When each of the first ones by `_id` came: `_id` and `at`."""
        found = self._db[name].find(
            query, {"at": 1}, sort=[("_id", 1)], limit=most, session=self._session
        )
        return await found.to_list()

    async def drop(self, name: str, last: Any) -> None:
        """All up to the `_id` `last`."""
        await self._db[name].delete_many({"_id": {"$lte": last}}, session=self._session)

    def tell(self, events: Sequence[Event]) -> None:
        self._told.extend(events)

    async def keep_once(self, asked: Once, at: datetime) -> None:
        """DuplicateKeyError when the key was kept before."""
        kept = {
            "who": asked.who,
            "key": asked.key,
            "fingerprint": asked.fingerprint,
            "answer": asked.answer,
            "at": at,
        }
        await self._db["once"].insert_one(kept, session=self._session)

    async def end(self) -> None:
        """Write what was told and given; the commit is still to come."""
        place = self.last.get(PLACE, 0)
        self.last[PLACE] = place + len(self._told)
        rows = [_row(number, event) for number, event in enumerate(self._told, place + 1)]
        await self.write("outbox", [InsertOne(row) for row in rows])
        given = {f"last.{name}": n for name, n in self.last.items() if n != self._given.get(name)}
        if given:
            await self._db[NUMBERS].update_one({"_id": ALL}, {"$set": given}, session=self._session)


async def commit(session: AsyncClientSession, until: float) -> None:
    """Asked again while it is not known whether it was done, which does it once at most."""
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if not is_in_doubt(error):
                raise
            if time.monotonic() > until:
                message = (
                    "MongoDB did not say whether the change was made. Look before trying again."
                )
                raise Unavailable(message, retry_after=RETRY_AFTER) from None
            await asyncio.sleep(PAUSE)
        else:
            return


def _row(place: int, event: Event) -> dict[str, Any]:
    return {
        "_id": place,
        "id": event.id,
        "kind": kind_of(type(event)),
        "key": str(getattr(event, event.key_field)),
        "at": event.at,
        "body": ENCODE(event).decode(),
    }
