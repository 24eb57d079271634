"""F1 on servers: Marquee is killed, then what it lives on; what it acknowledged is there."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.real import ask, fresh, on
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.engines.own_server import OwnServer, an_own
from tests.reliability.ledger import (
    Stored,
    Verdict,
    ask_again,
    joined,
    judged,
    stored,
    write_until_killed,
)
from tests.reliability.site import Site
from tests.reliability.test_kill import check, kill_again_and_again, wrong_tallies

pytestmark = pytest.mark.engine


def found_at(url: str) -> Stored:
    return stored(lambda sql: ask(url, sql))


@pytest.fixture(params=on("postgresql", "mariadb"))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(engine: str, tmp_path: Path) -> Iterator[str]:
    with fresh(engine, tmp_path) as url:
        yield url


async def test_nothing_acknowledged_is_lost_when_marquee_is_killed(
    url: str, a_site: Open, engine: str
) -> None:
    site = a_site(reviews_url=url)
    site.start()
    rng = random.Random(7)
    writers = joined(site, rng)
    found = await kill_again_and_again(site, writers, figures.sized(2, 100), rng)
    kept = found_at(url)
    verdict = judged(writers, kept)
    figures.keep("F1-servers", **{engine: found | verdict.figures()})
    check(verdict, found)
    assert kept.told == kept.found
    assert await wrong_tallies(site, verdict.touched) == []


async def kill_its_server(site: Site, own: OwnServer, kills: int) -> tuple[Verdict, Stored]:
    """Again and again, under writers, while Marquee stays up."""
    rng = random.Random(11)
    writers = joined(site, rng, may_wait=True)
    for _kill in range(kills):
        for writer in writers:
            site.headers(writer.name)
        await write_until_killed(site, writers, rng.uniform(0.2, 0.6), own.kill)
        own.start()
        site.wait_until_ready()
        await ask_again(site, writers)
    kept = found_at(own.url)
    return judged(writers, kept), kept


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    a_site: Open, engine: str
) -> None:
    with an_own(engine) as own:
        site = a_site(reviews_url=own.url)
        site.start()
        verdict, kept = await kill_its_server(site, own, figures.sized(2, 20))
        figures.keep("F1-servers", **{f"{engine}_itself": {"kills": own.kills} | verdict.figures()})
        assert verdict.acknowledged > own.kills
        assert (verdict.lost, verdict.unexpected) == ([], set())
        assert kept.told == kept.found
        assert await wrong_tallies(site, verdict.touched) == []
        assert site.stop() == 0
