"""Look at a SQLite file, in use or not, and leave no trace beside it."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DatabaseError

from marquee.engines.sql import raw
from marquee.engines.sql.look.tables import tables
from marquee.engines.sql.sqlite import SYNCHRONOUS_FULL, sqlite_path
from marquee.kit.findings import Finding, ok, warning, wrong

T = TypeVar("T")
MAGIC = b"SQLite format 3\0"
HEADER, WAL_AT, WAL = 100, 18, b"\2\2"
OTHERS = 0o077
LONGEST_LOOK = 2.0
"""Seconds that a file is read for; a larger one is looked at in part."""
OPCODES = 10_000
MIB = 1024**2
RESTORE = "Stop Marquee, keep the file aside, and bring one back from a backup."


class File:
    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def at(cls, url: str) -> Self:
        return cls(sqlite_path(url).absolute())

    async def examine(self, migrations: str) -> tuple[list[Finding], bool]:
        """What was found, and whether its tables can be read."""
        return await asyncio.to_thread(self._examine, migrations)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._read, work)

    async def close(self) -> None:
        """Nothing is held open."""

    def _examine(self, migrations: str) -> tuple[list[Finding], bool]:
        try:
            if not self._path.exists():
                return [self._missing()], False
            header = self._header()
        except OSError as error:
            advice = "Let the user who runs Marquee read and write it."
            return [wrong("file", f"it cannot be read: {error.strerror}", advice)], False
        if header and not header.startswith(MAGIC):
            return [wrong("file", "it is not a SQLite database", RESTORE)], False
        try:
            inside, is_readable = self._read(lambda one: _inside(one, header, migrations))
        except (DatabaseError, sqlite3.Error):
            return [wrong("whole", "it cannot be read as a SQLite database", RESTORE)], False
        return [self._file(), *inside], is_readable

    def _missing(self) -> Finding:
        if any(self._path.parent.glob("*.db")):
            detail = "not there, though other databases are"
            return warning("file", detail, "Start Marquee to make it, or bring back what was lost.")
        return ok("file", "not there yet: the first start makes it")

    def _header(self) -> bytes:
        with self._path.open("rb") as file:
            return file.read(HEADER)

    def _file(self) -> Finding:
        about = self._path.stat()
        size = about.st_size
        detail = f"{size / MIB:,.0f} MiB" if size >= MIB else f"{size / 1024:,.0f} KiB"
        if about.st_mode & OTHERS:
            return warning("file", f"{detail}, open to other users", f"chmod 600 {self._path}")
        return ok("file", detail)

    def _read(self, work: Callable[[Connection], T]) -> T:
        """As it lies there where nobody has it open, for then reading would leave files behind."""
        log = self._path.with_name(f"{self._path.name}-wal")
        if not log.exists():
            found = self._read_by("mode=ro&immutable=1", work)
            if not log.exists():
                return found  # else somebody began to write meanwhile
        return self._read_by("mode=ro", work)

    def _read_by(self, how: str, work: Callable[[Connection], T]) -> T:
        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                f"{self._path.as_uri()}?{how}", uri=True, timeout=1, isolation_level=None
            )

        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return work(connection)


def _inside(connection: Connection, header: bytes, migrations: str) -> tuple[list[Finding], bool]:
    found, is_readable = tables(connection, migrations)
    return [_version(), _durability(connection, header), _whole(connection), found], is_readable


def _version() -> Finding:
    return ok("version", f"SQLite {sqlite3.sqlite_version}")


def _durability(connection: Connection, header: bytes) -> Finding:
    raw.run(connection, "PRAGMA synchronous=FULL")
    level = (raw.row(connection, "PRAGMA synchronous") or (0,))[0]
    if int(level) < SYNCHRONOUS_FULL:
        return wrong("durability", "this SQLite cannot sync commits", "Use another SQLite.")
    if header and header[WAL_AT : WAL_AT + 2] != WAL:
        advice = "Start Marquee: it changes the journal when it opens the file."
        return warning("durability", "the journal is not a write-ahead log", advice)
    return ok("durability", "journal WAL, synchronous FULL")


def _whole(connection: Connection) -> Finding:
    until = time.monotonic() + LONGEST_LOOK
    driver: Any = raw.driver_of(connection)
    driver.set_progress_handler(lambda: time.monotonic() > until, OPCODES)
    try:
        answers = [row[0] for row in driver.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        return ok("whole", f"as far as {LONGEST_LOOK:.0f} s of reading went")
    finally:
        driver.set_progress_handler(None, 0)
    if answers != ["ok"]:
        return wrong("whole", "pages of it are damaged", RESTORE)
    return ok("whole", "every page was looked at")
