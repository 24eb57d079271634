"""An account and how it may change."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from marquee.contexts.accounts.contract import Account, Standing
from marquee.contexts.accounts.model.text import checked_line, checked_lines
from marquee.kit.actor import ROLES
from marquee.kit.errors import Conflict, Invalid, Stale

MOST_DISPLAY_NAME = 50
MOST_BIO = 2_000

RatingStyle = Literal["stars", "ten"]
Theme = Literal["dark", "light", "system"]
Role = Literal["regular", "moderator", "admin"]


@dataclass(frozen=True)
class Preferences:
    """How Marquee looks to its owner. `shortcuts` are single-letter keys."""

    rating_style: RatingStyle = "stars"
    theme: Theme = "dark"
    shortcuts: bool = True


@dataclass(frozen=True)
class Member:
    """All we know of an account. `version` grows with every change its owner can see."""

    id: str
    username: str
    email: str = field(repr=False)
    password_hash: str = field(repr=False)
    display_name: str
    bio: str
    role: Role
    is_active: bool
    epoch: int
    preferences: Preferences
    created_at: datetime
    version: int

    @property
    def is_acting_admin(self) -> bool:
        return self.role == "admin" and self.is_active

    def standing(self) -> Standing:
        return Standing(
            self.id, self.username, self.display_name, self.role, self.is_active, self.epoch
        )

    def account(self) -> Account:
        return Account(self.id, self.username, self.display_name, self.created_at)


@dataclass(frozen=True)
class OwnProfile:
    """An account, as its owner sees it."""

    id: str
    username: str
    email: str
    display_name: str
    bio: str
    role: Role
    preferences: Preferences
    created_at: datetime
    version: int


@dataclass(frozen=True)
class PublicProfile:
    """An account, as everybody sees it. Only admins are shown one that is not active."""

    id: str
    username: str
    display_name: str
    bio: str
    role: Role
    is_active: bool
    created_at: datetime
    version: int


def own_profile(member: Member) -> OwnProfile:
    return OwnProfile(
        id=member.id,
        username=member.username,
        email=member.email,
        display_name=member.display_name,
        bio=member.bio,
        role=member.role,
        preferences=member.preferences,
        created_at=member.created_at,
        version=member.version,
    )


def public_profile(member: Member) -> PublicProfile:
    return PublicProfile(
        id=member.id,
        username=member.username,
        display_name=member.display_name,
        bio=member.bio,
        role=member.role,
        is_active=member.is_active,
        created_at=member.created_at,
        version=member.version,
    )


def changed(member: Member, expected: Collection[int] | None, **values: object) -> Member:
    """The member with these values; Stale when the version it has is not `expected`."""
    if expected is not None and member.version not in expected:
        raise Stale(f"This is version {member.version} by now. Read it again.", field="If-Match")
    after = replace(member, **values)  # type: ignore[arg-type]
    return after if after == member else replace(after, version=member.version + 1)


def checked_display_name(name: str) -> str:
    if not name:
        raise Invalid("It needs at least one character.", field="display_name")
    return checked_line(name, field="display_name", most=MOST_DISPLAY_NAME)


def checked_bio(bio: str) -> str:
    return checked_lines(bio, field="bio", most=MOST_BIO)


def checked_role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known  # type: ignore[return-value]
    raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")


def taken(field: str) -> Conflict:
    """Somebody else has this `username` or `email`."""
    if field == "email":
        return Conflict("This e-mail address has an account already.", field="email")
    return Conflict("This name is taken, or reads like one that is.", field="username")
