"""What /metrics is told: what answers in time."""

import asyncio
import gc

import pytest

from marquee.app import standing


async def _at_once() -> int:
    return 1


async def _never() -> int:
    await asyncio.sleep(3_600)
    return 2


async def test_what_does_not_answer_in_time_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "PATIENCE", 0.01)
    assert await standing._answers({"one": _at_once, "two": _never}) == {"one": 1}


@pytest.mark.parametrize("turns", range(5))
async def test_whoever_gives_up_leaves_nothing_unasked_behind(turns: int) -> None:
    asked = asyncio.create_task(standing._answers({"two": _never}))
    for _turn in range(turns):
        await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    del asked
    gc.collect()  # a coroutine that was never begun is a warning here, and so an error
