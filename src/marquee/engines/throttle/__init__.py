"""How often something may be tried, counted before the work is done.

Tries under way count as if they had failed, so that a burst cannot slip through.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

Quota = tuple[str, int, int]
"""What is counted, how often it may happen, and in how many seconds."""


class Try:
    """One try under way. Leaving by an error counts it as spent, unless nothing could be tried."""

    is_spent = False

    def spend(self) -> None:
        """It counts once it is over; twice is once."""
        self.is_spent = True


class Throttle(Protocol):
    def admit(self, *quotas: Quota) -> AbstractAsyncContextManager[Try]:
        """Let one more try begin; TooMany, with the seconds to wait, where a quota is spent.

        Unavailable where that cannot be known: better nobody tries than everybody for ever.
        """
        ...

    async def check(self) -> None:
        """Unavailable when nothing can be tried."""
        ...

    async def close(self) -> None: ...


async def open_throttle(url: str | None, *, field: str) -> Throttle:
    """Counts of this process alone where no URL is given; Invalid names `field`."""
    if url is None:
        from marquee.engines.throttle.memory import MemoryThrottle

        return MemoryThrottle()
    from marquee.engines.throttle.redis import RedisThrottle

    return await RedisThrottle.open(url, field=field)
