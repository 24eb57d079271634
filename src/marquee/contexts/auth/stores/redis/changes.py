"""Sessions read together with the version they are of, and changed while they are still of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from marquee.contexts.auth.stores.redis import lua
from marquee.contexts.auth.stores.redis.rows import Change, Found
from marquee.engines.redis import Redis
from marquee.kit.errors import Unavailable
from marquee.kit.events import Heard

MOST_TURNS = 100
PATIENCE = 10.0
"""Seconds to wait for others who change the same in this process."""

Decide = Callable[[Found], Change | None]


class Changes:
    """`decide` is asked again when somebody else's change came first; None leaves all as it is."""

    def __init__(self, redis: Redis, committed: Callable[[], None]) -> None:
        self._one = redis.script(lua.ONE)
        self._all = redis.script(lua.ALL)
        self._commit = redis.script(lua.COMMIT)
        self._committed = committed
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._failed_at = 0.0

    async def of_account(self, account_id: str, source: str = "", *, skip: int = 0) -> Found:
        """The last used first, without the first `skip` of them."""
        return Found.read(account_id, await self._all([], [account_id, source, skip]))

    async def of_session(self, session_id: str) -> Found:
        """With it as the only one, or with none."""
        return Found.read("", await self._one([], [session_id]))

    async def settle_account(
        self, account_id: str, decide: Decide, heard: Heard | None = None, *, skip: int = 0
    ) -> bool:
        """False when nothing was to be done. `heard` is kept with what was decided on it."""
        source = heard.source if heard else ""
        async with self._turn(account_id):
            return await self._settle(
                lambda: self.of_account(account_id, source, skip=skip), decide, heard
            )

    async def settle_session(self, session_id: str, decide: Decide) -> bool:
        """False also when there is no such session; `decide` is given no other one."""

        def decide_on_one(found: Found) -> Change | None:
            return decide(found) if found.sessions else None

        async with self._turn(session_id):
            return await self._settle(lambda: self.of_session(session_id), decide_on_one, None)

    async def _settle(
        self, read: Callable[[], Awaitable[Found]], decide: Decide, heard: Heard | None
    ) -> bool:
        for _ in range(MOST_TURNS):
            found = await read()
            change = decide(found)
            if change is None:
                return False
            if not (change.kept or change.ended or change.events or heard):
                return True
            done = await self._commit([], [found.with_change(change, heard)])
            if done != "stale":
                self._committed()
                return bool(done == "done")
        raise _busy()

    @asynccontextmanager
    async def _turn(self, whose: str) -> AsyncIterator[None]:
        """One after the other in this process, rather than in each other's way."""
        lock, asked_at = self._turns.setdefault(whose, asyncio.Lock()), time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                await lock.acquire()
        except TimeoutError:
            raise _busy() from None
        try:
            if self._failed_at > asked_at:
                raise _busy()  # not each for its own two seconds while Redis is away
            try:
                yield
            except Unavailable:
                self._failed_at = time.monotonic()
                raise
        finally:
            lock.release()


def _busy() -> Unavailable:
    return Unavailable("Sessions cannot be changed at the moment. Try again.", retry_after=2)
