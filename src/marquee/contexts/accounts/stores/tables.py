"""The tables of accounts, and a member as a row of them."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, Row, String, Table, Text

from marquee.contexts.accounts.model.emails import folded_email
from marquee.contexts.accounts.model.members import Member, Preferences
from marquee.contexts.accounts.model.usernames import folded, look_of
from marquee.engines.sql import spine_tables
from marquee.kit.clock import moment, rfc3339

TABLES = MetaData()
spine_tables(TABLES)
ACCOUNTS = Table(
    "accounts",
    TABLES,
    Column("id", String(26), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("look", String(128), nullable=False),
    Column("email", String(254), nullable=False),
    Column("folded_email", String(512), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("display_name", String(200), nullable=False),
    Column("bio", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("preferences", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("version", Integer, nullable=False),
)
PLACES = Table(
    "places",
    TABLES,
    Column("account_id", String(26), primary_key=True),
    Column("mark", String(32), primary_key=True),
    Column("seen_at", String(32), nullable=False),
)


def as_row(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "username": member.username,
        "folded": folded(member.username),
        "look": look_of(member.username),
        "email": member.email,
        "folded_email": folded_email(member.email),
        "password_hash": member.password_hash,
        "display_name": member.display_name,
        "bio": member.bio,
        "role": member.role,
        "is_active": member.is_active,
        "epoch": member.epoch,
        "preferences": json.dumps(asdict(member.preferences)),
        "created_at": rfc3339(member.created_at),
        "version": member.version,
    }


def as_member(row: Row[Any]) -> Member:
    return Member(
        id=row.id,
        username=row.username,
        email=row.email,
        password_hash=row.password_hash,
        display_name=row.display_name,
        bio=row.bio,
        role=row.role,
        is_active=row.is_active,
        epoch=row.epoch,
        preferences=Preferences(**json.loads(row.preferences)),
        created_at=moment(row.created_at),
        version=row.version,
    )
