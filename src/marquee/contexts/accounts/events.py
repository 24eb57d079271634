"""What accounts tells the world."""

from dataclasses import dataclass
from typing import ClassVar

from marquee.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Event):
    key_field: ClassVar[str] = "account_id"

    account_id: str
    username: str
    display_name: str


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """How they are shown has changed."""

    key_field: ClassVar[str] = "account_id"

    account_id: str
    username: str
    display_name: str


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    key_field: ClassVar[str] = "account_id"

    account_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """What was granted under an epoch before `epoch` is void."""

    key_field: ClassVar[str] = "account_id"

    account_id: str
    epoch: int


@dataclass(frozen=True, kw_only=True)
class AccountSuspended(Event):
    key_field: ClassVar[str] = "account_id"

    account_id: str


@dataclass(frozen=True, kw_only=True)
class AccountReinstated(Event):
    key_field: ClassVar[str] = "account_id"

    account_id: str


@dataclass(frozen=True, kw_only=True)
class AccountDeleted(Event):
    key_field: ClassVar[str] = "account_id"

    account_id: str
