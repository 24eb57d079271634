"""PostgreSQL, by psycopg."""

import os
import re
import socket
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from marquee.engines.address import Address, driver
from marquee.engines.sql import raw
from marquee.engines.sql.migrate import Steps
from marquee.engines.sql.server import CONNECT, Server, Session
from marquee.engines.sql.troubles import code_of

PORT = 5432
OLDEST = 130_000
LOCK = 0x6D617271_75656500
"""Advisory, for migrations: any number that nobody else takes."""
IN_TRANSACTION = 2
DO_YOU_SPEAK_TLS = bytes.fromhex("00000008 04d2162f")
"""The shortest question of its protocol; the answer is one letter."""
REFUSED = re.compile(
    r"authentication|no password supplied|pg_hba|role .* does not exist|not permitted to log in"
)
WHY = {
    "25006": "it only reads: name the primary",
    "3F000": "this user may not make tables there",
    "42501": "this user may not make tables there",
    "53100": "its disk is full",
    "53300": "it has no connection free",
}
ANOTHER_LANGUAGE = re.compile(r"invalid response to|expected authentication request")
NO_DATABASE = re.compile(r"database .* does not exist|permission denied for database")


class PostgreSql(Server):
    dialect = "postgresql+psycopg"
    snapshot = "BEGIN"
    turn = ("BEGIN; SELECT id FROM turn WHERE id = 1 FOR UPDATE; SAVEPOINT wish",)
    next_wish = "RELEASE SAVEPOINT wish; SAVEPOINT wish"
    steps = Steps()

    @classmethod
    def at(cls, url: str) -> Self:
        driver("psycopg", extra="postgresql")
        return cls(Address.read(url, scheme="postgresql", port=PORT))

    def arguments(self, session: Session) -> dict[str, Any]:
        at = self.address
        given: dict[str, Any] = {
            "host": ",".join(host for host, _ in at.hosts),
            "port": ",".join(str(port) for _, port in at.hosts),
            "dbname": at.name,
            "user": at.user,
            "password": at.password,
            "connect_timeout": CONNECT,
            "tcp_user_timeout": CONNECT * 1000,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "client_encoding": "utf8",
            "application_name": "marquee",
            "options": " ".join(f"-c {name}={value}" for name, value in _said(session).items()),
        }
        if len(at.hosts) > 1:
            given["target_session_attrs"] = "read-write"
        if at.is_encrypted:
            given |= {"sslmode": "verify-full", "sslrootcert": at.ca or "system"}
        return {name: value for name, value in given.items() if value is not None}

    def prepare(self, engine: Engine, session: Session) -> None:
        """All of it is said while connecting."""

    def refusal(self, error: BaseException) -> str:
        text = str(getattr(error, "orig", error))
        if REFUSED.search(text):
            return "it refuses this user or password"
        if NO_DATABASE.search(text):
            return "it has no such database, or not for this user"
        if ANOTHER_LANGUAGE.search(text):
            return "what answers there is not PostgreSQL"
        if re.search("SSL|certificate", text):
            return "it could not agree with it on TLS"
        if code_of(error) is None and isinstance(error, OperationalError):
            return "it does not answer"
        code = code_of(error)
        return WHY.get(code, f"it says {code}") if isinstance(code, str) else f"it says {code}"

    def lacks(self, connection: Connection) -> str | None:
        names = ("server_version_num", "server_encoding", "fsync")
        said = ", ".join(f"current_setting('{name}')" for name in names)
        found = raw.row(connection, f"SELECT {said}")
        version, encoding, fsync = found or ("0", "", "")
        if int(version) < OLDEST:
            return "it is too old: PostgreSQL 13 is the oldest that will do"
        if encoding != "UTF8":
            return f"its text is in {encoding}: make the database with ENCODING 'UTF8'"
        return None if fsync == "on" else "it does not sync its commits: fsync must be on"

    def lock(self, connection: Connection, *, seconds: int) -> bool:
        raw.run(connection, f"SET lock_timeout = {seconds * 1000}")
        try:
            raw.row(connection, "SELECT pg_advisory_lock(?)", (LOCK,))
        except OperationalError as error:
            if code_of(error) == "55P03":
                return False
            raise
        return True

    def answers(self, seconds: float) -> bool:
        return any(_answers(host, port, seconds) for host, port in self.address.hosts)

    def is_whole(self, driver: Any) -> bool:
        return bool(driver.info.transaction_status == IN_TRANSACTION)

    def cut(self, driver: Any) -> None:
        with socket.socket(fileno=os.dup(driver.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)


def _answers(host: str, port: int, seconds: float) -> bool:
    try:
        with socket.create_connection((host, port), timeout=seconds) as line:
            line.sendall(DO_YOU_SPEAK_TLS)
            return bool(line.recv(1))
    except OSError:
        return False


def _said(session: Session) -> dict[str, str | int]:
    return {
        "timezone": "UTC",
        **({} if session.looks else {"synchronous_commit": "on"}),
        "default_transaction_isolation": (
            r"read\ committed" if session.writes else r"repeatable\ read"
        ),
        "default_transaction_read_only": "off" if session.writes else "on",
        "statement_timeout": session.statement * 1000,
        "lock_timeout": session.lock * 1000,
        "idle_in_transaction_session_timeout": session.idle * 1000,
    }
