"""F2 on servers: our sessions ask for durable commits, and a server that makes none is refused."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.engines.things import MIGRATIONS, add, names
from tests.real import ask, fresh, on
from tests.reliability import figures
from tests.reliability.engines.own_server import OwnServer, an_own

from marquee.engines.sql import Database, raw
from marquee.kit.errors import Unavailable

pytestmark = pytest.mark.engine
ASKED = {
    "postgresql": (
        "SELECT current_setting('synchronous_commit'), current_setting('fsync'),"
        " current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    ),
    "mariadb": (
        "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite,"
        " @@tx_isolation, @@tx_read_only"
    ),
}
WRITING = {
    "postgresql": ("on", "on", "read committed", "off"),
    "mariadb": (1, 1, "READ-COMMITTED", 0),
}
SLACK = {
    "postgresql": ("ALTER DATABASE {name} SET synchronous_commit = off",),
    "mariadb": (),  # it has no such setting of a database
}
UNSAFE = {
    "postgresql": ("-c", "fsync=off"),
    "mariadb": ("--innodb-flush-log-at-trx-commit=2",),
}
TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mariadb": "SHOW TABLES",
}
WHY = {"postgresql": "fsync must be on", "mariadb": "innodb_flush_log_at_trx_commit must be 1"}


@pytest.fixture(params=on("postgresql", "mariadb"))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(engine: str, tmp_path: Path) -> Iterator[str]:
    with fresh(engine, tmp_path) as url:
        yield url


@pytest.fixture
async def db(engine: str, url: str) -> AsyncIterator[Database]:
    for sql in SLACK[engine]:
        ask(url, sql.format(name=url.rpartition("/")[2]))
    db = await Database.open(url, migrations=MIGRATIONS)
    yield db
    await db.close()


async def settings(db: Database, engine: str) -> tuple[Any, ...]:
    """As they are in the very transaction that writes."""

    def work(connection: Connection) -> tuple[Any, ...]:
        found = raw.row(connection, ASKED[engine])
        assert found is not None
        return tuple(found)

    return await db.write(work)


async def test_whatever_the_server_defaults_to_our_commits_are_durable(
    db: Database, engine: str
) -> None:
    found = await settings(db, engine)
    figures.keep("F2-servers", **{engine: [str(one) for one in found]})
    assert found == WRITING[engine]


async def test_a_server_that_does_not_sync_its_commits_is_refused(engine: str) -> None:
    with an_own(engine, *UNSAFE[engine]) as own:
        with pytest.raises(Unavailable, match=WHY[engine]) as refused:
            await Database.open(own.url, migrations=MIGRATIONS)
        assert own.url not in refused.value.detail
        figures.keep("F2-servers", **{f"{engine}_refused": WHY[engine]})
        assert ask(own.url, TABLES[engine]) == [], "nothing was made there"


async def killed_after_each(own: OwnServer, kills: int) -> list[str]:
    """What was committed and is not there after its server was killed at that moment."""
    db = await Database.open(own.url, migrations=MIGRATIONS)
    lost = []
    for number in range(kills):
        name = await db.write(add(f"lamp {number}"))
        own.kill()
        own.start()
        if name not in await names(db):
            lost.append(name)
    await db.close()
    return lost


async def test_a_commit_is_there_after_its_server_was_killed_that_moment(engine: str) -> None:
    with an_own(engine) as own:
        lost = await killed_after_each(own, kills := figures.sized(2, 20))
        figures.keep("F2-servers", **{f"{engine}_killed_after_commit": kills})
        assert lost == []
