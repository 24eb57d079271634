"""Tries counted in this process: exact moving windows."""

import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from marquee.engines.throttle import Quota, Try
from marquee.engines.throttle.trying import too_many, trying

SWEEP_ABOVE = 2_000


class MemoryThrottle:
    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._storage)
        self._under_way: Counter[str] = Counter()
        self._sweep_above = SWEEP_ABOVE

    @asynccontextmanager
    async def admit(self, *quotas: Quota) -> AsyncIterator[Try]:
        self._sweep()
        waits = [wait for quota in quotas if (wait := self._wait(quota)) > 0]
        if waits:
            raise too_many(max(waits))
        self._under_way.update(key for key, _most, _seconds in quotas)

        async def leave(is_spent: bool) -> None:  # noqa: FBT001 - called by `trying` alone
            self._leave(quotas, is_spent=is_spent)

        async with trying(leave) as attempt:
            yield attempt

    async def check(self) -> None:
        return

    async def close(self) -> None:
        return

    def _leave(self, quotas: Sequence[Quota], *, is_spent: bool) -> None:
        for key, most, seconds in quotas:
            if is_spent:
                # Not by `hit`, which leaves out a try made just when the oldest one runs out.
                window = RateLimitItemPerSecond(most, seconds).key_for(key)
                self._storage.acquire_entry(window, 2 * most, seconds)
            self._under_way[key] -= 1
            if self._under_way[key] <= 0:
                del self._under_way[key]

    def _wait(self, quota: Quota) -> int:
        """Seconds until there is room; 0 when there is."""
        key, most, seconds = quota
        item = RateLimitItemPerSecond(most, seconds)
        window = self._windows.get_window_stats(item, key)
        if window.remaining > self._under_way[key]:
            return 0
        if window.remaining == most:
            return 1  # all of it is under way, and nothing is spent yet
        return max(1, min(seconds, math.ceil(window.reset_time - time.time())))

    def _sweep(self) -> None:
        """Forget keys whose windows are empty: whoever tries chooses the keys."""
        events = self._storage.events
        if len(events) <= self._sweep_above:
            return
        now = time.time()
        for key in [key for key, hits in events.items() if not hits or hits[0].expiry <= now]:
            with self._storage.locks[key]:  # a thread of the storage may be at this key
                self._storage.clear(key)
        self._sweep_above = max(SWEEP_ABOVE, 2 * len(events))
