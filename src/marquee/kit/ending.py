"""Tasks that are told to end, and do: before Python 3.12 `asyncio.wait_for` may swallow a cancellation.

It does where what it waits for is done at that moment; drivers call it with every command.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

AGAIN = 3.0
"""Seconds after which whoever is still there is told again; what tidies up should take less."""


async def end(tasks: Iterable["asyncio.Future[Any]"], *, patience: float = 0.0) -> None:
    """Cancel them, and wait until all are done. What they raise is seen, and nobody's any more.

    For `patience` seconds they may end by themselves.
    """
    left = set(tasks)
    if left and patience:
        await asyncio.wait(left, timeout=patience)
    while left:
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=AGAIN)
        for task in done:
            task.cancelled() or task.exception()


@contextmanager
def heeding() -> Iterator[None]:
    """Whoever is cancelled within leaves the block cancelled, whatever became of what was asked."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        yield
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
