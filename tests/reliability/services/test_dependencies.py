"""F5: every dependency taken away in every way, and what each operation of the API makes of it."""

import asyncio
import re
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
SOON, HANGS, AT_MOST = 2.0, 5.0, 12.0
"""Seconds in which what needs the one who is away is refused, beside what anything takes at that
moment, as half of what does not need it shows; that nothing of it takes; and in which a busy engine
is waited for by what the fault does not concern."""
LOOKS = 5
"""A busy machine is no finding: a cell is wrong when it is found so every time."""
RECOVERS_WITHIN = 10.0
KEPT_ANEW = 1.6
"""Seconds after which no answer is fresh any more, neither nginx's nor a catalog's."""
SERVER_ERROR = 500
PLACE = re.compile(r"://|\b\d+(\.\d+){3}\b|localhost")
"""Where an engine or a service lives, which concerns nobody outside."""
Cell = tuple[str, bool]
"""An operation, and whether nobody had asked just this before."""
seen: dict[str, list[float]] = {
    "cells": [], "refused": [], "late": [], "recovered": [], "again": []
}  # fmt: skip


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
    wrong = await _looked(stage, name, fault)
    looks = 1
    while wrong and looks < LOOKS:
        again = await _looked(stage, name, fault)
        wrong = {cell: line for cell, line in wrong.items() if cell in again}
        looks += 1
    assert not wrong, "\n".join(["", *wrong.values()])
    seen["cells"].append(sum(map(len, GROUPS.values())))
    seen["again"].append(looks - 1)
    _keep()


async def _looked(stage: Stage, name: str, fault: Fault) -> dict[Cell, str]:
    """What is not as declared."""
    await asyncio.to_thread(renewed, stage.cast)
    ready = [one for one in await asyncio.to_thread(asks, stage.cast) if one.route not in APART]
    assert len(ready) == sum(map(len, GROUPS.values()))
    port = stage.deployment.port
    known = [one for one in ready if one.is_public]
    await _recovered(port, known)
    await asyncio.sleep(KEPT_ANEW)
    stage.wires.put(name, fault)
    try:
        once = [one.anew() if one.is_public else one for one in ready]
        told = await all_told(port, [*known, *once])
        health = await _health(stage.deployment)
    finally:
        stage.wires.put(name, None)
    seen["recovered"].append(await _recovered(port, [one.ask for one in told]))
    return _wrong(name, told) | _unwell(name, health)


def _cell(name: str, route: str) -> str:
    group = next(group for group, routes in GROUPS.items() if route in routes)
    told = DEPENDENCIES[name]
    found = [cell for cell in ("refused", "degraded", "partly") if group in told.get(cell, ())]
    return found[0] if found else "works"


def _wrong(name: str, told: Sequence[Told]) -> dict[Cell, str]:
    """Every answer that is not as the table says, or that took too long.

    What is not even refused as it should be is a fault at once, however busy the machine.
    """
    cells = [(one, _cell(name, one.ask.route)) for one in told]
    anyway = statistics.median(one.seconds for one, cell in cells if cell == "works")
    refusals = [one for one in told if one.status >= SERVER_ERROR]
    broken = [_line(one) for one in refusals if not one.is_refused or PLACE.search(one.text)]
    assert not broken, "\n".join(["", *broken])
    found, refused = {}, []
    for one, cell in cells:
        is_kept = one.ask.is_public and not one.ask.is_new
        if cell == "refused" or (cell == "degraded" and one.ask.is_new):
            # What was read a moment ago may be answered all the same, by whoever kept it.
            is_right = one.is_refused or (is_kept and one.is_good)
            refused += [one.seconds] if one.is_refused else []
        else:
            is_right = one.is_good
        most = AT_MOST if cell == "works" else min(SOON + anyway, HANGS)
        if not is_right or one.seconds > most:
            found[one.ask.route, one.ask.is_new] = f"{cell}, {most:.1f} s at most: {_line(one)}"
    if not found:
        seen["refused"] += refused
        seen["late"] += [one - anyway for one in refused]
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


def _unwell(name: str, health: dict[str, list[tuple[int, int, list[str]]]]) -> dict[Cell, str]:
    """The services that say something else of themselves than the table does."""
    expected = DEPENDENCIES[name].get("ready")
    found = {}
    for service, replicas in health.items():
        for lives, ready, troubles in replicas:
            assert lives == 200
            assert bool(troubles) == (ready != 200)
            for one in troubles:
                assert one == "a store does not answer" or one.startswith(f"{service}: "), one
            if ready != (503 if service == expected else 200):
                found[service, False] = f"{service} is ready: {ready}, {troubles}"
    return found


async def _recovered(port: int, told: Sequence[Ask]) -> float:
    """Seconds until nothing is refused any more; nobody was started again."""
    began = time.monotonic()
    left = list(told)
    while True:
        asked = time.monotonic() - began
        again = await all_told(port, left)
        left = [one.ask for one in again if not 0 < one.status < SERVER_ERROR]
        if not left:
            return time.monotonic() - began
        assert asked < RECOVERS_WITHIN, [_line(one) for one in again if one.ask in left]
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
        longest_beyond_s=round(max(seen["late"] or [0.0]), 2),
        looked_again=int(sum(seen["again"])),
        hangs=0,
        recovered_s=round(max(seen["recovered"]), 1),
    )
