"""MariaDB and MySQL, by PyMySQL."""

import hashlib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, Self

from sqlalchemy import Connection, Engine, event, inspect

from marquee.engines.address import Address, driver
from marquee.engines.sql import raw
from marquee.engines.sql.migrate import Steps
from marquee.engines.sql.server import CONNECT, MIGRATING, Server, Session
from marquee.engines.sql.spelling import plain_collation
from marquee.engines.sql.troubles import code_of
from marquee.kit.errors import Invalid, Unavailable

PORT = 3306
OLDEST_MARIADB = (10, 6)
OLDEST_MYSQL = (8, 0)
IN_TRANSACTION = 1
SLACK = 2
"""Seconds more than a server takes to give up by itself."""
NOBODY = {2003, 2006, 2013}
"""What the driver says when it heard nothing."""
WHY = {
    1045: "it refuses this user or password",
    1698: "it refuses this user or password",
    1044: "it has no such database, or not for this user",
    1049: "it has no such database, or not for this user",
    1040: "it has no connection free",
    1021: "its disk is full",
    1114: "its disk is full",
    1142: "this user may not make tables there",
    1290: "it only reads: name the primary",
    1836: "it only reads: name the primary",
    2003: "it does not answer",
    2013: "it does not answer",
}


class MarkedSteps(Steps):
    """MySQL commits with every change of a table: a mark says that a step is not whole yet."""

    name: ClassVar[str] = "migrating"

    @contextmanager
    def one(self, connection: Connection) -> Iterator[None]:
        yield
        raw.run(connection, f"DROP TABLE IF EXISTS {self.name}")

    def begun(self, connection: Connection, revision: str) -> None:
        raw.run(connection, f"CREATE TABLE {self.name} (revision VARCHAR(32) NOT NULL)")
        raw.run(connection, f"INSERT INTO {self.name} (revision) VALUES (?)", (revision,))  # noqa: S608 - our own name

    def mend(self, connection: Connection, current: str | None, first: str) -> None:
        """The first step held nothing of anybody's yet, and is begun anew."""
        tables = inspect(connection).get_table_names()
        if self.name not in tables:
            return
        found = raw.row(connection, f"SELECT revision FROM {self.name}")  # noqa: S608 - the same
        if found is None or found[0] == current:
            tables = [self.name]
        elif found[0] != first:
            raise Unavailable(
                f"half-migrated: step {found[0]} was interrupted; restore what was there before it"
            )
        raw.run(connection, "SET foreign_key_checks = 0")
        for table in sorted(tables, key=lambda table: table == self.name):
            raw.run(connection, f'DROP TABLE "{table}"')
        raw.run(connection, "SET foreign_key_checks = 1")


class MySql(Server):
    dialect = "mysql+pymysql"
    snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT"
    turn = ("BEGIN", "SELECT id FROM turn WHERE id = 1 FOR UPDATE", "SAVEPOINT wish")
    next_wish = "SAVEPOINT wish"
    steps = MarkedSteps()

    @classmethod
    def at(cls, url: str) -> Self:
        driver("pymysql", extra="mysql")
        address = Address.read(url, scheme="mysql", port=PORT)
        if len(address.hosts) > 1:
            raise Invalid("It takes one host.")
        return cls(address)

    def arguments(self, session: Session) -> dict[str, Any]:
        at = self.address
        given = {
            "host": at.host,
            "port": at.port,
            "database": at.name,
            "user": at.user,
            "password": at.password or "",
            "charset": "utf8mb4",
            "connect_timeout": CONNECT,
            "read_timeout": CONNECT,
            "write_timeout": session.statement + SLACK if session.statement else None,
        }
        if at.is_encrypted:
            given["ssl"] = ssl.create_default_context(cafile=at.ca)
        return given

    def prepare(self, engine: Engine, session: Session) -> None:
        def say(connection: Any, _record: Any) -> None:
            # It waits as long for the greeting as for an answer, which may take longer.
            connection._read_timeout = session.statement + SLACK if session.statement else None  # noqa: SLF001
            version = connection.get_server_info()
            with connection.cursor() as cursor:
                for text in _said(session, is_mariadb="mariadb" in version.lower()):
                    cursor.execute(text)

        event.listen(engine, "connect", say)

    def refusal(self, error: BaseException) -> str:
        if isinstance(error, RuntimeError):
            return str(error)  # a package that the driver lacks
        code = code_of(error)
        text = "it could not agree with it on TLS" if "SSL" in str(error) else f"it says {code}"
        return WHY.get(code, text) if isinstance(code, int) else text

    def lacks(self, connection: Connection) -> str | None:
        sql = "SELECT version(), @@innodb_flush_log_at_trx_commit"
        version, flush = raw.row(connection, sql) or ("", 0)
        numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        oldest = OLDEST_MARIADB if "mariadb" in version.lower() else OLDEST_MYSQL
        if numbers < oldest:
            return "it is too old: MariaDB 10.6 or MySQL 8 are the oldest that will do"
        if int(flush) != 1:
            return "it does not sync its commits: innodb_flush_log_at_trx_commit must be 1"
        return None

    def lock(self, connection: Connection, *, seconds: int) -> bool:
        name = hashlib.blake2b(self.address.name.encode(), digest_size=16).hexdigest()
        found = raw.row(connection, "SELECT get_lock(?, ?)", (f"marquee {name}", seconds))
        return found is not None and found[0] == 1

    def answers(self, seconds: float) -> bool:
        """By signing in: whoever hangs up on its greeting too often is not let in any more."""
        given = self.arguments(MIGRATING) | {"connect_timeout": seconds, "read_timeout": seconds}
        try:
            driver("pymysql", extra="mysql").connect(**given).close()
        except driver("pymysql.err", extra="mysql").MySQLError as error:
            return error.args[0] not in NOBODY
        return True

    def is_whole(self, driver: Any) -> bool:
        return bool(driver.server_status & IN_TRANSACTION)

    def cut(self, driver: Any) -> None:
        with suppress(OSError, AttributeError):
            driver._sock.shutdown(socket.SHUT_RDWR)  # noqa: SLF001 - it has no door for that


def _said(session: Session, *, is_mariadb: bool) -> list[str]:
    level = "READ COMMITTED" if session.writes else "REPEATABLE READ, READ ONLY"
    settings: dict[str, Any] = {
        "sql_mode": "'TRADITIONAL'",
        "time_zone": "'+00:00'",
        "innodb_lock_wait_timeout": session.lock,
        "lock_wait_timeout": session.lock,
        **(
            {"max_statement_time": session.statement, "idle_transaction_timeout": session.idle}
            if is_mariadb
            else {"max_execution_time": session.statement * 1000}
        ),
    }
    return [
        f"SET NAMES utf8mb4 COLLATE {plain_collation(is_mariadb=is_mariadb)}",
        "SET SESSION " + ", ".join(f"{name} = {value}" for name, value in settings.items()),
        f"SET SESSION TRANSACTION ISOLATION LEVEL {level}",
    ]
