"""How a building stands right now, for /metrics: what cannot be found out hides nothing else."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from marquee.app.telemetry import State

if TYPE_CHECKING:
    from marquee.app.building import Building

T = TypeVar("T")
PATIENCE = 2.0


async def state_of(building: "Building") -> State:
    relay = building.relay
    ways = {way.name: way for way in relay.ways}
    behind, since, checks, parked = await asyncio.gather(
        _answers({name: way.behind for name, way in ways.items()}),
        _answers({name: way.waiting_since for name, way in ways.items()}),
        _answers({"": building.checks}),
        _answers({"": relay.parking.messages}),
    )
    now, well = datetime.now(UTC), checks.get("", {})
    there = {delivery.name: 0 for delivery in relay.deliveries}
    return State(
        behind=behind,
        waiting={name: _age(at, now) for name, at in since.items()},
        failures=relay.failures(),
        missed=relay.missed(),
        parked={**there, **Counter(one.listener for one in parked[""])} if parked else {},
        checks=well,
        is_ready="" in checks and all(well.values()) and not building.draining,
    )


async def _answers(asked: Mapping[str, Callable[[], Awaitable[T]]]) -> dict[str, T]:
    """What answers in time, by the same names."""
    found = await asyncio.gather(*map(_in_time, asked.values()), return_exceptions=True)
    return {
        name: answer
        for name, answer in zip(asked, found, strict=True)
        if not isinstance(answer, BaseException)
    }


async def _in_time(ask: Callable[[], Awaitable[T]]) -> T:
    """It is asked only when this runs: whoever gives up before that leaves nothing behind."""
    async with asyncio.timeout(PATIENCE):
        return await ask()


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
