"""Sessions in a SQL database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from marquee.contexts.auth.model.sessions import Exchange, Session
from marquee.engines.sql import SqlStore, raw, spine_tables
from marquee.kit.clock import moment, rfc3339
from marquee.kit.events import Event, Heard

TABLES = MetaData()
spine_tables(TABLES)
SESSIONS = Table(
    "sessions",
    TABLES,
    Column("id", String(26), primary_key=True),
    Column("account_id", String(26), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("turned_at", String(32), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("last_seen_at", String(32), nullable=False),
    Column("user_agent", String(200), nullable=False),
    Column("address", String(64), nullable=False),
)
TIMES = ("turned_at", "created_at", "last_seen_at")
ORDER = (
    "id, account_id, kind, epoch, digest, turn, turned_at, created_at, last_seen_at, "
    "user_agent, address"
)
BY_ID = f"SELECT {ORDER} FROM sessions WHERE id = ?"  # noqa: S608 - our own column names
BY_DIGEST = f"SELECT {ORDER} FROM sessions WHERE digest = ?"  # noqa: S608 - the same


class SqlSessionStore(SqlStore):
    migrations = "marquee.contexts.auth.migrations"

    async def start(self, session: Session, most: int, events: Sequence[Event]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(insert(SESSIONS).values(_row(session)))
            oldest_last = SESSIONS.c.last_seen_at.desc()
            query = (
                select(SESSIONS.c.id)
                .where(SESSIONS.c.account_id == session.account_id, SESSIONS.c.id != session.id)
                .order_by(oldest_last, SESSIONS.c.id.desc())
                .offset(most - 1)
            )
            excess = list(connection.scalars(query))
            self._end(connection, SESSIONS.c.id.in_(excess), "displaced")
            self._db.tell(connection, events)

        await self._db.write(work)

    async def find(self, session_id: str) -> Session | None:
        """Asked on every request with a token."""
        return await self._db.read(lambda connection: _one(connection, BY_ID, session_id))

    async def find_by_digest(self, digest: str) -> Session | None:
        """Asked on every request with a cookie."""
        return await self._db.read(lambda connection: _one(connection, BY_DIGEST, digest))

    async def of_account(self, account_id: str) -> list[Session]:
        those = SESSIONS.c.account_id == account_id
        return await self._db.read(lambda connection: _all(connection, those))

    async def exchange(
        self, session_id: str, how: Callable[[Session], Exchange]
    ) -> Exchange | None:
        this = SESSIONS.c.id == session_id

        def work(connection: Connection) -> Exchange | None:
            before = _one(connection, BY_ID, session_id)
            if before is None:
                return None
            done = how(before)
            if done.session is None:
                connection.execute(delete(SESSIONS).where(this))
            elif done.session != before:
                connection.execute(update(SESSIONS).where(this).values(_row(done.session)))
            self._db.tell(connection, done.events)
            return done

        return await self._db.write(work)

    async def end(self, session_id: str, reason: str, *, account_id: str | None = None) -> bool:
        those = SESSIONS.c.id == session_id
        if account_id is not None:
            those = and_(those, SESSIONS.c.account_id == account_id)
        return await self._db.write(lambda connection: self._end(connection, those, reason)) > 0

    async def keep_only(self, session_id: str, account_id: str, epoch: int, reason: str) -> None:
        this = and_(SESSIONS.c.id == session_id, SESSIONS.c.account_id == account_id)
        others = and_(SESSIONS.c.id != session_id, SESSIONS.c.account_id == account_id)

        def work(connection: Connection) -> None:
            connection.execute(update(SESSIONS).where(this).values(epoch=epoch))
            self._end(connection, others, reason)

        await self._db.write(work)

    async def end_heard(
        self,
        heard: Heard,
        account_id: str,
        reason: str,
        *,
        before_epoch: int | None = None,
        spared: Collection[str] = (),
    ) -> None:
        those = SESSIONS.c.account_id == account_id
        if before_epoch is not None:
            older = SESSIONS.c.epoch < before_epoch
            those = and_(those, older, SESSIONS.c.id.not_in(list(spared)))

        def work(connection: Connection) -> None:
            if self._db.hear(connection, heard):
                self._end(connection, those, reason)

        await self._db.write(work)

    async def seen(self, moments: Mapping[str, datetime]) -> None:
        def work(connection: Connection) -> None:
            for session_id, at in moments.items():
                this = and_(SESSIONS.c.id == session_id, SESSIONS.c.last_seen_at < rfc3339(at))
                connection.execute(update(SESSIONS).where(this).values(last_seen_at=rfc3339(at)))

        if moments:
            await self._db.write(work)

    async def end_unused(self, seen_before: datetime, created_before: datetime) -> int:
        those = or_(
            SESSIONS.c.last_seen_at <= rfc3339(seen_before),
            SESSIONS.c.created_at <= rfc3339(created_before),
        )
        return await self._db.write(lambda connection: self._end(connection, those, "expired"))

    def _end(self, connection: Connection, those: ColumnElement[bool], reason: str) -> int:
        """How many; each is told of."""
        ended = _all(connection, those)
        if ended:
            connection.execute(delete(SESSIONS).where(those))
            self._db.tell(connection, [session.ended(reason) for session in ended])
        return len(ended)


def _one(connection: Connection, query: str, key: str) -> Session | None:
    row = raw.row(connection, query, (key,))
    return _session(row) if row else None


def _all(connection: Connection, those: ColumnElement[bool]) -> list[Session]:
    query = select(SESSIONS).where(those).order_by(SESSIONS.c.last_seen_at.desc(), SESSIONS.c.id)
    return [_session(row) for row in connection.execute(query)]


def _row(session: Session) -> dict[str, Any]:
    row = asdict(session)
    return row | {name: rfc3339(row[name]) for name in TIMES}


def _session(row: Any) -> Session:
    """The columns come in the order of `ORDER`."""
    return Session(
        id=row[0],
        account_id=row[1],
        kind=row[2],
        epoch=row[3],
        digest=row[4],
        turn=row[5],
        turned_at=moment(row[6]),
        created_at=moment(row[7]),
        last_seen_at=moment(row[8]),
        user_agent=row[9],
        address=row[10],
    )
