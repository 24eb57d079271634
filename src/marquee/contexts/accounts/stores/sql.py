"""Accounts in a SQL database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from marquee.contexts.accounts.contract import Standing
from marquee.contexts.accounts.model.emails import folded_email
from marquee.contexts.accounts.model.members import Member, taken
from marquee.contexts.accounts.model.usernames import folded, look_of
from marquee.contexts.accounts.ports import Change, MemberQuestion
from marquee.contexts.accounts.stores.tables import ACCOUNTS, PLACES, as_member, as_row
from marquee.engines.sql import SqlStore, raw
from marquee.kit.clock import rfc3339
from marquee.kit.errors import Conflict, NotFound
from marquee.kit.events import Event

HASH_BY_NAME = "SELECT id, password_hash, epoch FROM accounts WHERE folded = ?"
HASH_BY_EMAIL = "SELECT id, password_hash, epoch FROM accounts WHERE folded_email = ?"
STANDING = "SELECT id, username, display_name, role, is_active, epoch FROM accounts WHERE id"


class SqlAccountStore(SqlStore):
    migrations = "marquee.contexts.accounts.migrations"
    tables = (ACCOUNTS, PLACES)

    async def add(self, member: Member, events: Sequence[Event]) -> None:
        def work(connection: Connection) -> None:
            try:
                connection.execute(insert(ACCOUNTS).values(as_row(member)))
            except IntegrityError:
                self._db.undo(connection)
                raise _taken(connection, member) from None
            self._db.tell(connection, events)

        await self._db.write(work)

    async def is_taken(self, *, username: str, email: str) -> str | None:
        return await self._db.read(lambda connection: _taken_field(connection, username, email))

    async def find(self, account_id: str) -> Member | None:
        return await self._db.read(lambda connection: _find(connection, account_id))

    async def find_by_login(self, login: str) -> Member | None:
        by_email = ACCOUNTS.c.folded_email == folded_email(login)
        this = by_email if "@" in login else ACCOUNTS.c.folded == folded(login)

        def work(connection: Connection) -> Member | None:
            row = connection.execute(select(ACCOUNTS).where(this)).first()
            return as_member(row) if row else None

        return await self._db.read(work)

    async def hash_of_login(self, login: str) -> tuple[str, str, int] | None:
        query, key = HASH_BY_NAME, folded(login)
        if "@" in login:
            query, key = HASH_BY_EMAIL, folded_email(login)
        row = await self._db.read(lambda connection: raw.row(connection, query, (key,)))
        return (row[0], row[1], row[2]) if row else None

    async def members(self, ids: Sequence[str]) -> dict[str, Member]:
        query = select(ACCOUNTS).where(ACCOUNTS.c.id.in_(list(ids)))
        return await self._db.read(
            lambda connection: {row.id: as_member(row) for row in connection.execute(query)}
        )

    async def standings(self, ids: Sequence[str]) -> dict[str, Standing]:
        """Asked on every request of a signed-in member."""
        if not ids:
            return {}
        those = "= ?" if len(ids) == 1 else f"IN ({','.join('?' * len(ids))})"
        rows = await self._db.read(
            lambda connection: raw.rows(connection, f"{STANDING} {those}", tuple(ids))
        )
        return {
            row[0]: Standing(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows
        }

    async def change(self, account_id: str, change: Change) -> Member:
        def work(connection: Connection) -> Member:
            before = _get(connection, account_id)
            after, events = change(before)
            if before.is_acting_admin and not after.is_acting_admin:
                _keep_an_admin(connection, account_id)
            try:
                connection.execute(
                    update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(as_row(after))
                )
            except IntegrityError:
                self._db.undo(connection)
                raise _taken(connection, after) from None
            self._db.tell(connection, events)
            return after

        return await self._db.write(work)

    async def remove(self, account_id: str, events: Sequence[Event]) -> None:
        def work(connection: Connection) -> None:
            if _get(connection, account_id).is_acting_admin:
                _keep_an_admin(connection, account_id)
            connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == account_id))
            self._db.tell(connection, events)

        await self._db.write(work)

    async def page(
        self, question: MemberQuestion, after: Sequence[Any] | None, offset: int, limit: int
    ) -> tuple[list[Member], int]:
        those = _those(question)
        column = ACCOUNTS.c.created_at if "created_at" in question.sort else ACCOUNTS.c.folded
        descends = question.sort.startswith("-")
        query = select(ACCOUNTS).where(those)
        if after is not None:
            place = tuple_(column, ACCOUNTS.c.id)
            query = query.where(place < tuple_(*after) if descends else place > tuple_(*after))
        order = [key.desc() if descends else key.asc() for key in (column, ACCOUNTS.c.id)]
        query = query.order_by(*order).offset(offset).limit(limit)

        def work(connection: Connection) -> tuple[list[Member], int]:
            count = connection.scalar(select(func.count()).select_from(ACCOUNTS).where(those))
            return [as_member(row) for row in connection.execute(query)], count or 0

        return await self._db.read_in_thread(work)

    async def is_familiar(self, account_id: str, mark: str) -> bool:
        query = select(PLACES.c.seen_at).where(
            PLACES.c.account_id == account_id, PLACES.c.mark == mark
        )
        return await self._db.read(lambda connection: connection.scalar(query) is not None)

    async def welcome(
        self, account_id: str, mark: str, at: datetime, replaced: tuple[str, str] | None
    ) -> None:
        this = and_(PLACES.c.account_id == account_id, PLACES.c.mark == mark)

        def work(connection: Connection) -> None:
            if _find(connection, account_id) is None:
                return  # deleted meanwhile
            seen = {"seen_at": rfc3339(at)}
            if not connection.execute(update(PLACES).where(this).values(seen)).rowcount:
                connection.execute(insert(PLACES).values(account_id=account_id, mark=mark, **seen))
            if replaced is not None:
                old, new = replaced
                same = and_(ACCOUNTS.c.id == account_id, ACCOUNTS.c.password_hash == old)
                connection.execute(update(ACCOUNTS).where(same).values(password_hash=new))

        await self._db.write(work)

    async def forget_places(self, before: datetime) -> int:
        old = delete(PLACES).where(PLACES.c.seen_at < rfc3339(before))
        return await self._db.write(lambda connection: connection.execute(old).rowcount)

    async def has_admin(self) -> bool:
        return await self._db.read(lambda connection: bool(connection.scalar(_acting_admins())))


def _acting_admins() -> Select[Any]:
    return (
        select(func.count())
        .select_from(ACCOUNTS)
        .where(ACCOUNTS.c.role == "admin", ACCOUNTS.c.is_active)
    )


def _find(connection: Connection, account_id: str) -> Member | None:
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == account_id)).first()
    return as_member(row) if row else None


def _get(connection: Connection, account_id: str) -> Member:
    member = _find(connection, account_id)
    if member is None:
        raise NotFound("There is no such account.")
    return member


def _keep_an_admin(connection: Connection, account_id: str) -> None:
    others = _acting_admins().where(ACCOUNTS.c.id != account_id)
    if not connection.scalar(others):
        raise Conflict("This is the last admin. Make somebody else one first.", field="role")


def _taken_field(
    connection: Connection, username: str, email: str, besides: str = ""
) -> str | None:
    name = or_(ACCOUNTS.c.folded == folded(username), ACCOUNTS.c.look == look_of(username))
    address = ACCOUNTS.c.folded_email == folded_email(email)
    for field, same in (("username", name), ("email", address)):
        query = select(ACCOUNTS.c.id).where(same, ACCOUNTS.c.id != besides)
        if connection.scalar(query.limit(1)) is not None:
            return field
    return None


def _taken(connection: Connection, member: Member) -> Conflict:
    field = _taken_field(connection, member.username, member.email, member.id)
    return taken(field or "username")


def _those(question: MemberQuestion) -> ColumnElement[bool]:
    those: list[ColumnElement[bool]] = [] if question.with_inactive else [ACCOUNTS.c.is_active]
    if question.q:
        sought = folded(question.q)
        those.append(
            or_(
                ACCOUNTS.c.folded.contains(sought, autoescape=True),
                ACCOUNTS.c.display_name.icontains(question.q, autoescape=True),
            )
        )
    return and_(true(), *those)
