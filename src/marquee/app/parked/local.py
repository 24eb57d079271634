"""Parked messages in a file of the data folder, which is made when the first one comes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from marquee.app.parked.model import ParkedMessage
from marquee.engines.sql import Database, raw
from marquee.kit.clock import rfc3339

MESSAGE = msgspec.json.Decoder(ParkedMessage)
FORGET = "DELETE FROM parked WHERE id = ?"
KEEP = "INSERT INTO parked (id, parked_at, message, tries) VALUES (?, ?, ?, ?)"
ALL = "SELECT message FROM parked ORDER BY parked_at, id"
ONE = "SELECT message FROM parked WHERE id = ?"


class LocalParking:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: Database | None = None
        self._opening = asyncio.Lock()

    async def park(self, message: ParkedMessage) -> bool:
        text = msgspec.json.encode(message).decode()
        given = (message.id, rfc3339(message.parked_at), text, message.tries)

        def work(connection: Connection) -> None:
            raw.run(connection, FORGET, (message.id,))
            raw.run(connection, KEEP, given)

        await (await self._opened()).write(work)
        return True

    async def messages(self) -> Sequence[ParkedMessage]:
        if not self._path.exists():
            return []
        found = await (await self._opened()).read(lambda connection: raw.rows(connection, ALL))
        return [MESSAGE.decode(row[0]) for row in found]

    async def find(self, message_id: str) -> ParkedMessage | None:
        if not self._path.exists():
            return None
        database = await self._opened()
        found = await database.read(lambda connection: raw.row(connection, ONE, (message_id,)))
        return MESSAGE.decode(found[0]) if found else None

    async def drop(self, message_id: str) -> None:
        if self._path.exists():
            database = await self._opened()
            await database.write(lambda connection: raw.run(connection, FORGET, (message_id,)))

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()

    async def _opened(self) -> Database:
        async with self._opening:
            if self._database is None:
                self._database = await Database.open(
                    f"sqlite:///{self._path}", migrations="marquee.app.parked.migrations"
                )
            return self._database
