"""A database of one context: reads inline, writes by group commit."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError, IntegrityError

from marquee.engines.sql import raw, spine
from marquee.engines.sql.migrate import migrate
from marquee.engines.sql.writer import Writer, translated
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.errors import Conflict, Invalid, Unavailable
from marquee.kit.events import Event, Heard, Sent
from marquee.kit.once import once

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


class Database:
    """`read` runs where it is called; `write` returns once the change is durable."""

    def __init__(self, engine: Engine, path: Path, clock: Clock) -> None:
        self._engine = engine
        self._path = path.absolute()
        found = path.stat()
        self._inode = (found.st_dev, found.st_ino)
        self._clock = clock
        self._reader = _opened(engine)
        self._reader.exec_driver_sql("PRAGMA query_only=ON")
        self._writer = Writer(self._writing, self._committed)
        self._watchers: list[Callable[[], None]] = []
        self.generation = 0

    @classmethod
    async def open(cls, url: str, *, migrations: str, clock: Clock | None = None) -> Self:
        """Bring the tables up to date and open; Invalid when the file is not a database of ours."""
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
            return cls(engine, path, clock or SystemClock())
        except (DatabaseError, OSError) as error:
            raise Unavailable(f"{path} cannot be opened: {_first_line(error)}") from error

    async def read(self, work: Callable[[Connection], T]) -> T:
        """For a query of a few milliseconds at most; it runs on the event loop."""
        try:
            return work(self._reader)
        except DatabaseError as error:
            raise translated(error) from error

    async def read_together(self, work: Callable[[Connection], T]) -> T:
        """The same where several queries must see one moment, such as a page and its total."""

        def at_once(connection: Connection) -> T:
            raw.run(connection, "BEGIN")
            try:
                return work(connection)
            finally:
                raw.run(connection, "COMMIT")

        return await self.read(at_once)

    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        """For a query that may take longer; several see one moment."""

        def run() -> T:
            with self._engine.connect() as connection:
                raw.run(connection, "BEGIN")
                return work(connection)

        try:
            return await asyncio.to_thread(run)
        except DatabaseError as error:
            raise translated(error) from error

    async def write(self, work: Callable[[Connection], T]) -> T:
        """For a change of a few milliseconds at most; it runs on the event loop.

        When this returns, what it did survives a power cut.
        """
        return await self._write(work, long=False)

    async def write_in_thread(self, work: Callable[[Connection], T]) -> T:
        """For a change that may take longer; others wait for it, the event loop does not."""
        return await self._write(work, long=True)

    async def _write(self, work: Callable[[Connection], T], *, long: bool) -> T:
        asked = once.get()
        if asked is None or asked.kept:
            result: T = await self._writer.write(work, long=long)
            return result

        def both(connection: Connection) -> T:
            result = work(connection)
            try:
                spine.keep_once(connection, asked, self._clock.now())
            except IntegrityError:
                raise Conflict("A request with this Idempotency-Key has just been done.") from None
            return result

        result = await self._writer.write(both, long=long)
        asked.kept = True
        return result

    def tell(self, connection: Connection, events: Sequence[Event]) -> None:
        """Put `events` into the outbox, in the transaction of this write."""
        spine.tell(connection, events)

    def hear(self, connection: Connection, heard: Heard) -> bool:
        """True the first time; the place is kept in the transaction of this write."""
        return spine.hear(connection, heard)

    async def heard_up_to(self, source: str) -> int:
        return await self.read(lambda connection: spine.heard_up_to(connection, source))

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        return await self.read(lambda connection: spine.events_after(connection, place, limit))

    async def last_place(self) -> int:
        return await self.read(spine.last_place)

    async def forget(self, before: datetime) -> int:
        """Drop events and idempotency keys from before a moment; how many rows went."""
        return await self.write_in_thread(lambda connection: spine.forget(connection, before))

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        """The fingerprint and the answer kept for an Idempotency-Key."""
        return await self.read(lambda connection: spine.find_once(connection, who, key))

    def watch(self, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit."""
        self._watchers.append(wake)

    async def check(self) -> None:
        """Raises Unavailable when the store does not answer, or its file is not the one we opened.

        An open file outlives its name: what is written to it then is lost with this process.
        """
        try:
            await asyncio.to_thread(self._look)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable("The store cannot be read.", retry_after=2) from error

    def _look(self) -> None:
        found = self._path.stat()
        if (found.st_dev, found.st_ino) != self._inode:
            raise Unavailable("The store's file was replaced.", retry_after=2)
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("SELECT version_num FROM alembic_version").fetchone()

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

    def _committed(self) -> None:
        self.generation += 1
        for wake in self._watchers:
            wake()


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
