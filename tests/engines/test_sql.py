"""The group commit: together when it can, alone when one fails, durable when it answers."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from marquee.engines.sql import Database
from marquee.kit.errors import Conflict, Invalid, OutOfSpace, Unavailable
from marquee.kit.events import Event, Heard
from marquee.kit.once import Once, about_to_save, once

MIGRATIONS = "tests.engines.shop"


@dataclass(frozen=True, kw_only=True)
class Sold(Event):
    key_field: ClassVar[str] = "thing"
    thing: str


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{tmp_path}/shop.db", migrations=MIGRATIONS)
    yield database
    await database.close()


def add(name: str, *, fail: bool = False) -> object:
    def work(connection: Connection) -> str:
        connection.exec_driver_sql("INSERT INTO things(name) VALUES (?)", (name,))
        if fail:
            raise Conflict("no")
        return name

    return work


async def names(db: Database) -> list[str]:
    return await db.read(
        lambda c: [row[0] for row in c.exec_driver_sql("SELECT name FROM things ORDER BY id")]
    )


async def test_it_syncs_every_commit(db: Database) -> None:
    level = await db.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar())
    mode = await db.read(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar())
    assert (level, mode) == (2, "wal")


async def test_a_writer_that_does_not_sync_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import marquee.engines.sql.database as module

    weak = tuple(p.replace("FULL", "NORMAL") for p in module.PRAGMAS)
    monkeypatch.setattr(module, "PRAGMAS", weak)
    database = await Database.open(f"sqlite:///{tmp_path}/weak.db", migrations=MIGRATIONS)
    with pytest.raises(Unavailable, match="FULL"):
        await database.write(add("x"))
    await database.close()


async def test_what_queues_up_is_committed_together(db: Database) -> None:
    await asyncio.gather(*(db.write(add(str(n))) for n in range(200)))
    assert sorted(await names(db), key=int) == [str(n) for n in range(200)]
    assert db.generation < 200


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_failing_write_is_undone_alone(tmp_path: Path, plan: list[bool]) -> None:
    async def scenario() -> None:
        path = tmp_path / f"{os.urandom(6).hex()}.db"
        db = await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS)
        results = await asyncio.gather(
            *(db.write(add(str(n), fail=fails)) for n, fails in enumerate(plan)),
            return_exceptions=True,
        )
        assert [isinstance(r, Conflict) for r in results] == plan
        assert await names(db) == [str(n) for n, fails in enumerate(plan) if not fails]
        await db.close()

    asyncio.run(scenario())


async def test_a_reader_never_writes(db: Database) -> None:
    with pytest.raises(Unavailable):
        await db.read(lambda c: c.exec_driver_sql("INSERT INTO things(name) VALUES ('x')"))


async def test_events_are_told_with_the_change_or_not_at_all(db: Database) -> None:
    def sell(connection: Connection, *, fail: bool) -> None:
        add("hat")(connection)  # type: ignore[operator]
        db.tell(connection, [Sold(thing="hat")])
        if fail:
            raise Conflict("no")

    with pytest.raises(Conflict):
        await db.write(lambda c: sell(c, fail=True))
    assert await db.last_place() == 0
    await db.write(lambda c: sell(c, fail=False))
    [sent] = await db.events_after(0, 10)
    assert (sent.key, sent.kind.rpartition(".")[2]) == ("hat", "Sold")
    assert await db.events_after(sent.place, 10) == []


async def test_an_event_is_heard_once(db: Database) -> None:
    def hear(connection: Connection, place: int) -> bool:
        return db.hear(connection, Heard("reviews", place, None))

    assert await db.write(lambda c: hear(c, 3))
    assert not await db.write(lambda c: hear(c, 3))
    assert not await db.write(lambda c: hear(c, 2))
    assert await db.write(lambda c: hear(c, 4))
    assert await db.heard_up_to("reviews") == 4
    assert await db.heard_up_to("accounts") == 0


async def test_a_place_is_not_kept_when_its_effect_fails(db: Database) -> None:
    def work(connection: Connection) -> None:
        db.hear(connection, Heard("reviews", 9, None))
        raise Conflict("no")

    with pytest.raises(Conflict):
        await db.write(work)
    assert await db.heard_up_to("reviews") == 0


async def test_a_key_is_kept_with_its_effect(db: Database) -> None:
    asked = Once("ada", "k1", "f", str)
    token = once.set(asked)
    try:
        about_to_save(42)
        await db.write(add("once"))
        await db.write(add("and more of the same request"))
    finally:
        once.reset(token)
    assert await db.find_once("ada", "k1") == ("f", "42")
    assert await db.find_once("bo", "k1") is None


async def test_a_key_used_meanwhile_undoes_the_effect(db: Database) -> None:
    for outcome in (None, Conflict):
        token = once.set(Once("ada", "k1", "f", str))
        try:
            if outcome is None:
                await db.write(add("first"))
            else:
                with pytest.raises(outcome):
                    await db.write(add("second"))
        finally:
            once.reset(token)
    assert await names(db) == ["first"]


async def test_old_events_are_forgotten_but_never_the_last(db: Database) -> None:
    from datetime import UTC, datetime, timedelta

    for thing in ("a", "b"):
        await db.write(lambda c, thing=thing: db.tell(c, [Sold(thing=thing)]))
    assert await db.forget(datetime.now(UTC) + timedelta(days=1)) == 1
    assert [sent.key for sent in await db.events_after(0, 10)] == ["b"]
    await db.write(lambda c: db.tell(c, [Sold(thing="c")]))
    assert [sent.place for sent in await db.events_after(0, 10)] == [2, 3]


async def test_another_programs_tables_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs(x)")
    other.close()
    with pytest.raises(Unavailable, match="another program"):
        await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS)


async def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("hello " * 1000)
    with pytest.raises(Unavailable, match="not a database"):
        await Database.open(f"sqlite:///{path}", migrations=MIGRATIONS)


async def test_another_scheme_is_refused() -> None:
    with pytest.raises(Invalid, match="sqlite"):
        await Database.open("oracle://x", migrations=MIGRATIONS)


async def test_tables_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newer.db"
    database = await Database.open(url, migrations=MIGRATIONS)
    await database.write(
        lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    )
    await database.close()
    with pytest.raises(Unavailable, match="newer"):
        await Database.open(url, migrations=MIGRATIONS)


async def test_a_full_disk_refuses_and_recovers(db: Database) -> None:
    await db.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 40"))
    big = "x" * 20_000
    answers = await asyncio.gather(*(db.write(add(big)) for _ in range(50)), return_exceptions=True)
    kept = len(await names(db))
    assert kept == answers.count(big)
    assert {type(answer) for answer in answers} >= {OutOfSpace}
    await db.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 4000"))
    await db.write(add("small"))
    assert len(await names(db)) == kept + 1


WRITER = """
import asyncio, sys
from marquee.engines.sql import Database

async def main():
    db = await Database.open(f"sqlite:///{sys.argv[1]}", migrations="tests.engines.shop")
    async def client(k):
        n = 0
        while True:
            name = f"{k}-{n}"
            await db.write(lambda c: c.exec_driver_sql("INSERT INTO things(name) VALUES (?)", (name,)))
            print(name, flush=True)
            n += 1
    await asyncio.gather(*(client(k) for k in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("after", [5, 60, 200])
def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path, after: int) -> None:
    path = tmp_path / "killed.db"
    writer = subprocess.Popen(  # noqa: S603 - our own text, on our own interpreter
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().strip() for _ in range(after)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    with sqlite3.connect(path) as left:
        found = [row[0] for row in left.execute("SELECT name FROM things")]
        [integrity] = left.execute("PRAGMA integrity_check").fetchone()
    left.close()
    whole = [name for name in acknowledged if "-" in name and name in set(found)]
    assert set(acknowledged[:after]) <= set(found)
    assert len(whole) >= len(acknowledged) - 1  # the last line may be cut
    assert len(found) == len(set(found))
    assert integrity == "ok"


async def test_queries_read_together_see_one_moment(db: Database) -> None:
    await db.write(add("one"))
    moments: list[list[int]] = []

    def count_twice(connection: Connection) -> None:
        query = "SELECT count(*) FROM things"
        first = connection.exec_driver_sql(query).scalar_one()
        other = sqlite3.connect(str(connection.engine.url.database))
        other.execute("INSERT INTO things(name) VALUES ('meanwhile')")
        other.commit()
        other.close()
        moments.append([first, connection.exec_driver_sql(query).scalar_one()])

    await db.read_together(count_twice)
    await db.read_in_thread(count_twice)
    assert moments == [[1, 1], [2, 2]]
    assert len(await names(db)) == 3


async def test_long_and_short_changes_keep_their_order(db: Database) -> None:
    await asyncio.gather(
        *(
            (db.write_in_thread if n % 3 == 0 else db.write)(add(str(n), fail=n % 5 == 0))
            for n in range(30)
        ),
        return_exceptions=True,
    )
    assert await names(db) == [str(n) for n in range(30) if n % 5]


async def test_a_short_change_runs_on_the_event_loop_and_a_long_one_does_not(db: Database) -> None:
    here = threading.get_ident()
    assert await db.write(lambda _: threading.get_ident()) == here
    assert await db.write_in_thread(lambda _: threading.get_ident()) != here


async def test_the_event_loop_goes_on_while_another_process_writes(
    db: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.gather(db.write(add("short")), db.write_in_thread(add("long")))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not waiting.done()
        other.execute("COMMIT")
        assert await waiting == ["short", "long"]


async def test_closing_finishes_what_was_asked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    db = await Database.open(url, migrations=MIGRATIONS)
    asked = [asyncio.create_task(db.write(add(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await db.close()
    assert await asyncio.gather(*asked) == [str(n) for n in range(50)]
    with pytest.raises(Unavailable, match="closing"):
        await db.write(add("late"))
