"""F1: the process is killed again and again, and what it acknowledged is there."""

import asyncio
import contextlib
import random
import sqlite3
import time
from typing import Any

import psutil
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.ledger import (
    Verdict,
    Writer,
    ask_again,
    joined,
    judged,
    stored,
    write_until_killed,
)
from tests.reliability.site import Site

from marquee.contexts.reviews.contract import Reviews

RESTART_TAKES = 5.0
"""Seconds of processor at most: how long they last is told, and a busy machine stretches that."""


def integrity(site: Site) -> dict[str, str]:
    verdicts = {}
    for path in sorted(site.folder.glob("*.db")):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            verdicts[path.name] = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return verdicts


async def settled(site: Site) -> None:
    """Wait until every listener has heard everything."""
    async with site.many() as client:
        deadline = time.monotonic() + 60
        while True:
            text = (await client.get("/metrics")).text
            behind = [
                float(line.rpartition(" ")[2])
                for line in text.splitlines()
                if line.startswith("marquee_listener_behind_events{")
            ]
            if behind and not any(behind):
                return
            assert time.monotonic() < deadline, f"still behind: {behind}"
            await asyncio.sleep(0.05)


async def wrong_tallies(site: Site, movie_ids: list[str]) -> list[str]:
    """The movies whose shown tally is not what counting their reviews gives."""
    await settled(site)
    async with site.asking(Reviews) as reviews, site.many() as client:
        recount: dict[str, Any] = {}
        for start in range(0, len(movie_ids), 500):
            recount |= await reviews.recount(movie_ids=movie_ids[start : start + 500])
        wrong = []
        for movie_id in movie_ids:
            shown = (await client.get(f"/api/v1/movies/{movie_id}")).json()["rating"]
            counted = recount.get(movie_id)
            expected = list(counted.histogram) if counted else [0] * 10
            if shown["histogram"] != expected or shown["count"] != sum(expected):
                wrong.append(movie_id)
    return wrong


async def kill_again_and_again(
    site: Site, writers: list[Writer], kills: int, rng: random.Random
) -> dict[str, Any]:
    """Figures of it; every post that was never answered is repeated, with its key."""
    restarts: list[float] = []
    work: list[float] = []
    repeated = 0
    for _kill in range(kills):
        for writer in writers:
            site.headers(writer.name)
        await write_until_killed(site, writers, rng.uniform(0.05, 0.5))
        restarts.append(site.start())
        work.append(sum(psutil.Process(site.pid).cpu_times()[:2]))
        repeated += await ask_again(site, writers)
    restarts.sort()
    return {
        "kills": kills,
        "asked_again": repeated,
        "restart_median_s": round(restarts[len(restarts) // 2], 2),
        "restart_longest_s": round(restarts[-1], 2),
        "restart_work_s": round(max(work), 2),
    }


def check(verdict: Verdict, found: dict[str, Any]) -> None:
    assert verdict.acknowledged > found["kills"]
    assert (verdict.lost, verdict.unexpected) == ([], set())
    assert found["restart_work_s"] < RESTART_TAKES


async def test_nothing_acknowledged_is_lost_when_it_is_killed(a_site: Open) -> None:
    site = a_site()
    site.start()
    rng = random.Random(7)
    writers = joined(site, rng)
    found = await kill_again_and_again(site, writers, figures.sized(4, 100), rng)
    with contextlib.closing(sqlite3.connect(site.folder / "reviews.db")) as connection:
        kept = stored(lambda sql: connection.execute(sql).fetchall())
    verdict = judged(writers, kept)
    told = verdict.figures()
    figures.keep("F1", **found | told | {"in_doubt": told["in_doubt"] + found["asked_again"]})
    check(verdict, found)
    assert kept.told == kept.found
    assert await wrong_tallies(site, verdict.touched) == []
    assert set(integrity(site).values()) == {"ok"}
