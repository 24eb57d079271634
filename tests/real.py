"""Real engines for tests: where they are. `make engines` starts them and writes down where."""

import atexit
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

from marquee.engines.address import Address

NOTED = Path(os.environ.get("MARQUEE_TEST_ENGINES", ".engines/urls.json"))
NOT_RUNNING = re.compile(r"cannot run the test: (\w+) is not running")
"""Which engine a test was left out for."""


@cache
def _noted() -> dict[str, str]:
    """URLs by engine's name, such as `postgresql`, as `make engines` wrote them."""
    found: dict[str, str] = json.loads(NOTED.read_text("utf-8")) if NOTED.exists() else {}
    return found


def real(engine: str) -> str:
    """The URL of a running `engine`; the test is left out where there is none, but not under CI.

    `MARQUEE_TEST_MONGODB_URL` and its like name another one than `make engines` started.
    """
    url = os.environ.get(f"MARQUEE_TEST_{engine.upper()}_URL") or _noted().get(engine)
    if url is None:
        left_out(engine)
    return url


def left_out(engine: str) -> NoReturn:
    """The test cannot be had without this engine here, and under CI that is a fault."""
    cannot_be_had(f"{engine} is not running: make engines")


def cannot_be_had(why: str) -> NoReturn:
    """`why` names what this machine lacks and the command that brings it.

    Nothing stands for an engine in its tests, so without it there is nothing to run. What decides
    over a change runs with CI=true, where the same is a failure.
    """
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(
        reason=f"This machine cannot run the test: {why}. With CI=true this is a failure, not a skip."
    )


def on(*engines: str) -> list[object]:
    """Parameters of a fixture that opens a store on each of these; `sqlite` is always there."""
    embedded = {"sqlite", "memory", "tantivy"}
    return [
        engine if engine in embedded else pytest.param(engine, marks=pytest.mark.engine)
        for engine in engines
    ]


@contextmanager
def fresh(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of its own on `engine`, which is gone afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / f'{secrets.token_hex(4)}.db'}"
        return
    url = real(engine)
    name = SPARE.pop() if engine == "postgresql" and SPARE else _made(url)
    here = url.rpartition("/")[0] + f"/{name}"
    try:
        yield here
    finally:
        if engine == "postgresql":  # making one takes it much longer than emptying one
            ask(here, EMPTY)
            SPARE.append(name)
        else:
            ask(url, f"DROP DATABASE {name}")


SPARE: list[str] = []
EMPTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid();"
    " DROP SCHEMA public CASCADE; CREATE SCHEMA public"
)


def _made(url: str) -> str:
    name = f"marquee_test_{secrets.token_hex(6)}"
    ask(url, f"CREATE DATABASE {name}")
    return name


@atexit.register
def _drop_spare() -> None:
    for name in SPARE:
        ask(real("postgresql"), f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What a database on a server answers to somebody who is not ours."""
    if url.startswith("postgresql"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as one:
            cursor: Any = one.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []
    import pymysql

    at = Address.read(url, scheme="mysql", port=3306)
    with closing(
        pymysql.connect(
            host=at.host,
            port=at.port,
            user=at.user,
            password=at.password or "",
            database=at.name,
            autocommit=True,
        )
    ) as other:
        cursor = other.cursor()
        cursor.execute(sql)
        return list(cursor.fetchall())
