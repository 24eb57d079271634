"""Look at a database on a server."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from marquee.engines.sql import raw
from marquee.engines.sql.inthread import within
from marquee.engines.sql.look.settings import SETTINGS
from marquee.engines.sql.look.tables import tables
from marquee.engines.sql.served import SERVERS
from marquee.engines.sql.server import Server, Session
from marquee.engines.sql.troubles import translated
from marquee.engines.sql.writable import unmakable, unwritable
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.findings import Finding, clock, ok, wrong

T = TypeVar("T")
PATIENCE = 4
KNOCK = 1.0
LOOKING = Session(statement=3, lock=1, idle=10, size=2, writes=False, looks=True)
NOW = {
    "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
    "mysql": "SELECT utc_timestamp(6)",
}
ADVICE = {
    "it does not answer": "Start it, or correct the host and port in the URL.",
    "what answers there is not PostgreSQL": "Correct the host and port in the URL.",
    "it refuses this user or password": "Correct the user and password in the URL.",
    "it has no such database, or not for this user": "Create the database, and let the user in.",
}


class Served:
    def __init__(self, kind: str, server: Server) -> None:
        self._kind = kind
        self._server = server
        self._engine = server.engine(LOOKING)
        self._threads = ThreadPoolExecutor(LOOKING.size, thread_name_prefix="looking")

    @classmethod
    def at(cls, url: str) -> Self:
        kind = url.partition(":")[0]
        if kind not in SERVERS:
            raise Invalid(f"This store takes sqlite:, postgresql: or mysql:, not {kind}:.")
        server = SERVERS[kind](url)
        if not server.address.name:
            raise Invalid(f"{server.address} names no database.")
        return cls(kind, server)

    async def examine(self, migrations: str) -> tuple[Sequence[Finding], bool]:
        """What was found, and whether its tables can be read."""
        try:
            return await self._within(lambda connection: self._look(connection, migrations))
        except Unavailable:
            return [self._away("it does not answer")], False
        except (DBAPIError, OSError, RuntimeError) as error:
            return [self._away(self._server.refusal(error))], False

    async def read(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._within(work)
        except (DBAPIError, OSError) as error:
            raise translated(error) from error

    async def close(self) -> None:
        self._threads.shutdown(wait=False)
        await asyncio.to_thread(self._engine.dispose)

    async def _within(self, work: Callable[[Connection], T]) -> T:
        held: list[Connection] = []

        def run() -> T:
            with self._engine.connect() as connection:
                held[:] = [connection]
                try:
                    return work(connection)
                except BaseException:
                    connection.invalidate()
                    raise
                finally:
                    held.clear()

        def cut() -> None:
            for one in held:
                self._server.cut(raw.driver_of(one))

        async def is_there() -> bool:
            return await asyncio.to_thread(self._server.answers, KNOCK)

        return await within(PATIENCE, self._threads.submit(run), cut, is_there)

    def _look(self, connection: Connection, migrations: str) -> tuple[list[Finding], bool]:
        found = [ok("reachable", "it answers, and lets us in")]
        found += SETTINGS[self._kind](connection)
        asked = datetime.now(UTC)
        there: Any = (raw.row(connection, NOW[self._kind]) or (asked,))[0]
        found.append(clock(there.replace(tzinfo=UTC), asked, datetime.now(UTC)))
        place, is_readable = tables(connection, migrations)
        if place.state != "wrong" and all(one.what != "writable" for one in found):
            found += _writable(unwritable(connection) if is_readable else unmakable(connection))
        return [*found, place], is_readable

    def _away(self, why: str) -> Finding:
        return wrong("reachable", why, ADVICE.get(why, "Look at the server and its log."))


def _writable(why: str | None) -> list[Finding]:
    if why is None:
        return []
    advice = (
        "Let the user of the URL make, read and change all tables there, and the server take"
        " changes."
    )
    return [wrong("writable", why, advice)]
