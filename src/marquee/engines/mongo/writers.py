"""Who writes: a process says by which session, and that it lives; others end the sessions of the dead.

A transaction belongs to a session, not to a connection, so MongoDB keeps that of a killed process
open, and the turn with it, for a minute. The database's mark has under `writers` a number by session,
for as long as somebody writes there, which grows while they live.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pymongo
from bson.binary import UUID_SUBTYPE, Binary
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from marquee.engines.mongo.connect import Client
from marquee.engines.mongo.steps import OURS, SCHEMA, Documents
from marquee.kit.ending import end

Marks = AsyncCollection[dict[str, Any]]
BEAT, LATE = 1.0, 2.0
"""Seconds between two signs of life; and without one, after which it is asked whether we are dead."""
LOOK_EVERY, STILL = 1.0, 5
"""Seconds between two looks at the others, and how many in a row see no life in a dead one. Looks
are counted, as a clock goes on while the watching process is paused itself."""
DEAD = 0
LAST_WORD = 0.5


class Writer:
    def __init__(self, client: Client, db: Documents) -> None:
        self._client = client
        self._marks = _marks(db)
        self._session: AsyncClientSession | None = None
        self._living: asyncio.Task[None] | None = None
        self._talking = asyncio.Lock()
        self._said = 0
        self._said_at = self._used_at = 0.0
        self._is_working = self._is_in_doubt = False

    @property
    def id(self) -> str:
        return "" if self._session is None else self._session.session_id["id"].hex()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncClientSession]:
        """For one at a time. It is the same each time, so that what was left open is ended by the next."""
        self._is_working = self._is_in_doubt = True
        try:
            async with self._talking:
                session = await self._announced()
            yield session
            self._is_in_doubt = False
        finally:
            self._used_at = time.monotonic()
            self._is_working = False

    async def _announced(self) -> AsyncClientSession:
        if self._lives and time.monotonic() - self._said_at > LATE:
            await self._say()  # back from a pause, in which we may have been taken for dead
        if self._session is not None and self._lives:
            return self._session
        session = await self._announce()
        self._living = asyncio.create_task(self._live())
        return session

    @property
    def _lives(self) -> bool:
        return self._living is not None and not self._living.done()

    async def _announce(self) -> AsyncClientSession:
        if self._session is None:
            self._session = self._client.start_session()
        session = self._session
        self._said += 1
        self._said_at = time.monotonic()
        try:
            mark = {"$set": {_field(self.id): self._said}}
            await _change(self._marks, {}, mark)
        except BaseException:
            self._forget()  # it may be announced all the same, and found dead
            raise
        return session

    async def _live(self) -> None:
        while self._living is asyncio.current_task():
            await asyncio.sleep(BEAT)
            with suppress(PyMongoError):
                async with self._talking:
                    if self._living is not asyncio.current_task():
                        return
                    if self._is_working or time.monotonic() - self._used_at < BEAT:
                        await self._say()
                    else:
                        await self._withdraw()

    async def _say(self) -> None:
        said_at = time.monotonic()
        self._said += 1
        if await self._change({"$set": {_field(self.id): self._said}}):
            self._said_at = said_at
        else:
            self._forget()

    async def _withdraw(self) -> None:
        if self._is_in_doubt:
            with suppress(PyMongoError):  # not every MongoDB knows how
                await _end(self._client, self.id)
            self._is_in_doubt = False
        if await self._change({"$unset": {_field(self.id): ""}}):
            self._living = None
        else:
            self._forget()

    async def _change(self, mark: dict[str, Any]) -> bool:
        """False when another one has taken us for dead."""
        return await _change(self._marks, {_field(self.id): {"$gt": DEAD}}, mark)

    def _forget(self) -> None:
        """Not given back to the driver, which would use it again: it may be ended at any time."""
        self._session = self._living = None

    async def close(self) -> None:
        living = self._living
        async with self._talking:
            if living is not None and not living.done():
                with suppress(PyMongoError), pymongo.timeout(LAST_WORD):
                    await self._withdraw()
        if living is not None:
            await end([living])
        if self._session is not None:
            await self._session.end_session()


class Others:
    """The other writers, as seen by who waits for the turn."""

    def __init__(self, client: Client, db: Documents) -> None:
        self._client = client
        self._marks = _marks(db)
        self._seen: dict[str, tuple[int, int]] = {}
        self._looked_at = -LOOK_EVERY

    async def end_the_dead(self, own: str) -> None:
        """To be called again and again, as often as one likes; `own` is who calls.

        What it cannot see or end is tried again at a later look.
        """
        if time.monotonic() - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = time.monotonic()
        with suppress(PyMongoError):
            await self._look()
        for writer, (said, looks) in self._seen.items():
            if looks >= STILL and writer != own:
                with suppress(PyMongoError):
                    await self._end(writer, said)

    async def _look(self) -> None:
        found = await self._marks.find_one({"_id": OURS}, ["writers"]) or {}
        before, self._seen = self._seen, {}
        for writer, said in found.get("writers", {}).items():
            said_before, looks = before.get(writer, (said, -1))
            self._seen[writer] = (said, looks + 1 if said == said_before else 0)

    async def _end(self, writer: str, said: int) -> None:
        """In two steps, so that another one does it should we not get to the second."""
        field = _field(writer)
        if await _change(self._marks, {field: said}, {"$set": {field: DEAD}}):
            await _end(self._client, writer)
            await _change(self._marks, {field: DEAD}, {"$unset": {field: ""}})


async def _end(client: Client, writer: str) -> None:
    """Abort what it has open. Everybody may do that to the sessions of the same user."""
    session = {"id": Binary(bytes.fromhex(writer), UUID_SUBTYPE)}
    await client.admin.command({"killSessions": [session]})


async def _change(marks: Marks, where: dict[str, Any], mark: dict[str, Any]) -> bool:
    """Whether it was so. A plain update makes the collection on some servers, where it was dropped."""
    found = await marks.find_one_and_update({"_id": OURS, **where}, mark, {"_id": 1})
    return found is not None


def _marks(db: Documents) -> Marks:
    """Without a majority: a server that is replaced takes the open transactions with it."""
    return db.get_collection(
        SCHEMA, write_concern=WriteConcern(1), read_concern=ReadConcern("local")
    )


def _field(writer: str) -> str:
    return f"writers.{writer}"
