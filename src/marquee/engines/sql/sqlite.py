"""A database in a file: reads inline, short writes on the event loop."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from marquee.engines.sql import raw
from marquee.engines.sql.database import Database
from marquee.engines.sql.migrate import all_of, migrate
from marquee.engines.sql.onloop import LoopWriter
from marquee.engines.sql.troubles import translated
from marquee.kit.clock import Clock
from marquee.kit.errors import Invalid, Unavailable

T = TypeVar("T")
SYNCHRONOUS_FULL = 2
CACHE_KIB = 4096
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    f"PRAGMA cache_size=-{CACHE_KIB}",
    "PRAGMA temp_store=MEMORY",
)


class SqliteDatabase(Database):
    """`read` runs where it is called."""

    is_shared = False

    def __init__(self, engine: Engine, path: Path, migrations: str, clock: Clock) -> None:
        super().__init__(clock, all_of(migrations, is_served=False))
        self._engine = engine
        self._path = path.absolute()
        found = path.stat()
        self._inode = (found.st_dev, found.st_ino)
        self._reader = _opened(engine)
        self._reader.exec_driver_sql("PRAGMA query_only=ON")
        self._writer = LoopWriter(self._writing, self._committed)

    @classmethod
    async def start(cls, url: str, migrations: str, clock: Clock) -> Self:
        path = sqlite_path(url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(
                f"sqlite:///{path}",
                connect_args={"check_same_thread": False, "isolation_level": None},
                hide_parameters=True,  # an error is logged, and they may be somebody's secrets
            )
            event.listen(engine, "connect", _prepare)
            await asyncio.to_thread(migrate, engine, migrations)
            return cls(engine, path, migrations, clock)
        except Unavailable as error:
            raise Unavailable(f"{path} cannot be opened: {error.detail}") from None
        except (DatabaseError, OSError) as error:
            raise Unavailable(f"{path} cannot be opened: {_first_line(error)}") from error

    async def read(self, work: Callable[[Connection], T]) -> T:
        try:
            return work(self._reader)
        except DatabaseError as error:
            raise translated(error) from error

    async def read_together(self, work: Callable[[Connection], T]) -> T:
        def at_once(connection: Connection) -> T:
            raw.run(connection, "BEGIN")
            try:
                return work(connection)
            finally:
                raw.run(connection, "COMMIT")

        return await self.read(at_once)

    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._engine.connect() as connection:
                raw.run(connection, "BEGIN")
                return work(connection)

        try:
            return await asyncio.to_thread(run)
        except DatabaseError as error:
            raise translated(error) from error

    async def check(self) -> None:
        """Unavailable too when its file is not the one we opened.

        An open file outlives its name: what is written to it then is lost with this process.
        """
        try:
            await asyncio.to_thread(self._look)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(
                "The store cannot be read, or lacks a table.", retry_after=2
            ) from error

    def _look(self) -> None:
        found = self._path.stat()
        if (found.st_dev, found.st_ino) != self._inode:
            raise Unavailable("The store's file was replaced.", retry_after=2)
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute(self._looks_at_all).fetchone()

    async def close(self) -> None:
        await self._writer.close()
        self._reader.close()
        self._engine.dispose()

    def _writing(self) -> Connection:
        connection = _opened(self._engine)
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if level is None or int(level) < SYNCHRONOUS_FULL:
            raise Unavailable("The store does not sync its commits: synchronous must be FULL.")
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        return connection


def sqlite_path(url: str) -> Path:
    """`sqlite:////data/reviews.db` -> the path; Invalid for anything else."""
    scheme, colon, rest = url.partition(":///")
    if scheme != "sqlite" or not colon or not rest:
        raise Invalid(f"This store takes sqlite:///PATH, not {scheme}:.")
    return Path(rest)


def _opened(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _prepare(connection: Any, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
