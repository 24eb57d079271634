"""What becomes of a try, wherever it is counted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from marquee.engines.throttle import Try
from marquee.kit.errors import TooMany, Unavailable


@asynccontextmanager
async def trying(leave: Callable[[bool], Awaitable[None]]) -> AsyncIterator[Try]:
    """`leave` is told at the end whether it was spent."""
    attempt = Try()
    try:
        yield attempt
    except Unavailable:
        raise
    except BaseException:
        attempt.spend()
        raise
    finally:
        await leave(attempt.is_spent)


def too_many(wait: int) -> TooMany:
    return TooMany("Too many tries. Wait a little, then try again.", retry_after=wait)
