"""Group commit: everything that queues up meanwhile is made durable at once."""

import asyncio
import contextvars
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from marquee.engines.sql.troubles import RETRY_AFTER, translated
from marquee.kit.errors import OutOfSpace, Unavailable

MOST_AT_ONCE = 256
MOST_WAITING = 10_000


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


class Writer(ABC):
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

    @abstractmethod
    async def _together(self, wishes: list[Wish]) -> None:
        """Make one transaction of those at the head of the queue; `wishes` becomes who they are."""

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except DBAPIError:
                return


def _ends_all(error: BaseException | None) -> bool:
    return isinstance(error, (OutOfSpace, Unavailable))


def _settle(wish: Wish) -> None:
    if wish.future.done():
        return
    if wish.error is not None:
        wish.future.set_exception(wish.error)
    else:
        wish.future.set_result(wish.result)
