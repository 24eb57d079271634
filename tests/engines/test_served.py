"""What is promised where the database is on a server, and others write to it too."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from tests.engines.gate import Gate
from tests.engines.things import MIGRATIONS, Sold, add, column, names
from tests.real import ask, fresh, on, real

from marquee.engines.sql import Database, raw, served
from marquee.engines.sql.postgresql import PostgreSql
from marquee.kit.errors import Conflict, Invalid, Unavailable

UNUSUAL = [
    *(
        "plain",
        "Plain",
        " plain",
        "plain ",
        "ß",
        "ss",
        "é",
        "e\u0301",
        "É",
        "Z",
        "a",
        "\u05d0\u05d1",
    ),
    *(
        "🎬",
        "👩\u200d👩\u200d👧",
        "\uffff",
        "it's",
        '"',
        "\\",
        "\\'",
        "100%",
        "a_b",
        "a?b",
        "%s",
        "\t",
        "",
    ),
    "\U0010ffff",
]


@pytest.fixture(params=on("postgresql", "mariadb"))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh(request.param, tmp_path) as found:
        yield found


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Database, Database]]:
    one, other = await asyncio.gather(
        *(Database.open(url, migrations=MIGRATIONS) for _ in range(2))
    )
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
async def gate(url: str) -> AsyncIterator[Gate]:
    gate = Gate(url)
    await gate.open()
    yield gate
    await gate.shut()


@pytest.fixture
async def db(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(served, "QUIET", 0.0)
    database = await Database.open(gate.url, migrations=MIGRATIONS)
    yield database
    await database.close()


def end_me(connection: Connection) -> None:
    """Have the server end this connection, as an operator does."""
    if connection.dialect.name == "postgresql":
        own = "SELECT pg_backend_pid()"
        kill = "SELECT pg_terminate_backend({})"
    else:
        own, kill = "SELECT connection_id()", "KILL {}"
    found = raw.row(connection, own)
    assert found is not None
    name = "postgresql" if connection.dialect.name == "postgresql" else "mariadb"
    ask(real(name), kill.format(found[0]))


async def test_places_are_seen_in_the_order_of_their_commits(
    two: tuple[Database, Database],
) -> None:
    counts = itertools.count()

    def sell(db: Database, connection: Connection) -> None:
        add(str(next(counts)))(connection)
        db.tell(connection, [Sold(thing="hat"), Sold(thing="coat")])

    async def client(db: Database) -> None:
        for _ in range(10):
            await db.write(lambda c: sell(db, c))

    async def follow() -> list[int]:
        seen: list[int] = []
        while len(seen) < 200:
            seen += [sent.place for sent in await two[1].events_after(seen[-1] if seen else 0, 7)]
        return seen

    following = asyncio.create_task(follow())
    await asyncio.gather(*(client(db) for db in two for _ in range(5)))
    seen = await following
    assert seen == [sent.place for sent in await two[0].events_after(0, 1000)]
    assert len(seen) == 200


async def test_no_change_of_two_processes_is_lost(two: tuple[Database, Database]) -> None:
    await two[0].write(add("0"))

    def count(connection: Connection) -> None:
        [name] = column(connection, "SELECT name FROM things")
        raw.run(connection, "UPDATE things SET name = ?", (str(int(name) + 1),))

    await asyncio.gather(*(two[n % 2].write(count) for n in range(100)))
    assert await names(two[0]) == await names(two[1]) == ["100"]


async def test_of_64_who_want_one_key_one_has_it(two: tuple[Database, Database]) -> None:
    sql = "INSERT INTO inbox (source, place) VALUES ('key', ?)"

    def work(db: Database, connection: Connection, n: int) -> int:
        try:
            raw.run(connection, sql, (n,))
        except IntegrityError:
            db.undo(connection)
            [first] = column(connection, "SELECT place FROM inbox WHERE source = 'key'")
            raise Conflict("taken", extra={"by": first}) from None
        return n

    def wanted(n: int) -> asyncio.Future[int]:
        db = two[n % 2]
        return asyncio.ensure_future(db.write(lambda c: work(db, c, n)))

    found = await asyncio.gather(*map(wanted, range(64)), return_exceptions=True)
    [won] = [one for one in found if isinstance(one, int)]
    lost = [one for one in found if isinstance(one, Conflict)]
    assert [one.extra["by"] for one in lost] == [won] * 63


async def test_texts_and_numbers_are_as_in_a_file(
    two: tuple[Database, Database], tmp_path: Path
) -> None:
    file = await Database.open(f"sqlite:///{tmp_path}/a.db", migrations=MIGRATIONS)
    numbers = [0, -1, 2**31, 2**53, 2**63 - 1, -(2**63)]
    answers = []
    for db in (file, two[0]):
        for text in UNUSUAL:
            await db.write(add(text))
        for n in numbers:
            sql = "INSERT INTO inbox (source, place) VALUES (?, ?)"
            await db.write(lambda c, n=n, sql=sql: raw.run(c, sql, (f"n{n}", n)))
        answers.append(
            [
                await db.read(lambda c, sql=sql: column(c, sql))
                for sql in (
                    "SELECT name FROM things ORDER BY name",
                    "SELECT place FROM inbox ORDER BY place",
                    "SELECT source FROM inbox ORDER BY source DESC",
                    "SELECT count(DISTINCT name) FROM things",
                )
            ]
        )
        for text in UNUSUAL:
            sql = "SELECT name FROM things WHERE name = ?"
            assert await db.read(lambda c, t=text, sql=sql: raw.rows(c, sql, (t,))) == [(text,)]
    await file.close()
    assert answers[0] == answers[1]
    assert answers[0][0] == sorted(UNUSUAL)


@pytest.mark.engine
async def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    with fresh("postgresql", tmp_path) as url:
        db = await Database.open(url, migrations=MIGRATIONS)
        with pytest.raises(Invalid):
            await db.write(add("a\x00b"))
        assert await db.write(add("ab")) == "ab"
        await db.close()


@pytest.mark.engine
async def test_a_failure_that_a_change_hides_is_not_acknowledged(tmp_path: Path) -> None:
    def hide(connection: Connection) -> None:
        add("lost")(connection)
        try:
            raw.run(connection, "SELECT 1 / 0")
        except DBAPIError:
            return

    with fresh("postgresql", tmp_path) as url:
        db = await Database.open(url, migrations=MIGRATIONS)
        found = await asyncio.gather(
            *map(db.write, (add("one"), hide, add("two"))), return_exceptions=True
        )
        assert [type(one) for one in found] == [str, Unavailable, str]
        assert await names(db) == ["one", "two"]
        await db.close()


async def test_a_change_whose_connection_is_ended_is_made_once(db: Database) -> None:
    tries: list[str] = []

    def work(connection: Connection) -> None:
        add("whole")(connection)
        tries.append("")
        if len(tries) == 1:
            end_me(connection)
            raw.row(connection, "SELECT name FROM things")

    await asyncio.gather(db.write(add("before")), db.write(work), db.write(add("after")))
    assert await names(db) == ["before", "whole", "after"]
    assert len(tries) == 2


async def test_a_read_whose_connection_is_ended_is_read_again(db: Database) -> None:
    await db.write(add("there"))
    tries: list[str] = []

    def work(connection: Connection) -> list[str]:
        tries.append("")
        if len(tries) == 1:
            end_me(connection)
        return column(connection, "SELECT name FROM things")

    assert await db.read_together(work) == ["there"]
    assert len(tries) == 2


async def test_a_server_that_went_away_is_said_to_be_and_comes_back(
    db: Database, gate: Gate
) -> None:
    await db.write(add("before"))
    await gate.shut()
    for asked in (db.write(add("lost")), names(db), db.check(), db.read_in_thread(lambda _: 1)):
        with pytest.raises(Unavailable) as told:
            await asked
        assert str(gate.port) not in told.value.detail
        assert told.value.retry_after
    await gate.open()
    await db.check()
    await db.write(add("after"))
    assert await names(db) == ["before", "after"]


async def test_a_commit_that_is_not_answered_may_have_been_made(db: Database, gate: Gate) -> None:
    await db.write(add("first"))
    gate.cut_after = b"COMMIT"
    with pytest.raises(Unavailable, match="may have been made"):
        await db.write(add("in doubt"))
    await db.write(add("last"))
    assert (await names(db)).count("in doubt") <= 1
    assert db.generation == 2


async def test_nobody_waits_for_a_server_that_says_nothing(
    db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marquee.engines.sql import inthread

    await db.write(add("before"))
    await names(db)
    monkeypatch.setattr(served, "READ_PATIENCE", 0.2)
    monkeypatch.setattr(inthread, "PATIENCE", 0.2)
    gate.moving.clear()
    asked = asyncio.gather(names(db), db.write(add("x")), return_exceptions=True)
    assert {type(one) for one in await asked} == {Unavailable}
    gate.moving.set()
    monkeypatch.undo()
    assert (await names(db))[0] == "before"


async def test_whoever_waits_too_long_for_their_turn_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "WRITING", replace(served.WRITING, lock=1))
    one, other = [await Database.open(url, migrations=MIGRATIONS) for _ in range(2)]
    told: list[Unavailable] = []

    async def wait() -> None:
        with pytest.raises(Unavailable) as found:
            await other.write(add("too late"))
        told.append(found.value)

    loop = asyncio.get_running_loop()

    def hold(connection: Connection) -> None:
        add("slow")(connection)
        asyncio.run_coroutine_threadsafe(wait(), loop).result()

    await one.write_in_thread(hold)
    assert told[0].retry_after == 1
    await other.write(add("in time"))
    assert await names(one) == ["slow", "in time"]
    await one.close()
    await other.close()


def test_a_password_that_is_missing_is_told_from_a_server_that_is_away() -> None:
    server = PostgreSql.at("postgresql://ada@db.example/marquee")
    for said, means in (
        ("fe_sendauth: no password supplied", "it refuses this user or password"),
        ("Connection refused", "it does not answer"),
    ):
        error = OperationalError("", {}, psycopg.OperationalError(f"connection failed: {said}"))
        assert server.refusal(error) == means
