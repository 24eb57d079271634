"""The line to MongoDB: whoever hears nothing for long finds out whether it is there, for all."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

import pymongo
from pymongo.errors import OperationFailure, PyMongoError, ServerSelectionTimeoutError

from marquee.engines.mongo.connect import Client
from marquee.engines.mongo.errors import RETRY_AFTER
from marquee.kit.calls import SECONDS, waits
from marquee.kit.errors import Unavailable

T = TypeVar("T")
SILENCE, KNOCK, SPARE = 0.9, 5.0, 0.3
"""Seconds without an answer after which it is asked for the shortest one, and to wait for that at
most; and what is left of the patience of whoever waits when they are told."""
QUIET = 0.5
"""Seconds in which nobody asks again what was found to be gone."""


class Line:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._quiet_until = self._doubted_until = 0.0
        self._refused_at = -SILENCE
        self._knocking: asyncio.Task[bool] | None = None

    def expect(self) -> None:
        """Unavailable while it is known to be gone; for those with little patience, while it seems so."""
        is_patient = waits.get() > SECONDS
        if time.monotonic() < (self._quiet_until if is_patient else self._doubted_until):
            raise Unavailable("MongoDB does not answer.", retry_after=RETRY_AFTER)

    def saw(self, error: BaseException) -> None:
        """What a call ended with, which may say that nobody is there, or that somebody is."""
        if isinstance(error, OperationFailure):
            self._refused_at = time.monotonic()
        if isinstance(error, ServerSelectionTimeoutError):
            self._found_gone()

    async def heard(self, call: Awaitable[T]) -> T:
        """What it gives; Unavailable, and it is called off, where MongoDB seems to be gone."""
        patience = max(SPARE, waits.get() - SILENCE - SPARE)
        task = asyncio.ensure_future(call)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            while not (await asyncio.wait({task}, timeout=SILENCE))[0]:
                knocking = self._knock()
                either = {task, knocking}
                await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                answers = knocking.done() and knocking.result()
                was_refused = time.monotonic() - self._refused_at < SILENCE
                if not (task.done() or answers or was_refused):
                    self._doubted_until = time.monotonic() + QUIET
                    raise Unavailable("MongoDB does not answer.", retry_after=RETRY_AFTER)
            return task.result()
        except PyMongoError as error:
            self.saw(error)
            raise
        finally:
            task.cancel()

    def _knock(self) -> "asyncio.Task[bool]":
        """One for all who wonder at a time."""
        if self._knocking is None or self._knocking.done():
            self._knocking = asyncio.create_task(self._answers())
        return self._knocking

    async def _answers(self) -> bool:
        try:
            with pymongo.timeout(KNOCK):
                await self._client.admin.command("ping")
        except PyMongoError:
            self._found_gone()
            return False
        self._doubted_until = 0.0
        return True

    def _found_gone(self) -> None:
        self._quiet_until = self._doubted_until = time.monotonic() + QUIET

    async def close(self) -> None:
        if self._knocking is not None:
            await self._knocking
