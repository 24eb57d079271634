"""The group commit of a database on a server, where writers of several processes take turns."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection

from marquee.engines.sql import raw
from marquee.engines.sql.server import Server
from marquee.engines.sql.troubles import RETRY_AFTER, is_lost, is_passing, translated
from marquee.engines.sql.writer import MOST_AT_ONCE, Wish, Writer
from marquee.kit.errors import Unavailable

T = TypeVar("T")
PATIENCE, LONG_PATIENCE = 15, 90
"""Seconds after which a server that lives, but says nothing to us, is given up."""
SILENCE = 0.9
"""Seconds without an answer after which it is asked whether it is there at all."""


class TurnWriter(Writer):
    """Each transaction runs in the thread as a whole: every statement of it waits for the server.

    It begins when it is this writer's turn, which lasts until the commit. So nobody sees a place
    in the outbox before all lower ones, and no two writers see the same state.
    """

    def __init__(
        self,
        server: Server,
        connect: Callable[[], Connection],
        on_commit: Callable[[], None],
        is_there: Callable[[], Awaitable[bool]],
    ) -> None:
        super().__init__(connect, on_commit)
        self._server = server
        self._is_there = is_there

    async def _together(self, wishes: list[Wish]) -> None:
        wishes.append(self._waiting.popleft())
        while self._joins(wishes):
            wishes.append(self._waiting.popleft())
        patience = LONG_PATIENCE if wishes[0].long else PATIENCE
        job = self._thread.submit(self._twice, wishes)
        await within(patience, job, self._cut, self._is_there)
        if any(wish.error is None for wish in wishes):
            self._on_commit()

    def _joins(self, wishes: list[Wish]) -> bool:
        is_long = wishes[0].long or (bool(self._waiting) and self._waiting[0].long)
        return bool(self._waiting) and not is_long and len(wishes) < MOST_AT_ONCE

    def _twice(self, wishes: list[Wish]) -> None:
        """Once more where the connection was lost before the commit: then nothing was changed."""
        try:
            self._once(wishes)
        except Exception as error:
            self._drop()
            if not is_passing(error):
                raise
            for wish in wishes:
                wish.error = None
            self._once(wishes)

    def _once(self, wishes: list[Wish]) -> None:
        connection = self._connection or self._connect()
        self._connection = connection
        for text in self._server.turn:
            raw.run(connection, text)
        for wish in wishes:
            if wish is not wishes[0]:
                raw.run(connection, self._server.next_wish)
            self._fulfil(connection, wish)
        if any(wish.error is None for wish in wishes):
            self._commit(connection)
        else:
            raw.run(connection, "ROLLBACK")

    def _fulfil(self, connection: Connection, wish: Wish) -> None:
        try:
            wish.result = wish.work(connection)
            if not self._server.is_whole(raw.driver_of(connection)):
                raise Unavailable("The store did not take the change.", retry_after=RETRY_AFTER)  # noqa: TRY301 - told as any other
        except Exception as error:
            if is_passing(error):
                raise
            wish.error = translated(error)
            raw.run(connection, "ROLLBACK TO SAVEPOINT wish")

    def _commit(self, connection: Connection) -> None:
        try:
            raw.run(connection, "COMMIT")
        except Exception as error:
            if is_lost(error):
                raise Unavailable(
                    "The store was lost while it took the change: it may have been made.",
                    retry_after=RETRY_AFTER,
                ) from error
            raise

    def _cut(self) -> None:
        if self._connection is not None:
            self._server.cut(raw.driver_of(self._connection))


async def within(
    seconds: float,
    job: "Future[T]",
    cut: Callable[[], Any],
    is_there: Callable[[], Awaitable[bool]],
) -> T:
    """What a job in a thread gives, or what it raises once its connection is cut.

    That is when its time is over, or as soon as the server is not there any more.
    """
    future = asyncio.wrap_future(job)
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    if not await _waited(future, seconds, is_there):
        if job.cancel():
            raise Unavailable("Too many are asking.", retry_after=RETRY_AFTER)
        cut()
    return await future


async def _waited(
    future: "asyncio.Future[Any]", seconds: float, is_there: Callable[[], Awaitable[bool]]
) -> bool:
    """Whether it is done in time."""
    clock = asyncio.get_running_loop().time
    ends = clock() + seconds
    while (left := ends - clock()) > 0:
        if (await asyncio.wait({future}, timeout=min(SILENCE, left)))[0]:
            return True
        asking = asyncio.ensure_future(is_there())
        await asyncio.wait({future, asking}, return_when=asyncio.FIRST_COMPLETED)
        if future.done():
            asking.cancel()
            return True
        if not asking.result():
            return False
    return False
