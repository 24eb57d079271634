"""F8: the broker away for a while, and services killed between an effect and the telling of it."""

import asyncio
import time
from collections import Counter

import pytest
from tests.reliability.figures import keep, sized
from tests.reliability.services.conftest import Stage
from tests.reliability.services.failing import EFFECT, FORGETFUL, GIVEN, PUBLISH
from tests.reliability.services.writers import Crowd, differences, drained

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
AWAY = sized(20, 60)
KILLS = sized(10, 50)
BETWEEN = 20
DRAINED_WITHIN = 60.0
DIES_WITHIN = 60.0
POINTS = (f"{PUBLISH}-reviews", f"{EFFECT}-catalog", f"{PUBLISH}-reviews", f"{PUBLISH}-catalog")


async def test_reviews_are_taken_while_the_broker_is_away_and_count_after(stage: Stage) -> None:
    crowd = await Crowd.gathered(stage.cast)
    async with crowd.writing():
        await asyncio.sleep(2)
        for fault in ("blackhole", "reset"):
            stage.wires.put("events", fault)
            await asyncio.sleep(AWAY / 2)
        written, wrong = crowd.written, await differences(stage.deployment)
        stage.wires.put("events", None)
    assert wrong, "the broker was not away"
    took = await drained(stage.deployment, DRAINED_WITHIN)
    assert crowd.statuses.keys() <= {200, 201}, crowd.statuses
    keep("F8", away_s=AWAY, written_while_away=written, refused=0, drained_s=round(took, 1))


async def test_what_is_told_twice_counts_once(stage: Stage) -> None:
    crowd = await Crowd.gathered(stage.cast)
    killed: Counter[str] = Counter()
    async with crowd.writing():
        while killed.total() < KILLS:
            for point in POINTS[: KILLS - killed.total()]:
                await _written(crowd, crowd.written + BETWEEN)
                await _killed_at(stage, point)
                killed[point] += 1
    await drained(stage.deployment, DRAINED_WITHIN)
    twice = _given_twice(stage)
    assert twice >= 1, "nothing was ever delivered twice: this test could not have failed"
    written = crowd.written
    found = await differences(stage.deployment)
    assert found == []
    keep("F8", kills=killed.total(), writes_between_kills=written, delivered_twice=twice)
    keep("F8", lost_or_double_effects=len(found))


async def test_a_listener_that_forgets_what_it_heard_is_found_out(stage: Stage) -> None:
    (stage.failpoints / FORGETFUL).touch()
    crowd = await Crowd.gathered(stage.cast)
    async with crowd.writing():
        await _written(crowd, BETWEEN)  # what is heard before counts for nothing
        await _killed_at(stage, f"{EFFECT}-catalog")
    with pytest.raises(AssertionError, match="still different"):
        await drained(stage.deployment, within=20.0)
    keep("F8", planted_caught=1)


async def _written(crowd: Crowd, many: int) -> None:
    began = time.monotonic()
    while crowd.written < many:
        assert time.monotonic() - began < DIES_WITHIN, f"nobody writes: {crowd.statuses}"
        await asyncio.sleep(0.05)


async def _killed_at(stage: Stage, point: str) -> None:
    """Until a service has died there."""
    mark = stage.failpoints / point
    mark.touch()
    began = time.monotonic()
    while mark.exists():
        assert time.monotonic() - began < DIES_WITHIN, f"nobody came by {point}"
        await asyncio.sleep(0.05)


def _given_twice(stage: Stage) -> int:
    """How often a listener was given what it had been given before."""
    given = (stage.failpoints / GIVEN).read_text("ascii").splitlines()
    return len(given) - len(set(given))
