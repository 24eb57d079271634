"""A table that is gone is noticed: at a start, while it runs, and by the doctor."""

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import inspect
from tests.real import ask, fresh

from marquee.engines.sql import Database
from marquee.engines.sql.look import look
from marquee.engines.sql.migrate import names_of
from marquee.kit.errors import Unavailable

ENGINES = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.engine),
    pytest.param("mariadb", marks=pytest.mark.engine),
]
CONTEXTS = ("accounts", "auth", "catalog", "reviews", "search")
PACKAGES = [
    *(f"marquee.contexts.{name}.migrations" for name in CONTEXTS),
    "marquee.engines.queue.migrations",
    "marquee.app.parked.migrations",
]


def drop(url: str, table: str) -> None:
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute(f"DROP TABLE {table}")
    else:
        ask(url, f"DROP TABLE {table}")


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("engine", ENGINES)
async def test_a_lost_table_is_noticed(engine: str, package: str, tmp_path: Path) -> None:
    with fresh(engine, tmp_path) as url:
        database = await Database.open(url, migrations=package)
        wanted = names_of(package, is_served=database.is_shared)
        there = await database.read(lambda connection: set(inspect(connection).get_table_names()))
        assert there - {"sqlite_sequence"} == wanted
        await database.check()
        own = import_module(package).TABLES
        lost = own[-1] if own else "once"
        drop(url, lost)
        with pytest.raises(Unavailable, match="lacks a table"):
            await database.check()
        await database.close()
        found = await look(url, migrations=package)
        [tables] = [one for one in found.findings if one.what == "tables"]
        assert (tables.state, lost in tables.detail) == ("wrong", True)
        if found.close is not None:
            await found.close()
        with pytest.raises(Unavailable, match=f"has lost {lost}"):
            await Database.open(url, migrations=package)
