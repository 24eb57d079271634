"""Group commit: everything that queues up meanwhile is made durable at once.

Short changes run on the event loop, as reads do, and only their commit waits in a thread: two
threads that both talk to SQLite hand the interpreter to each other at every call, which costs several
times what the calls do. Long changes run in the thread as a whole.
"""

import asyncio
import contextvars
import errno
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from marquee.engines.sql import raw
from marquee.kit.errors import MarqueeError, OutOfSpace, Unavailable

MOST_AT_ONCE = 256
MOST_WAITING = 10_000
LONGEST_ON_LOOP = 0.005
"""Seconds after which no further change joins the batch that runs on the event loop."""
PATIENCE = 5_000
"""Milliseconds to wait for another process that is writing."""
RETRY_AFTER = 1


class Wish:
    """One change somebody waits for."""

    __slots__ = ("error", "future", "long", "result", "work")

    def __init__(self, work: Callable[[Connection], Any], *, long: bool) -> None:
        context = contextvars.copy_context()
        self.work: Callable[[Connection], Any] = lambda connection: context.run(work, connection)
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.long = long
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """Runs each wish in a savepoint of its own, and commits many together.

    A wish that raises is rolled back alone. Nobody is answered before the commit that holds
    their change; when the commit fails, all of them fail and nothing was changed. It belongs to
    the event loop it is used on.
    """

    def __init__(self, connect: Callable[[], Connection], on_commit: Callable[[], None]) -> None:
        self._connect = connect
        self._on_commit = on_commit
        self._connection: Connection | None = None
        self._waiting: deque[Wish] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._closing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def write(self, work: Callable[[Connection], Any], *, long: bool = False) -> Any:
        if self._closing:
            raise Unavailable("The store is closing.", retry_after=RETRY_AFTER)
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("Too many changes are waiting.", retry_after=RETRY_AFTER)
        wish = Wish(work, long=long)
        self._waiting.append(wish)
        if self._serving is None:
            self._serving = asyncio.create_task(self._serve())
        # Shielded: a caller that gives up does not undo what the writer is about to commit.
        return await asyncio.shield(wish.future)

    async def close(self) -> None:
        """Finish what was asked for, then end the thread."""
        self._closing = True
        if self._serving is not None:
            await self._serving
        if self._connection is not None:
            await self._in_thread(self._drop)
        self._thread.shutdown()

    async def _serve(self) -> None:
        try:
            while self._waiting:
                await self._serve_some()
        finally:
            self._serving = None

    async def _serve_some(self) -> None:
        wishes: list[Wish] = []
        try:
            await self._together(wishes)
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            # One wish may have ended the transaction for all, as a full disk does.
            ended = [wish.error for wish in wishes if _ends_all(wish.error)]
            cause = ended[0] or error if ended else error
            for wish in wishes:
                wish.error = wish.error or translated(cause)
            await self._in_thread(self._drop)
        for wish in wishes:
            _settle(wish)

    async def _together(self, wishes: list[Wish]) -> None:
        """Make one transaction of those at the head of the queue; `wishes` becomes who they are."""
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

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except DatabaseError:
                return


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


def _ends_all(error: BaseException | None) -> bool:
    return isinstance(error, (OutOfSpace, Unavailable))


def _undo(connection: Connection) -> None:
    try:
        raw.run(connection, "ROLLBACK")
    except DatabaseError:
        return  # SQLite rolled back already


def _settle(wish: Wish) -> None:
    if wish.future.done():
        return
    if wish.error is not None:
        wish.future.set_exception(wish.error)
    else:
        wish.future.set_result(wish.result)


def translated(error: BaseException) -> BaseException:
    """An engine's trouble as one of ours; anything else as it is."""
    if isinstance(error, MarqueeError):
        return error
    text = str(error).lower()
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    if full or "database or disk is full" in text:
        return OutOfSpace("The disk is full. This change was not made.", retry_after=10)
    if isinstance(error, (OperationalError, OSError)) or (
        isinstance(error, DatabaseError) and "disk i/o error" in text
    ):
        return Unavailable("The store did not take the change.", retry_after=RETRY_AFTER)
    return error
