"""When to try a call again, and when not to try at all."""

import random
import time
from collections.abc import Callable

from marquee.kit.errors import Unavailable

TRIES = 3
FIRST_PAUSE = 0.05
SHARE = 0.1
RESERVE = 3.0
MOST_SAVED = 10.0
PATIENCE, SILENT = 5, 3
REST = 1.0
LONGEST_REST = 5.0
_CHANCE = random.SystemRandom()


class Budget:
    """Second tries are at most a tenth of all calls, and a few at the very start.

    So a service that is down is not asked three times as much by everyone.
    """

    def __init__(self) -> None:
        self._saved = RESERVE

    def earn(self) -> None:
        self._saved = min(MOST_SAVED, self._saved + SHARE)

    def spend(self) -> bool:
        """True when there is one to spend."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True


class Breaker:
    """After five failures in a row it answers for the other side, for a second and then longer.

    One that took its whole time counts as three: nobody shall wait for five of those.

    When the rest is over one call is let through; it decides.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures = 0
        self._closed_until = 0.0

    def enter(self, where: str) -> None:
        """Unavailable while resting."""
        if self._failures < PATIENCE:
            return
        left = self._closed_until - self._now()
        if left > 0:
            raise Unavailable(f"{where} cannot be reached.", retry_after=max(1, round(left)))
        self._closed_until = self._now() + REST  # the others wait for what this one finds

    def is_resting(self) -> bool:
        """Whether a call now would be answered without asking."""
        return self._failures >= PATIENCE and self._closed_until > self._now()

    def is_in_doubt(self) -> bool:
        """Whether the last call failed."""
        return self._failures > 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, *, silently: bool = False) -> None:
        self._failures += SILENT if silently else 1
        if self._failures >= PATIENCE:
            rest = min(LONGEST_REST, REST * 2 ** (self._failures - PATIENCE))
            self._closed_until = self._now() + rest


def pause(tried: int) -> float:
    """Seconds before the next try, after `tried` of them: doubling, and never all at once."""
    longest: float = FIRST_PAUSE * 2 ** (tried - 1)
    return _CHANCE.uniform(longest / 2, longest)
