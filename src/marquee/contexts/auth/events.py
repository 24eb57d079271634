"""What auth tells the world."""

from dataclasses import dataclass
from typing import ClassVar

from marquee.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    """`kind` is `bearer` or `cookie`."""

    key_field: ClassVar[str] = "account_id"

    session_id: str
    account_id: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """`reason` is signed_out, revoked, password, reused, displaced, expired, suspended or deleted."""

    key_field: ClassVar[str] = "account_id"

    session_id: str
    account_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefreshReused(Event):
    """A refresh token came back after its successor was used: somebody may have stolen it."""

    key_field: ClassVar[str] = "account_id"

    session_id: str
    account_id: str
