"""What may be changed about an account, and by whom. None leaves a thing as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marquee.contexts.accounts.events import (
    AccountReinstated,
    AccountSuspended,
    ProfileChanged,
    RoleChanged,
)
from marquee.contexts.accounts.model.emails import checked_email
from marquee.contexts.accounts.model.members import (
    Member,
    Preferences,
    RatingStyle,
    Theme,
    changed,
    checked_bio,
    checked_display_name,
    checked_role,
)
from marquee.kit.events import Event


@dataclass(frozen=True)
class ProfileEdit:
    """By its owner. A new `email` needs the `current_password`."""

    display_name: str | None = None
    bio: str | None = None
    email: str | None = None
    current_password: str | None = None
    rating_style: RatingStyle | None = None
    theme: Theme | None = None
    shortcuts: bool | None = None

    def applied(
        self, member: Member, expected: Collection[int] | None
    ) -> tuple[Member, Sequence[Event]]:
        values: dict[str, Any] = {"preferences": self._preferences(member.preferences)}
        if self.display_name is not None:
            values["display_name"] = checked_display_name(self.display_name)
        if self.bio is not None:
            values["bio"] = checked_bio(self.bio)
        if self.email is not None:
            values["email"] = checked_email(self.email)
        after = changed(member, expected, **values)
        if after.display_name == member.display_name:
            return after, ()
        told = ProfileChanged(
            account_id=after.id, username=after.username, display_name=after.display_name
        )
        return after, (told,)

    def _preferences(self, before: Preferences) -> Preferences:
        return replace(
            before,
            rating_style=self.rating_style or before.rating_style,
            theme=self.theme or before.theme,
            shortcuts=before.shortcuts if self.shortcuts is None else self.shortcuts,
        )


@dataclass(frozen=True)
class MemberEdit:
    """By an admin."""

    role: str | None = None
    is_active: bool | None = None

    def applied(
        self, member: Member, expected: Collection[int] | None
    ) -> tuple[Member, Sequence[Event]]:
        role = member.role if self.role is None else checked_role(self.role)
        is_active = member.is_active if self.is_active is None else self.is_active
        after = changed(member, expected, role=role, is_active=is_active)
        told: list[Event] = []
        if after.role != member.role:
            told.append(RoleChanged(account_id=after.id, role=after.role))
        if after.is_active and not member.is_active:
            told.append(AccountReinstated(account_id=after.id))
        if member.is_active and not after.is_active:
            told.append(AccountSuspended(account_id=after.id))
        return after, told
