"""SQLite's group commit.

Short changes run on the event loop, as reads do, and only their commit waits in a thread: two
threads that both talk to SQLite hand the interpreter to each other at every call, which costs several
times what the calls do. Long changes run in the thread as a whole.
"""

import time

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from marquee.engines.sql import raw
from marquee.engines.sql.troubles import translated
from marquee.engines.sql.writer import MOST_AT_ONCE, Wish, Writer

LONGEST_ON_LOOP = 0.005
"""Seconds after which no further change joins the batch that runs on the event loop."""
PATIENCE = 5_000
"""Milliseconds to wait for another process that is writing."""


class LoopWriter(Writer):
    """It belongs to the event loop it is used on."""

    async def _together(self, wishes: list[Wish]) -> None:
        long = self._waiting[0].long
        wishes.append(self._waiting.popleft())
        if self._connection is None:
            self._connection = await self._in_thread(self._connect)
        connection = self._connection
        try:
            if long:
                await self._in_thread(lambda: _whole(connection, wishes[0]))
            else:
                await self._begin(connection)
                self._fulfil_waiting(connection, wishes)
                await self._in_thread(lambda: raw.run(connection, "COMMIT"))
        except BaseException:
            await self._in_thread(lambda: _undo(connection))
            raise
        if any(wish.error is None for wish in wishes):
            self._on_commit()

    async def _begin(self, connection: Connection) -> None:
        try:
            raw.run(connection, "BEGIN IMMEDIATE")
        except OperationalError:
            await self._in_thread(lambda: _patiently(connection))

    def _fulfil_waiting(self, connection: Connection, wishes: list[Wish]) -> None:
        until = time.perf_counter() + LONGEST_ON_LOOP
        _fulfil(connection, wishes[0])
        while (
            self._waiting
            and not self._waiting[0].long
            and len(wishes) < MOST_AT_ONCE
            and time.perf_counter() < until
        ):
            wishes.append(self._waiting.popleft())
            _fulfil(connection, wishes[-1])


def _whole(connection: Connection, wish: Wish) -> None:
    _patiently(connection)
    _fulfil(connection, wish)
    raw.run(connection, "COMMIT")


def _patiently(connection: Connection) -> None:
    """Begin, once another process has finished; on the event loop nobody waits for that."""
    raw.run(connection, f"PRAGMA busy_timeout={PATIENCE}")
    try:
        raw.run(connection, "BEGIN IMMEDIATE")
    finally:
        raw.run(connection, "PRAGMA busy_timeout=0")


def _fulfil(connection: Connection, wish: Wish) -> None:
    raw.run(connection, "SAVEPOINT wish")
    try:
        wish.result = wish.work(connection)
    except Exception as error:  # noqa: BLE001 - whoever asked is told
        wish.error = translated(error)
        # SQLite ends the transaction by itself on a full disk: then nothing of it can stand.
        raw.run(connection, "ROLLBACK TO wish")
    raw.run(connection, "RELEASE wish")


def _undo(connection: Connection) -> None:
    try:
        raw.run(connection, "ROLLBACK")
    except DatabaseError:
        return  # SQLite rolled back already
