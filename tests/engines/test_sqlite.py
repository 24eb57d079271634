"""What is SQLite's own: a file, its syncs, what runs on the event loop."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.engines.things import MIGRATIONS, add, names

from marquee.engines.sql import Database
from marquee.kit.errors import OutOfSpace, Unavailable


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{tmp_path}/shop.db", migrations=MIGRATIONS)
    yield database
    await database.close()


async def test_it_syncs_every_commit(db: Database) -> None:
    level = await db.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar())
    mode = await db.read(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar())
    assert (level, mode) == (2, "wal")


async def test_a_writer_that_does_not_sync_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import marquee.engines.sql.sqlite as module

    weak = tuple(p.replace("FULL", "NORMAL") for p in module.PRAGMAS)
    monkeypatch.setattr(module, "PRAGMAS", weak)
    database = await Database.open(f"sqlite:///{tmp_path}/weak.db", migrations=MIGRATIONS)
    with pytest.raises(Unavailable, match="FULL"):
        await database.write(add("x"))
    await database.close()


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
