"""Sessions read together with the version they are of, and changed while they are still of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from marquee.contexts.auth.stores.redis import lua
from marquee.contexts.auth.stores.redis.rows import Change, Found
from marquee.engines.redis import WITHIN, Redis
from marquee.kit.errors import Unavailable
from marquee.kit.events import Heard

MOST_TURNS = 100

Decide = Callable[[Found], Change | None]


class Changes:
    """`decide` is asked again when somebody else's change came first; None leaves all as it is."""

    def __init__(self, redis: Redis, committed: Callable[[], None]) -> None:
        self._one = redis.script(lua.ONE)
        self._all = redis.script(lua.ALL)
        self._commit = redis.script(lua.COMMIT)
        self._committed = committed
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of_account(self, account_id: str, source: str = "") -> Found:
        return Found.read(account_id, await self._all([], [account_id, source]))

    async def of_session(self, session_id: str) -> Found:
        """With it as the only one, or with none."""
        return Found.read("", await self._one([], [session_id]))

    async def settle_account(
        self, account_id: str, decide: Decide, heard: Heard | None = None
    ) -> bool:
        """False when nothing was to be done. `heard` is kept with what was decided on it."""
        source = heard.source if heard else ""
        async with self._turn(account_id):
            return await self._settle(lambda: self.of_account(account_id, source), decide, heard)

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
        lock = self._turns.setdefault(whose, asyncio.Lock())
        try:
            async with asyncio.timeout(WITHIN):
                await lock.acquire()
        except TimeoutError:
            raise _busy() from None
        try:
            yield
        finally:
            lock.release()


def _busy() -> Unavailable:
    return Unavailable("This account is very busy. Try again.", retry_after=1)
