"""What every command needs: a loop to run in, and the instance it is about."""

import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from marquee.app.parked.everywhere import Everywhere
    from marquee.app.settings import Settings

C = TypeVar("C")
T = TypeVar("T")
SELDOM = (20_000, 20, 50)
"""How many objects more there are before cycles are looked for, and how often among older ones."""


@contextlib.asynccontextmanager
async def asking(contract: type[C]) -> AsyncIterator[C]:
    """A contract of the instance in the data folder: of the running server, or opened here."""
    from marquee.app import operator

    log_as_set()
    async with operator.asking(contract) as found:
        yield found


@contextlib.asynccontextmanager
async def asking_for_parked() -> AsyncIterator["Everywhere"]:
    """The parked messages of the whole deployment."""
    from marquee.app import operator

    log_as_set()
    async with operator.parked() as found:
        yield found


def log_as_set(settings: "Settings | None" = None) -> None:
    """To standard error, from the level that is set on: standard output is for answers.

    Of this instance, where no other `settings` are given.
    """
    from marquee.app.contexts import CONTEXTS
    from marquee.app.logs import log_to
    from marquee.app.settings import read

    settings = settings or read(tuple(CONTEXTS))
    log_to(sys.stderr, settings.log_level, pretty=sys.stderr.isatty())


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Cycles are few here: looking for them as often as Python does by itself is a fifth of an import."""
    import uvloop

    async def main() -> T:
        return await work()

    gc.set_threshold(*SELDOM)
    gc.freeze()
    return uvloop.run(main())


def say(line: str) -> None:
    """What the command answers."""
    print(line)  # noqa: T201 - this is the place where commands speak


def warn(line: str) -> None:
    """What is wrong with an answer, beside it."""
    print(line, file=sys.stderr)  # noqa: T201 - this is the place where commands speak
