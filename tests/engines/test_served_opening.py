"""Opening a database on a server: what is refused, in one line that keeps its secrets."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from tests.engines.things import MIGRATIONS, add, names
from tests.real import ask, fresh, on, real

from marquee.engines.sql import Database, raw
from marquee.engines.sql.look import look
from marquee.kit.errors import Invalid, MarqueeError, Unavailable

SECRET = "hush-hush"


@pytest.fixture(params=on("postgresql", "mariadb"))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, tmp_path) as found:
        yield found


async def refused(url: str) -> str:
    with pytest.raises(MarqueeError) as told:
        await Database.open(url, migrations=MIGRATIONS)
    detail = told.value.detail
    assert "\n" not in detail
    assert SECRET not in detail
    assert told.value.__cause__ is None
    return detail


def with_user(url: str, user: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{user}:{SECRET}@{rest.rpartition('@')[2]}"


@contextmanager
def one_who_reads(url: str) -> Iterator[str]:
    """The URL as of a user who may read what is there, and nothing else."""
    name, base = f"reader_{token_hex(4)}", url.rpartition("/")[2]
    if url.startswith("postgresql"):
        ask(url, f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")
        ask(url, f"GRANT USAGE ON SCHEMA public TO {name}")
        ask(url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
        gone = f"DROP OWNED BY {name}; DROP ROLE {name}"
    else:
        ask(url, f"CREATE USER {name} IDENTIFIED BY '{SECRET}'")
        ask(url, f"GRANT SELECT ON {base}.* TO {name}")
        gone = f"DROP USER {name}"
    try:
        yield with_user(url, name)
    finally:
        ask(url, gone)


async def test_a_stranger_is_refused(url: str) -> None:
    assert "refuses this user or password" in await refused(with_user(url, "nobody_of_ours"))


async def test_a_database_that_is_not_there_is_said_to_be(url: str) -> None:
    assert "no such database" in await refused(f"{url}_nowhere")


async def test_a_server_that_is_not_there_is_said_to_be(url: str, unused_tcp_port: int) -> None:
    scheme, name = url.partition("://")[0], url.rpartition("/")[2]
    gone = f"{scheme}://me:{SECRET}@127.0.0.1:{unused_tcp_port}/{name}"
    assert "does not answer" in await refused(gone)


@pytest.mark.engine
@pytest.mark.parametrize("tls", ["", "?tls=on"])
async def test_a_server_of_another_kind_is_told_as_one(tls: str) -> None:
    at = real("mariadb").rpartition("@")[2]
    assert "not PostgreSQL" in await refused(f"postgresql://me:{SECRET}@{at}{tls}")


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}@127.0.0.1",
        f"mysql://me:{SECRET}@127.0.0.1",
        f"mysql://me:{SECRET}@127.0.0.1,127.0.0.2/name",
        f"postgresql+asyncpg://me:{SECRET}@127.0.0.1/name",
        f"postgresql://me:{SECRET}@127.0.0.1/name?sslmode=off",
    ],
)
async def test_what_is_no_address_of_ours_is_invalid(url: str) -> None:
    with pytest.raises(Invalid) as told:
        await Database.open(url, migrations=MIGRATIONS)
    assert SECRET not in told.value.detail


async def test_another_programs_tables_are_left_alone(url: str) -> None:
    ask(url, "CREATE TABLE theirs (x INTEGER)")
    assert "another program's" in await refused(url)
    assert ask(url, "SELECT * FROM theirs") == []


async def test_another_programs_alembic_is_not_taken_for_ours(url: str) -> None:
    ask(url, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    for insert in ("VALUES ('0001')", "VALUES ('9f3c')"):
        ask(url, f"INSERT INTO alembic_version {insert}")
        assert "another program's" in await refused(url)
        ask(url, "DELETE FROM alembic_version")


async def test_a_user_who_may_make_no_tables_is_told_so(url: str) -> None:
    with one_who_reads(url) as reader:
        assert "may not make tables" in await refused(reader)
        assert "may not make tables" in await unwritable(reader)
    assert await unwritable(url) == ""
    assert await unwritable(url) == ""  # nothing was made


async def unwritable(url: str) -> str:
    """What the doctor says of it."""
    found = await look(url, migrations=MIGRATIONS)
    assert found.close is not None
    await found.close()
    [tables] = [one for one in found.findings if one.what == "tables"]
    assert tables.detail == "none yet: the first start makes them"
    return "".join(one.detail for one in found.findings if one.what == "writable")


async def test_a_user_who_may_only_read_is_answered_as_by_a_store_that_is_away(url: str) -> None:
    """Reading goes on; readiness and the doctor tell."""
    database = await Database.open(url, migrations=MIGRATIONS)
    await database.check()
    await database.close()
    with one_who_reads(url) as reader:
        found = await look(reader, migrations=MIGRATIONS)
        assert found.close is not None
        await found.close()
        assert [one.state for one in found.findings if one.what == "writable"] == ["wrong"]
        database = await Database.open(reader, migrations=MIGRATIONS)
        assert await names(database) == []
        with pytest.raises(Unavailable) as told:
            await database.write(add("lost"))
        assert told.value.retry_after
        with pytest.raises(Unavailable, match="may not change what is there"):
            await database.check()
        await database.close()


async def test_another_contexts_tables_are_left_alone(url: str) -> None:
    database = await Database.open(url, migrations=MIGRATIONS)
    await database.close()
    for context in ("reviews", "search"):
        with pytest.raises(Unavailable, match="another context"):
            await Database.open(url, migrations=f"marquee.contexts.{context}.migrations")


async def test_of_several_that_open_it_at_once_one_makes_the_tables(url: str) -> None:
    opened = await asyncio.gather(*(Database.open(url, migrations=MIGRATIONS) for _ in range(4)))
    for n, database in enumerate(opened):
        await database.write(add(str(n)))
    assert await names(opened[0]) == ["0", "1", "2", "3"]
    for database in opened:
        await database.close()


@pytest.mark.engine
async def test_a_first_step_that_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    with fresh("mariadb", tmp_path) as url:
        ask(url, "CREATE TABLE migrating (revision VARCHAR(32) NOT NULL)")
        ask(url, "INSERT INTO migrating VALUES ('0001')")
        ask(url, "CREATE TABLE things (half INTEGER)")
        database = await Database.open(url, migrations=MIGRATIONS)
        await database.write(add("whole"))
        await database.close()
        assert [row[0] for row in ask(url, "SHOW TABLES LIKE 'migrating'")] == []


@pytest.mark.engine
async def test_a_later_step_that_was_interrupted_is_refused(tmp_path: Path) -> None:
    with fresh("mariadb", tmp_path) as url:
        database = await Database.open(url, migrations=MIGRATIONS)
        await database.write(add("kept"))
        await database.close()
        ask(url, "CREATE TABLE migrating (revision VARCHAR(32) NOT NULL)")
        ask(url, "INSERT INTO migrating VALUES ('0002')")
        ask(url, "UPDATE alembic_version SET version_num = '0000'")
        assert "half-migrated: step 0002" in await refused(url)
        assert ask(url, "SELECT name FROM things") == [("kept",)]


async def test_a_reader_cannot_write_even_in_a_snapshot(url: str) -> None:
    database = await Database.open(url, migrations=MIGRATIONS)
    for read in (database.read, database.read_together, database.read_in_thread):
        with pytest.raises(Unavailable):
            await read(lambda c: raw.run(c, "DELETE FROM turn"))
    await database.close()
