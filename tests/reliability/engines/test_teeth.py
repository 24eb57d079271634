"""O9 in small: with a bug planted, each of these checks reports it."""

import random
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from tests.engines.own_redis import a_database, a_redis
from tests.real import ask, fresh, on
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.engines import test_poison
from tests.reliability.engines.crowd import Origin, want
from tests.reliability.engines.own_server import an_own
from tests.reliability.engines.test_crowds import write_and_read
from tests.reliability.engines.test_durable import killed_after_each
from tests.reliability.engines.test_killed import found_at
from tests.reliability.engines.test_poison import GOOD, asking, carried, poisoned
from tests.reliability.engines.test_sessions_killed import Doorman, kill_redis
from tests.reliability.engines.test_stopped_holder import stop_and_go_on
from tests.reliability.engines.test_two_on_one import at_once, stood
from tests.reliability.ledger import joined, judged, write_until_killed
from tests.reliability.test_concurrency import AT_ONCE
from tests.reliability.test_keys import rotate_under_load

from marquee.app.relay.delivery import Delivery
from marquee.engines.cache import Load
from marquee.engines.cache.memory import MemoryCache
from marquee.engines.keyring import KeyFile
from marquee.engines.sql import mysql, postgresql
from marquee.engines.sql.server import WRITING, Session

MOST_KILLS = 5


def caught(name: str) -> None:
    figures.keep("O9", **{name: True})


@pytest.fixture(params=on("postgresql", "mariadb"))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_server_that_is_not_asked_to_sync_is_seen_to_lose(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plant "no fsync"."""
    said = postgresql._said

    def slack(session: Session) -> dict[str, str | int]:
        return {**said(session), "synchronous_commit": "off" if session is WRITING else "on"}

    monkeypatch.setattr(postgresql, "_said", slack)
    monkeypatch.setattr(mysql.MySql, "lacks", lambda *_given: None)
    rarely = {
        "postgresql": ("-c", "wal_writer_delay=10s", "-c", "wal_writer_flush_after=1GB"),
        "mariadb": (
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-log-at-timeout=60",
        ),
    }
    with an_own(engine, *rarely[engine]) as own:
        assert await killed_after_each(own, 3) != []
    caught(f"no fsync on {engine}")


@pytest.mark.engine
async def test_an_answer_before_its_commit_is_seen_to_be_lost(a_site: Open, tmp_path: Path) -> None:
    """The plant "acknowledge first": a kill may just fall where nothing is to be lost."""
    rng = random.Random(7)
    for _kill in range(MOST_KILLS):
        with fresh("postgresql", tmp_path) as url:
            site = a_site(reviews_url=url, test_plant="acknowledge first")
            site.program = ("-m", "tests.reliability.engines.planted")
            site.start()
            writers = joined(site, rng)
            await write_until_killed(site, writers, 0.9)
            lost = judged(writers, found_at(url)).lost
        if lost:
            break
    assert lost
    caught("acknowledge first")


@pytest.mark.engine
async def test_two_reviews_of_one_person_and_movie_are_seen(a_site: Open, tmp_path: Path) -> None:
    """The plant "no key": nothing but the database itself stops the second."""
    with fresh("postgresql", tmp_path) as url:
        site = a_site(reviews_url=url)
        site.start()
        ask(url, "ALTER TABLE reviews DROP CONSTRAINT one_review_per_person_and_movie")
        (answers,) = await at_once((site, site), 1)
        site.kill()
    assert stood(answers) != (1, AT_ONCE - 1)
    caught("no key")


@pytest.mark.engine
async def test_a_redis_that_keeps_no_log_is_seen_to_lose_sessions(
    tmp_path: Path, a_site: Open
) -> None:
    with a_redis(tmp_path, "--appendonly", "no") as own:
        site = a_site(auth_url=own.url)
        site.start()
        assert await kill_redis(site, own, 1, Doorman()) != []
        site.kill()
    caught("no log in redis")


@pytest.mark.engine
def test_a_write_without_the_fence_is_seen_to_be_taken() -> None:
    """The plant "naive lock"."""
    with a_database() as url:
        found = stop_and_go_on(url, 2, plant="naive lock")
    assert found["stale_taken"] == found["overwritten"] == 2
    caught("naive lock")


class NaiveCache(MemoryCache):
    """Looks, loads, keeps; clearing takes away what is there."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, bytes] = {}

    async def get_or_load(
        self, key: str, load: Load, *, ttl: float, tags: Collection[str] = ()
    ) -> bytes:
        del ttl, tags
        if key not in self._kept:
            self._kept[key] = await load()
        return self._kept[key]

    async def clear(self, tag: str) -> None:
        self._kept.pop(tag, None)


async def test_a_naive_cache_is_seen_to_load_for_everybody_and_to_keep_the_old() -> None:
    origin = Origin()
    await want(NaiveCache(), origin)
    assert origin.loads > 1
    stale, _ended = await write_and_read(NaiveCache(), 4)
    assert stale > 0
    caught("naive cache")


async def test_a_message_that_is_dropped_rather_than_parked_is_missed(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drop(*_given: Any, **_named: Any) -> None:
        return

    monkeypatch.setattr(Delivery, "park", drop)
    monkeypatch.setattr(test_poison, "WITHIN", 6.0)
    async with (
        poisoned(template, tmp_path / "data", None) as (building, _trouble, _reviews),
        asking(building) as client,
    ):
        found = await carried(building, client)
    assert (found.applied, found.metric) != (GOOD, 2)
    caught("dropped messages")


async def test_forgetting_the_old_key_at_once_is_noticed(a_site: Open) -> None:
    site = a_site()
    site.start()
    keys = KeyFile(site.folder / "auth" / "keys.json")

    def hastily(_word: str) -> None:
        keys.rotate()
        keys.drop([])

    # By what is published, or by the keys that are there a moment before.
    with pytest.raises(AssertionError, match=r"both are published|^assert \['"):
        await rotate_under_load(site, hastily, 1)
    caught("hasty keys")
