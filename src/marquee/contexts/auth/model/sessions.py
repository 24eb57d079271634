"""A session: how long it lives, and how its refresh token is exchanged for the next one."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from marquee.contexts.auth.events import RefreshReused, SessionEnded
from marquee.contexts.auth.model.secrets import RefreshToken, digest_of
from marquee.kit.events import Event

IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=90)
GRACE = timedelta(seconds=10)
SEEN_EVERY = timedelta(minutes=1)
MOST_SESSIONS = 100
MOST_USER_AGENT = 200
MOST_ADDRESS = 64

Kind = Literal["bearer", "cookie"]


@dataclass(frozen=True)
class Session:
    """One device that has signed in.

    `digest` is of the secret it holds: its cookie, or its latest refresh token, which is the
    `turn`-th since it signed in and was made at `turned_at`. `epoch` is the account's when it
    signed in; once the account has another, the session is void.
    """

    id: str
    account_id: str
    kind: Kind
    epoch: int
    digest: str = field(repr=False)
    turn: int
    turned_at: datetime
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    address: str

    def is_alive(self, now: datetime) -> bool:
        return now - self.last_seen_at < IDLE and now - self.created_at < ABSOLUTE

    def ended(self, reason: str) -> SessionEnded:
        return SessionEnded(session_id=self.id, account_id=self.account_id, reason=reason)


@dataclass(frozen=True)
class Device:
    """What asks, as far as it says."""

    address: str
    user_agent: str


def session_on(  # noqa: PLR0913 - what a session is begun with
    device: Device,
    *,
    session_id: str,
    account_id: str,
    kind: Kind,
    epoch: int,
    held_by: str,
    now: datetime,
) -> Session:
    """A session that begins now, `held_by` a cookie or a refresh token."""
    readable = "".join(letter if letter.isprintable() else " " for letter in device.user_agent)
    return Session(
        id=session_id,
        account_id=account_id,
        kind=kind,
        epoch=epoch,
        digest=digest_of(held_by),
        turn=1,
        turned_at=now,
        created_at=now,
        last_seen_at=now,
        user_agent=readable[:MOST_USER_AGENT],
        address=device.address[:MOST_ADDRESS],
    )


@dataclass(frozen=True)
class Exchange:
    """What becomes of a session whose refresh token was shown.

    `session` is what to keep, None to end it; `token` the next refresh token, None to refuse.
    """

    session: Session | None
    token: RefreshToken | None = None
    events: Sequence[Event] = ()


def exchange(session: Session, shown: RefreshToken, secret: bytes, now: datetime) -> Exchange:
    """The next refresh token; or, for one that was exchanged before, the end of the session.

    Whoever shows the previous token again within ten seconds, before its successor was used, is
    given that successor once more: a client that asked twice at once, or missed the answer.
    """
    if session.kind != "bearer" or not session.is_alive(now):
        return Exchange(session)
    following = shown.successor(secret)
    if shown.turn == session.turn and _same(shown, session.digest):
        turned = replace(
            session,
            turn=following.turn,
            digest=digest_of(following.text),
            turned_at=now,
            last_seen_at=max(now, session.last_seen_at),
        )
        return Exchange(turned, following)
    if following.turn == session.turn and _same(following, session.digest):
        if now - session.turned_at <= GRACE:
            return Exchange(session, following)
    elif shown.turn > session.turn:
        return Exchange(session)  # from before a backup was restored
    reused = RefreshReused(session_id=session.id, account_id=session.account_id)
    return Exchange(None, None, (reused, session.ended("reused")))


def _same(token: RefreshToken, digest: str) -> bool:
    return hmac.compare_digest(digest_of(token.text), digest)
