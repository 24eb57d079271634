"""F5: every dependency taken away in every way, and what each operation of the API makes of it."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from tests.journeys.services import Deployment
from tests.reliability.figures import FULL, keep
from tests.reliability.services.asks import Ask, Told, all_told, asks, renewed
from tests.reliability.services.conftest import Stage
from tests.reliability.services.wires import FAULTS, Fault

from marquee.app import paths

pytestmark = pytest.mark.engine
TABLE: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("dependencies.yml").read_text("utf-8")
)
GROUPS: dict[str, list[str]] = TABLE["groups"]
APART: list[str] = TABLE["apart"]
DEPENDENCIES: dict[str, dict[str, Any]] = TABLE["dependencies"]
ALL = [(name, fault) for name in DEPENDENCIES for fault in FAULTS]
SAMPLE = [(name, FAULTS[number % len(FAULTS)]) for number, name in enumerate(DEPENDENCIES)]
HANGS, AT_MOST = 5.0, 12.0
"""Seconds for what the fault concerns; and, for what it does not, in which a busy engine is waited for."""
RECOVERS_WITHIN = 10.0
KEPT_ANEW = 1.6
"""Seconds after which no answer is fresh any more, neither nginx's nor a catalog's."""
SERVER_ERROR = 500
seen: dict[str, list[float]] = {"cells": [], "refused": [], "recovered": [], "answered": []}


def test_every_operation_is_in_one_group() -> None:
    grouped = [route for routes in (*GROUPS.values(), APART) for route in routes]
    assert sorted(grouped) == sorted(f"{one.method} {one.path}" for one in paths.endpoints())
    named = {
        n for one in DEPENDENCIES.values() for n, told in one.items() if n != "ready" for n in told
    }
    assert named <= GROUPS.keys()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("name", "fault"), ALL if FULL else SAMPLE)
async def test_it_is_as_declared_while_away_and_well_after(
    stage: Stage, name: str, fault: Fault
) -> None:
    assert stage.wires.all.keys() == DEPENDENCIES.keys()
    await asyncio.to_thread(renewed, stage.cast)
    ready = [one for one in await asyncio.to_thread(asks, stage.cast) if one.route not in APART]
    port = stage.deployment.port
    read = await all_told(port, [one for one in ready if one.is_public])
    assert [_line(one) for one in read if not one.is_good] == []
    await asyncio.sleep(KEPT_ANEW)
    stage.wires.put(name, fault)
    try:
        known = [one for one in ready if one.is_public]
        once = [one.anew() if one.is_public else one for one in ready]
        told = await all_told(port, [*known, *once])
        health = await _health(stage.deployment)
    finally:
        stage.wires.put(name, None)
    recovered = await _recovered(port, [one.ask for one in told])
    wrong = _wrong(name, told)
    assert not wrong, "\n".join(["", *wrong])
    _check_health(name, health)
    seen["cells"].append(len(ready))
    seen["refused"] += [one.seconds for one in told if one.is_refused]
    seen["answered"] += [one.seconds for one in told]
    seen["recovered"].append(recovered)
    _keep()


def _cell(name: str, route: str) -> str:
    group = next(group for group, routes in GROUPS.items() if route in routes)
    told = DEPENDENCIES[name]
    found = [cell for cell in ("refused", "degraded", "partly") if group in told.get(cell, ())]
    return found[0] if found else "works"


def _wrong(name: str, told: Sequence[Told]) -> list[str]:
    """Every answer that is not as the table says, or that took too long."""
    found = []
    for one in told:
        cell = _cell(name, one.ask.route)
        is_kept = one.ask.is_public and not one.ask.is_new
        if cell == "refused" or (cell == "degraded" and one.ask.is_new):
            # What was read a moment ago may be answered all the same, by whoever kept it.
            is_right = one.is_refused or (is_kept and one.is_good)
        else:
            is_right = one.is_good
        if not is_right or one.seconds > (HANGS if cell != "works" else AT_MOST):
            found.append(f"{cell}: {_line(one)}")
    return found


def _line(one: Told) -> str:
    new = " anew" if one.ask.is_new else ""
    return f"{one.ask.route}{new} -> {one.status} in {one.seconds:.2f} s: {one.text[:400]}"


async def _health(deployment: Deployment) -> dict[str, list[tuple[int, int, list[str]]]]:
    """Of each replica of each service: whether it lives, is ready, and why not."""
    found: dict[str, list[tuple[int, int, list[str]]]] = {}
    async with httpx2.AsyncClient(timeout=HANGS, trust_env=False) as client:
        for name, ports in deployment.http.items():
            for port in ports:
                lives = await client.get(f"http://127.0.0.1:{port}/livez")
                ready = await client.get(f"http://127.0.0.1:{port}/readyz")
                troubles = ready.json().get("troubles", [])
                found.setdefault(name, []).append((lives.status_code, ready.status_code, troubles))
    return found


def _check_health(name: str, health: dict[str, list[tuple[int, int, list[str]]]]) -> None:
    expected = DEPENDENCIES[name].get("ready")
    for service, replicas in health.items():
        for lives, ready, troubles in replicas:
            assert lives == 200
            assert ready == (503 if service == expected else 200), (service, troubles)
            assert bool(troubles) == (service == expected)
            for one in troubles:
                assert one == "a store does not answer" or one.startswith(f"{service}: "), one


async def _recovered(port: int, told: Sequence[Ask]) -> float:
    """Seconds until nothing is refused any more; nobody was started again."""
    began = time.monotonic()
    left = list(told)
    while True:
        again = await all_told(port, left)
        left = [one.ask for one in again if not 0 < one.status < SERVER_ERROR]
        took = time.monotonic() - began
        if not left:
            return took
        assert took < RECOVERS_WITHIN, [_line(one) for one in again if one.ask in left]
        await asyncio.sleep(0.3)


def _keep() -> None:
    refused = seen["refused"] or [0.0]
    keep(
        "F5",
        cells=int(sum(seen["cells"])),
        declared=len(ALL) * sum(map(len, GROUPS.values())),
        faults=len(seen["cells"]),
        refused=len(seen["refused"]),
        refused_in_s=round(statistics.median(refused), 2),
        longest_refusal_s=round(max(refused), 2),
        hangs=0,
        recovered_s=round(max(seen["recovered"]), 1),
    )
