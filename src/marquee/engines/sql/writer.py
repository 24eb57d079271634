"""Group commit: one thread that makes everything which queued up durable at once."""

import asyncio
import contextvars
import errno
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from marquee.kit.errors import MarqueeError, OutOfSpace, Unavailable

MOST_AT_ONCE = 256
MOST_WAITING = 10_000
RETRY_AFTER = 1


class Wish:
    """One change somebody waits for."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        context = contextvars.copy_context()
        self.work: Callable[[Connection], Any] = lambda connection: context.run(work, connection)
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """Runs each wish in a savepoint of its own, and commits many together.

    A wish that raises is rolled back alone. Nobody is answered before the commit that holds
    their change; when the commit fails, all of them fail and nothing was changed.
    """

    def __init__(self, connect: Callable[[], Connection], on_commit: Callable[[], None]) -> None:
        self._connect = connect
        self._on_commit = on_commit
        self._waiting: deque[Wish] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        wish = Wish(work)
        with self._wake:
            if self._closing:
                raise Unavailable("The store is closing.", retry_after=RETRY_AFTER)
            if len(self._waiting) >= MOST_WAITING:
                raise Unavailable("Too many changes are waiting.", retry_after=RETRY_AFTER)
            self._waiting.append(wish)
            self._wake.notify()
        # Shielded: a caller that gives up does not undo what the writer is about to commit.
        return await asyncio.shield(wish.future)

    def close(self) -> None:
        """Finish what was asked for, then end the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while wishes := self._take():
            try:
                if connection is None:
                    connection = self._connect()
                self._commit(connection, wishes)
            except BaseException as error:  # noqa: BLE001 - the thread must outlive anything
                # One wish may have ended the transaction for all, as a full disk does.
                ended = [wish.error for wish in wishes if _ends_all(wish.error)]
                cause = ended[0] or error if ended else error
                for wish in wishes:
                    wish.error = wish.error or translated(cause)
                _drop(connection)
                connection = None
            _answer(wishes)
        _drop(connection)

    def _take(self) -> list[Wish]:
        with self._wake:
            while not self._waiting and not self._closing:
                self._wake.wait()
            count = min(len(self._waiting), MOST_AT_ONCE)
            return [self._waiting.popleft() for _ in range(count)]

    def _commit(self, connection: Connection, wishes: list[Wish]) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            for wish in wishes:
                _fulfil(connection, wish)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            _undo(connection)
            raise
        if any(wish.error is None for wish in wishes):
            self._on_commit()


def _fulfil(connection: Connection, wish: Wish) -> None:
    connection.exec_driver_sql("SAVEPOINT wish")
    try:
        wish.result = wish.work(connection)
    except Exception as error:  # noqa: BLE001 - whoever asked is told
        wish.error = translated(error)
        # SQLite ends the transaction by itself on a full disk: then nothing of it can stand.
        connection.exec_driver_sql("ROLLBACK TO wish")
    connection.exec_driver_sql("RELEASE wish")


def _ends_all(error: BaseException | None) -> bool:
    return isinstance(error, (OutOfSpace, Unavailable))


def _undo(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DatabaseError:
        return  # SQLite rolled back already


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        try:
            connection.invalidate()
            connection.close()
        except DatabaseError:
            return


def _answer(wishes: list[Wish]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[Wish]] = {}
    for wish in wishes:
        by_loop.setdefault(wish.loop, []).append(wish)
    for loop, theirs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(wishes: list[Wish]) -> None:
    for wish in wishes:
        if wish.future.done():
            continue
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
        return OutOfSpace("The disk is full. Nothing was changed.", retry_after=10)
    if isinstance(error, (OperationalError, OSError)) or (
        isinstance(error, DatabaseError) and "disk i/o error" in text
    ):
        return Unavailable("The store did not take the change.", retry_after=RETRY_AFTER)
    return error
