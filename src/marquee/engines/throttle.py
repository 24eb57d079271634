"""How often something may be tried: exact moving windows, counted before the work is done."""

import math
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from marquee.kit.errors import TooMany, Unavailable

SWEEP_ABOVE = 2_000

Quota = tuple[str, int, int]
"""What is counted, how often it may happen, and in how many seconds."""


class Throttle:
    """Tries under way count as if they had failed, so that a burst cannot slip through."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._storage)
        self._under_way: Counter[str] = Counter()
        self._sweep_above = SWEEP_ABOVE

    def admit(self, *quotas: Quota) -> "Try":
        """Let one more try begin; TooMany, with the seconds to wait, where a quota is spent."""
        self._sweep()
        waits = [wait for quota in quotas if (wait := self._wait(quota)) > 0]
        if waits:
            raise TooMany("Too many tries. Wait a little, then try again.", retry_after=max(waits))
        self._under_way.update(key for key, _most, _seconds in quotas)
        return Try(self, quotas)

    def spend(self, quotas: Sequence[Quota]) -> None:
        for key, most, seconds in quotas:
            # Not by `hit`, which leaves out a try made exactly when the oldest one runs out.
            window = RateLimitItemPerSecond(most, seconds).key_for(key)
            self._storage.acquire_entry(window, 2 * most, seconds)

    def leave(self, quotas: Sequence[Quota]) -> None:
        for key, _most, _seconds in quotas:
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
            self._storage.clear(key)
        self._sweep_above = max(SWEEP_ABOVE, 2 * len(events))


class Try:
    """One try. Leaving by an error counts it as spent, unless nothing could be tried."""

    def __init__(self, throttle: Throttle, quotas: Sequence[Quota]) -> None:
        self._throttle = throttle
        self._quotas = quotas
        self._is_spent = False

    def spend(self) -> None:
        """It counts; twice is once."""
        if not self._is_spent:
            self._is_spent = True
            self._throttle.spend(self._quotas)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and not isinstance(error, Unavailable):
            self.spend()
        self._throttle.leave(self._quotas)
