"""Who is told to end does, though a cancellation was swallowed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine
from typing import Any

import pytest

from marquee.kit import ending
from marquee.kit.ending import end, heeding


async def swallowed(work: Awaitable[object]) -> str:
    """As `asyncio.wait_for` before Python 3.12, and so some drivers."""
    with contextlib.suppress(asyncio.CancelledError):
        await work
    return "done"


async def cancelled(work: Coroutine[Any, Any, object]) -> None:
    """Begun, cancelled and ended by that."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_who_did_not_heed_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.01)
    ended: list[str] = []

    async def loop(name: str, deaf: int) -> None:
        try:
            for _ in range(deaf):
                await swallowed(asyncio.sleep(60))
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    tasks = [asyncio.create_task(loop("deaf", 3)), asyncio.create_task(loop("good", 0))]
    await asyncio.sleep(0)
    await end(tasks)
    assert ended == ["good", "deaf"]
    assert all(task.cancelled() for task in tasks)


async def test_who_ends_in_time_by_themselves_is_not_cancelled() -> None:
    soon, never = asyncio.create_task(asyncio.sleep(0.01)), asyncio.create_task(asyncio.sleep(60))
    await end([soon, never], patience=0.2)
    assert (soon.cancelled(), never.cancelled()) == (False, True)


async def test_who_tidies_up_is_waited_for_and_what_is_raised_is_nobodys() -> None:
    tidied: list[int] = []

    async def tidy() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            tidied.append(1)
            raise ValueError("a bug")

    task = asyncio.create_task(tidy())
    await asyncio.sleep(0)
    await end([task])
    await end([task])
    await end([])
    assert tidied == [1]
    assert isinstance(task.exception(), ValueError)


@pytest.mark.parametrize("error", [None, ValueError("what a driver made of it")])
async def test_who_was_cancelled_within_leaves_cancelled(error: Exception | None) -> None:
    async def work() -> None:
        with heeding():
            await swallowed(asyncio.sleep(60))
            if error:
                raise error

    await cancelled(work())


async def test_a_limit_within_or_around_stays_one() -> None:
    async def ask() -> None:
        async with asyncio.timeout(0.01):
            with heeding():
                await swallowed(asyncio.sleep(60))

    with pytest.raises(TimeoutError):
        await ask()
    with heeding(), contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(60)


async def test_who_tidies_up_after_a_cancellation_may_still_ask() -> None:
    asked: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            with heeding():
                asked.append(await swallowed(asyncio.sleep(0)))

    await cancelled(work())
    assert asked == ["done"]
