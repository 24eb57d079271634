"""A database on a server: reads on a few connections, writes in turn with other processes."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import marquee.engines.sql.spelling  # noqa: F401 - how our columns are spelled there
from marquee.engines.sql import raw
from marquee.engines.sql.database import Database
from marquee.engines.sql.inthread import TurnWriter, within
from marquee.engines.sql.migrate import all_of, bring_up, check_tables, is_current, version
from marquee.engines.sql.mysql import MySql
from marquee.engines.sql.postgresql import PostgreSql
from marquee.engines.sql.server import MIGRATING, READING, WRITING, Server
from marquee.engines.sql.troubles import RETRY_AFTER, is_lost, translated
from marquee.engines.sql.writable import unwritable
from marquee.kit.clock import Clock
from marquee.kit.errors import Invalid, Unavailable

T = TypeVar("T")
SERVERS: dict[str, Callable[[str], Server]] = {"postgresql": PostgreSql.at, "mysql": MySql.at}
READ_PATIENCE = 7
KNOCK = 0.9
"""Seconds in which a server that is there says hello to whoever comes."""
QUIET = 0.5
"""Seconds in which nobody knocks again at a server that did not let us in."""


class ServedDatabase(Database):
    """Reads and writes run in threads."""

    is_shared = True

    def __init__(self, server: Server, migrations: str, clock: Clock) -> None:
        super().__init__(clock, all_of(migrations, is_served=True))
        self._server = server
        self._reading, self._writing = server.engine(READING), server.engine(WRITING)
        self._threads = ThreadPoolExecutor(READING.size, thread_name_prefix="reader")
        self._quiet_until = self._heard_at = 0.0
        self._knocking: asyncio.Task[bool] | None = None
        self._writer = TurnWriter(
            server, lambda: self._connect(self._writing), self._committed, self._is_there
        )

    @classmethod
    async def start(cls, url: str, migrations: str, clock: Clock) -> Self:
        server = SERVERS[url.partition(":")[0]](url)
        if not server.address.name:
            raise Invalid(f"{server.address} names no database.")
        await asyncio.to_thread(migrate, server, migrations)
        return cls(server, migrations, clock)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._read(work)

    async def read_together(self, work: Callable[[Connection], T]) -> T:
        def at_once(connection: Connection) -> T:
            raw.run(connection, self._server.snapshot)
            try:
                return work(connection)
            finally:
                raw.run(connection, "ROLLBACK")

        return await self._read(at_once)

    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        return await self.read_together(work)

    async def check(self) -> None:
        why = await self.read(self._look)
        if why is not None:
            raise Unavailable(f"The store cannot be used: {why}.", retry_after=RETRY_AFTER)

    def _look(self, connection: Connection) -> str | None:
        raw.row(connection, self._looks_at_all)
        why = unwritable(connection)
        if why is not None:
            connection.invalidate()  # another server may answer to this name by now
        return why

    async def close(self) -> None:
        await self._writer.close()
        self._threads.shutdown()
        self._reading.dispose()
        self._writing.dispose()

    async def _read(self, work: Callable[[Connection], T]) -> T:
        held: list[Connection] = []
        try:
            return await within(
                READ_PATIENCE,
                self._threads.submit(self._twice, work, held),
                lambda: [self._server.cut(raw.driver_of(one)) for one in held],
                self._is_there,
            )
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error

    def _twice(self, work: Callable[[Connection], T], held: list[Connection]) -> T:
        """Once more on a new connection where the old one was lost."""
        try:
            return self._once(work, held)
        except (SQLAlchemyError, OSError) as error:
            if not is_lost(error):
                raise
            self._reading.dispose()
            return self._once(work, held)

    def _once(self, work: Callable[[Connection], T], held: list[Connection]) -> T:
        with self._connect(self._reading) as connection:
            held[:] = [connection]
            try:
                found = work(connection)
            except (SQLAlchemyError, OSError):
                with suppress(SQLAlchemyError):
                    connection.invalidate()
                raise
            finally:
                held.clear()
            self._heard_at = time.monotonic()
            return found

    async def _is_there(self) -> bool:
        """Whether the server answers anybody; all who wonder at a time are told by one look."""
        began = time.monotonic()
        if self._knocking is None or self._knocking.done():
            self._knocking = asyncio.create_task(asyncio.to_thread(self._server.answers, KNOCK))
        answers = await asyncio.shield(self._knocking)
        answers = answers or self._heard_at > began
        if not answers:
            self._quiet_until = time.monotonic() + QUIET
        return answers

    def _connect(self, engine: Engine) -> Connection:
        if time.monotonic() < self._quiet_until:
            raise Unavailable("The store does not answer.", retry_after=RETRY_AFTER)
        try:
            return engine.connect()
        except (DBAPIError, OSError):
            self._quiet_until = time.monotonic() + QUIET
            raise


def migrate(server: Server, package: str) -> None:
    """Bring the tables up to date; a second process waits meanwhile."""
    engine = server.engine(MIGRATING)
    try:
        with engine.connect() as connection:
            _make_ready(server, connection, package)
    except Unavailable as error:
        raise Unavailable(f"{server.address} cannot be opened: {error.detail}") from None
    except (DBAPIError, OSError, RuntimeError) as error:
        why = server.refusal(error)
        raise Unavailable(f"{server.address} cannot be opened: {why}") from None
    finally:
        engine.dispose()


def _make_ready(server: Server, connection: Connection, package: str) -> None:
    lack = server.lacks(connection)
    if lack:
        raise Unavailable(lack)
    _claim(connection, package)
    if not is_current(connection, package):
        _bring_up(server, connection, package)
    check_tables(connection, package)


def _bring_up(server: Server, connection: Connection, package: str) -> None:
    if not server.lock(connection, seconds=MIGRATING.lock):
        raise Unavailable("another process is changing its tables")
    _claim(connection, package)
    bring_up(connection, package, server.steps)
    raw.run(connection, "UPDATE turn SET owner = ? WHERE owner = ''", (package,))


def _claim(connection: Connection, package: str) -> None:
    """Each context has a database of its own."""
    if version(connection) is None:
        return
    if "turn" not in inspect(connection).get_table_names():  # others, too, use alembic
        raise Unavailable("it holds another program's tables, or not all of ours")
    found = raw.row(connection, "SELECT owner FROM turn WHERE id = 1")
    if found is None or found[0] not in {"", package}:
        raise Unavailable("it holds the tables of another context")
