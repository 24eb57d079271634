"""What a filling causes is heard meanwhile, not only afterwards."""

import asyncio
from pathlib import Path

import pytest

from marquee.app import serving
from marquee.app.building import Building
from marquee.app.serving import catch_up, hearing, opened
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog, MovieFacts


async def behind(building: Building) -> int:
    return sum((await building.behind()).values())


async def fill(building: Building, title: str) -> None:
    catalog = building.contract(Catalog)
    await catalog.merge(source="tests", movies=[MovieFacts(title=title, year=1983)])


async def test_listeners_hear_while_the_block_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MEANWHILE", 0.01)
    async with opened(Settings(data=tmp_path, starter=False)) as building, hearing(building):
        await fill(building, "Nostalgia")
        assert await behind(building)
        for _moment in range(2_000):
            if not await behind(building):
                return
            await asyncio.sleep(0.01)
        pytest.fail("nothing was heard")


async def test_a_listener_that_fails_meanwhile_is_asked_again_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "MEANWHILE", 0.01)
    async with opened(Settings(data=tmp_path, starter=False)) as building:
        [way] = [one for one in building.relay.ways if one.name == "search<-catalog"]
        failed = asyncio.Event()
        step = way.step

        async def failing() -> int:
            failed.set()
            raise OSError("the disk is gone for a moment")

        monkeypatch.setattr(way, "step", failing)
        async with hearing(building):
            await fill(building, "Nostalgia")
            await failed.wait()
        monkeypatch.setattr(way, "step", step)
        assert await behind(building)
        await catch_up(building)
        assert not await behind(building)
