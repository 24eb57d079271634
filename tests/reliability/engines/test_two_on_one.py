"""F13 on servers: two processes on one database are as one; tallies equal a recount."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.real import fresh, on
from tests.reliability import figures
from tests.reliability.conftest import furnish
from tests.reliability.site import Site, copied
from tests.reliability.test_concurrency import (
    AT_ONCE,
    CLIENTS,
    MOVIES,
    check_rating,
    moderate,
    post_at_once,
    write,
)
from tests.reliability.test_kill import settled

from marquee.contexts.reviews.contract import Reviews

pytestmark = pytest.mark.engine
SHARED = ("accounts", "catalog", "reviews")
PATIENCE = 20.0


@pytest.fixture(params=on("postgresql", "mariadb"))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def two(engine: str, tmp_path: Path) -> AsyncIterator[tuple[Site, Site]]:
    """Of one set of stores; sessions are each one's own, so that its people stay with it."""
    with ExitStack() as stack:
        urls = {f"{name}_url": stack.enter_context(fresh(engine, tmp_path)) for name in SHARED}
        template = tmp_path / "template" / "data"
        await furnish(template, **urls)
        folders = [tmp_path / name / "data" for name in ("one", "two")]
        one, other = (stack.enter_context(copied(template, at, **urls)) for at in folders)
        one.spawn()
        other.spawn()
        for site in (one, other):
            site.wait_until_ready()
        yield one, other


async def at_once(sites: Sequence[Site], rounds: int) -> list[list[Any]]:
    """Answers of each round to 64 posts of one review, half of them in each process."""
    first, second = (site.many("ada", AT_ONCE) for site in sites)
    async with first, second:
        return [await post_at_once([first, second], str(n)) for n in range(1, rounds + 1)]


def stood(answers: list[Any]) -> tuple[int, int]:
    """How many were taken, and how many were told that there is one."""
    codes = [answer.status_code for answer in answers]
    return codes.count(201), codes.count(409)


async def write_at_both(sites: Sequence[Site], seconds: float) -> dict[str, int]:
    """8 members who write, half of them in each process; somebody moderates, somebody reads."""
    counts = {"writes": 0, "moderated": 0, "reads": 0}
    names = [f"writer{number}" for number in range(CLIENTS)]
    for number, name in enumerate(names):
        sites[0].join(name)
        await heard(sites[number % 2], name)
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number, name in enumerate(names):
            group.create_task(write(sites[number % 2], name, until, counts))
        group.create_task(moderate(sites[0], until, counts))
        for site in sites:
            group.create_task(look(site, until, counts))
    return counts


async def heard(site: Site, name: str) -> None:
    """Until that process, too, knows who has joined."""
    site.headers(name)
    await settled(site)


async def look(site: Site, until: float, counts: dict[str, int]) -> None:
    async with site.many() as client:
        while time.monotonic() < until:
            for movie_id in MOVIES:
                check_rating((await client.get(f"/api/v1/movies/{movie_id}")).json()["rating"])
                counts["reads"] += 1
            await asyncio.sleep(0.02)


async def differences(site: Site) -> list[str]:
    """Movies whose tally is not a recount, once there has been time to hear all."""
    await settled(site)
    async with site.asking(Reviews) as reviews, site.many() as client:
        recount = await reviews.recount(movie_ids=MOVIES)
        wrong = list(MOVIES)
        deadline = time.monotonic() + PATIENCE
        while wrong and time.monotonic() < deadline:
            shown = {m: (await client.get(f"/api/v1/movies/{m}")).json()["rating"] for m in MOVIES}
            wrong = [
                movie_id
                for movie_id in MOVIES
                if shown[movie_id]["histogram"]
                != (list(recount[movie_id].histogram) if movie_id in recount else [0] * 10)
            ]
            await asyncio.sleep(0.1)
    return wrong


async def test_two_processes_on_one_database_are_as_one(
    two: tuple[Site, Site], engine: str
) -> None:
    rounds = await at_once(two, figures.sized(2, 20))
    assert {stood(answers) for answers in rounds} == {(1, AT_ONCE - 1)}
    for answers in rounds:
        ids = {a.json()["review_id"] for a in answers if a.status_code == 409}
        assert ids == {a.json()["id"] for a in answers if a.status_code == 201}
    counts = await write_at_both(two, figures.sized(2, 60))
    assert min(counts.values()) > 0
    wrong = [await differences(site) for site in two]
    told = counts | {"same_review_at_once": AT_ONCE, "rounds": len(rounds)}
    figures.keep("F13-servers", **{engine: told | {"differences": sum(map(len, wrong))}})
    assert wrong == [[], []]
    assert [site.stop() for site in two] == [0, 0]
