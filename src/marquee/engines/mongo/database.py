"""A database of one context on MongoDB: reads by index, writes in turn."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self, TypeVar

import pymongo
from pymongo.errors import ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from marquee.engines.mongo import steps as schema
from marquee.engines.mongo.connect import (
    CODEC,
    Client,
    address_of,
    ask_for_transactions,
    client_of,
    hang_up,
)
from marquee.engines.mongo.errors import RETRY_AFTER, is_held, is_transient, ours, translated
from marquee.engines.mongo.forgetting import Forgetting
from marquee.engines.mongo.line import Line
from marquee.engines.mongo.turn import PLACE, Turn, commit
from marquee.engines.mongo.writers import Others, Writer
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.errors import Conflict, MarqueeError, Unavailable
from marquee.kit.events import Sent
from marquee.kit.once import Once, once

T = TypeVar("T")
Document = dict[str, Any]
Fields = Mapping[str, bool]
Order = Sequence[tuple[str, int]]
MOST_AT_ONCE = 250
MOST_FETCHED = 5000
PATIENCE = 10.0
"""Seconds to wait for the turn."""
LONGEST_PAUSE = 0.1
QUICK = 2.0


class Database(Forgetting):
    """`write` returns once a majority has the change in its journal; reads see nothing less sure."""

    def __init__(self, client: Client, db: schema.Documents, clock: Clock) -> None:
        self._client = client
        self._db = db
        self._clock = clock
        self._line = Line(client)
        self._writer = Writer(client, db)
        self._others = Others(client, db)
        self._mine = asyncio.Lock()
        self._writing: set[asyncio.Task[Any]] = set()
        self._watchers: list[Callable[[], None]] = []
        self.generation = 0

    @classmethod
    async def open(
        cls, url: str, *, of: str, steps: Sequence[schema.Step], clock: Clock | None = None
    ) -> Self:
        """Bring the collections of this context up to date and open."""
        address = address_of(url)
        client = client_of(address)
        db = client.get_database(address.name, codec_options=CODEC)
        try:
            with ours():
                ask_for_transactions(await client.admin.command("hello"))
                await schema.bring_up(db, of, steps)
        except BaseException as error:
            await hang_up(client)
            if isinstance(error, Unavailable):
                raise Unavailable(
                    f"{address}: {error.detail}", retry_after=error.retry_after
                ) from None
            raise
        return cls(client, db, clock or SystemClock())

    async def find(  # noqa: PLR0913 - what there is to say of a query
        self,
        name: str,
        query: Document,
        fields: Fields | None = None,
        *,
        order: Order | None = None,
        limit: int | None = None,
        by: str | None = None,
    ) -> list[Document]:
        """`by` is the index to go by, where that must not be left to chance."""
        if limit == 0:
            return []  # to MongoDB it would be no limit
        self._line.expect()
        with ours():
            cursor = self._db[name].find(
                query, fields, sort=order, limit=limit or 0, hint=by, batch_size=MOST_FETCHED
            )
            return await self._line.heard(cursor.to_list())

    async def find_among(
        self, name: str, field: str, values: Sequence[Any], fields: Fields | None = None
    ) -> list[Document]:
        """Those whose `field` is, or has, one of the `values`; some hundreds at a time."""
        found: list[Document] = []
        for start in range(0, len(values), MOST_AT_ONCE):
            some = list(values[start : start + MOST_AT_ONCE])
            found += await self.find(name, {field: {"$in": some}}, fields)
        return found

    async def count(self, name: str, query: Document) -> int:
        self._line.expect()
        with ours():
            return await self._line.heard(self._db[name].count_documents(query))

    async def last(self) -> Mapping[str, int]:
        """The numbers last given out, by what they number; what was never numbered is not in it."""
        found = await self.find(schema.NUMBERS, {"_id": schema.ALL})
        if not found:
            raise Unavailable("The store's database was emptied or replaced.", retry_after=2)
        last: dict[str, int] = found[0]["last"]
        return last

    async def write(self, work: Callable[[Turn], Awaitable[T]]) -> T:
        """Do `work` in a transaction that has the turn; it is done again when others got in between.

        A caller that gives up does not undo what is about to be committed.
        """
        self._line.expect()
        begun = asyncio.Event()
        task = asyncio.create_task(self._write(work, begun))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        try:
            return await self._line.heard(asyncio.shield(task))
        except Unavailable:
            if not begun.is_set():
                task.cancel()  # it would be done after all when MongoDB is back
            raise

    async def _write(self, work: Callable[[Turn], Awaitable[T]], begun: asyncio.Event) -> T:
        until = time.monotonic() + PATIENCE
        try:
            async with asyncio.timeout(PATIENCE):
                await self._mine.acquire()
        except TimeoutError:
            raise Unavailable("Too many changes are waiting.", retry_after=RETRY_AFTER) from None
        try:
            self._line.expect()
            begun.set()
            result = await self._until_done(work, until)
        finally:
            self._mine.release()
        self._committed()
        return result

    async def _until_done(self, work: Callable[[Turn], Awaitable[T]], until: float) -> T:
        pause = 0.002
        while True:
            try:
                return await self._in_transaction(work, until)
            except PyMongoError as error:
                self._line.saw(error)
                if not is_transient(error) or time.monotonic() > until:
                    found = translated(error)
                    if found is error:
                        raise
                    raise found from None
                if is_held(error):
                    await self._others.end_the_dead(self._writer.id)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _in_transaction(self, work: Callable[[Turn], Awaitable[T]], until: float) -> T:
        asked = once.get()
        async with self._writer.session() as session:
            await session.start_transaction(read_concern=ReadConcern("snapshot"))
            try:
                turn = await Turn.take(self._db, session)
                result = await work(turn)
                await turn.end()
                if asked is not None and not asked.kept:
                    await self._keep(turn, asked)
            except ConnectionFailure:
                with pymongo.timeout(LONGEST_PAUSE):  # nobody may be there to tell
                    await session.abort_transaction()
                raise
            except BaseException:
                await session.abort_transaction()
                raise
            await commit(session, until)
        if asked is not None:
            asked.kept = True
        return result

    async def _keep(self, turn: Turn, asked: Once) -> None:
        try:
            await turn.keep_once(asked, self._clock.now())
        except DuplicateKeyError:
            raise Conflict("A request with this Idempotency-Key has just been done.") from None

    async def heard_up_to(self, source: str) -> int:
        found = await self.find("inbox", {"_id": source})
        return int(found[0][PLACE]) if found else 0

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        found = await self.find(
            "outbox", {"_id": {"$gt": place}}, order=[("_id", 1)], limit=limit, by="_id_"
        )
        return [Sent(one["_id"], one["id"], one["kind"], one["key"], one["body"]) for one in found]

    async def last_place(self) -> int:
        return (await self.last()).get(PLACE, 0)

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        """The fingerprint and the answer kept for an Idempotency-Key."""
        found = await self.find("once", {"who": who, "key": key})
        return (found[0]["fingerprint"], found[0]["answer"]) if found else None

    def watch(self, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit of this process."""
        self._watchers.append(wake)

    async def check(self) -> None:
        """Unavailable when MongoDB does not answer soon, or the database is not the one we opened."""
        try:
            async with asyncio.timeout(QUICK):
                found = await self.find(schema.SCHEMA, {"_id": schema.OURS})
                with ours():
                    lost = await self._line.heard(schema.lost_collections(self._db))
        except TimeoutError:
            raise Unavailable("MongoDB does not answer.", retry_after=RETRY_AFTER) from None
        if not found:
            raise Unavailable("The store's database was emptied or replaced.", retry_after=2)
        if lost:
            raise Unavailable("The store lacks a collection.", retry_after=2)

    async def close(self) -> None:
        """Finish what was asked for, then hang up."""
        for task in list(self._writing):
            with suppress(MarqueeError, PyMongoError):
                await asyncio.shield(task)
        await self._writer.close()
        await self._line.close()
        await self._client.close()

    def _committed(self) -> None:
        self.generation += 1
        for wake in self._watchers:
            wake()
