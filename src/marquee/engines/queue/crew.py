"""How a queue's tasks are worked on, the same for every engine: taken, tended, settled."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

import structlog

from marquee.kit.ending import end
from marquee.kit.errors import MarqueeError
from marquee.kit.work import PRIORITIES, Patience, Priority, Task, Worker

log = structlog.get_logger()
POLL = 0.5
"""Seconds between two looks for what another process put, or whose pause has ended."""
LONGEST_ERROR = 1_000
NOBODY_CAME_BACK = "Whoever tried it died or was not heard of any more."
ROUND = 8


class Hold(Protocol):
    """A task that is ours for now."""

    @property
    def task(self) -> Task: ...

    async def keep(self) -> None:
        """Hold on to it; returns when it is lost, since another may have it."""
        ...

    async def done(self) -> None: ...

    async def again(self, after: timedelta) -> None:
        """Let it wait for its next try."""
        ...

    async def park(self, error: str) -> None:
        """Put it with the dead."""
        ...

    async def give_back(self) -> None:
        """It was not tried."""
        ...


def turn(number: int) -> tuple[Priority, ...]:
    """In which order to look this time: high first, but twice a round another, so none starves."""
    high, normal, low = PRIORITIES
    if number % ROUND == ROUND - 1:
        return low, normal, high
    if number % ROUND == ROUND // 2 - 1:
        return normal, high, low
    return high, normal, low


class Crew:
    """Takes tasks one after the other and has `at_once` of them worked on."""

    def __init__(
        self,
        take: Callable[[tuple[Priority, ...]], Awaitable[Hold | None]],
        worker: Worker,
        *,
        at_once: int,
        patience: Patience,
    ) -> None:
        self._take = take
        self._worker = worker
        self._patience = patience
        self._free = asyncio.Semaphore(at_once)
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        turns = 0
        async with asyncio.TaskGroup() as hands:
            while True:
                await self._free.acquire()
                hold = await self._next(turns)
                turns += 1
                hands.create_task(self._carry(hold))

    async def _next(self, turns: int) -> Hold:
        was_away = False
        while True:
            self.wake.clear()
            try:
                hold = await self._taken(turn(turns))
            except MarqueeError as error:
                hold = None
                if not was_away:
                    log.warning("no tasks can be taken", error=error.detail)
                was_away = True
            else:
                if was_away:
                    log.info("tasks can be taken again")
                was_away = False
            if hold is not None:
                return hold
            try:
                async with asyncio.timeout(POLL):
                    await self.wake.wait()
            except TimeoutError:
                continue

    async def _taken(self, order: tuple[Priority, ...]) -> Hold | None:
        taking = asyncio.ensure_future(self._take(order))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # Otherwise it would look as if somebody died over what was being taken.
            if hold := await taking:
                await hold.give_back()
            raise

    async def _carry(self, hold: Hold) -> None:
        try:
            await self._tend(hold)
        except MarqueeError as error:
            # It comes back by itself once its lease or its channel has ended.
            log.warning("task not settled", id=hold.task.id, error=error.detail)
        finally:
            self._free.release()

    async def _tend(self, hold: Hold) -> None:
        task = hold.task
        if task.attempts > self._patience.most_tries:
            await hold.park(NOBODY_CAME_BACK)
            return
        run = asyncio.ensure_future(self._worker(task))
        keep = asyncio.create_task(hold.keep())
        try:
            await asyncio.wait({run, keep}, return_when=asyncio.FIRST_COMPLETED)
            is_lost = not run.done()
        except asyncio.CancelledError:
            if await _ended(run):
                await hold.done()
            else:
                await hold.give_back()
            raise
        finally:
            await end([run, keep])
        if is_lost:
            log.warning("task lost to another", id=task.id, kind=task.kind)
        else:
            await self._settle(hold, _error(run))

    async def _settle(self, hold: Hold, error: str | None) -> None:
        task = hold.task
        if error is None:
            await hold.done()
            return
        is_last = task.attempts >= self._patience.most_tries
        log.warning("task failed", id=task.id, kind=task.kind, tries=task.attempts, dead=is_last)
        if is_last:
            await hold.park(error)
        else:
            await hold.again(self._patience.pause(task.attempts))


async def _ended(run: asyncio.Future[None]) -> bool:
    """Stop a worker; True when it had done all there was."""
    await end([run])
    return not run.cancelled() and run.exception() is None


def _error(run: asyncio.Future[None]) -> str | None:
    """What the worker raised, for an operator to read."""
    error = asyncio.CancelledError("It was cancelled.") if run.cancelled() else run.exception()
    if error is None:
        return None
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return text.encode(errors="replace").decode()


class Crews:
    """Those of this process, by kind: what is put here need not wait for their next look."""

    def __init__(self) -> None:
        self._at: dict[str, set[Crew]] = {}

    async def run(self, kind: str, crew: Crew) -> None:
        """Until cancelled."""
        here = self._at.setdefault(kind, set())
        here.add(crew)
        try:
            await crew.run()
        finally:
            here.discard(crew)

    def wake(self, kind: str) -> None:
        for crew in self._at.get(kind, ()):
            crew.wake.set()
