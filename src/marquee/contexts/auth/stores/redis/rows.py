"""Sessions and events as Redis keeps them: text, with times in microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from marquee.contexts.auth.model.sessions import ABSOLUTE, IDLE, Session
from marquee.contexts.auth.stores.redis.lua import SHAPE
from marquee.kit.clock import rfc3339
from marquee.kit.events import Event, Heard, Sent, kind_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SLACK = timedelta(hours=2)
"""How much longer than it lives a session is kept, so that an hourly job still finds its end."""
LIFE = {
    "idle": IDLE // MICROSECOND,
    "absolute": ABSOLUTE // MICROSECOND,
    "slack": SLACK // MICROSECOND,
}
ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Change:
    """What becomes of an account's sessions. Events of those that end are among `events`."""

    kept: Sequence[Session] = ()
    ended: Sequence[Session] = ()
    events: Sequence[Event] = ()


@dataclass(frozen=True)
class Found:
    """An account's sessions as they were at `version`, and how far a source had been heard."""

    account_id: str
    sessions: Sequence[Session]
    version: str
    heard: int

    @classmethod
    def read(cls, account_id: str, answer: Any) -> "Found":
        """The account is that of the sessions where none is said."""
        rows, version, heard = answer
        sessions = [session(row) for row in rows]
        whose = account_id or (sessions[0].account_id if sessions else "")
        return cls(whose, sessions, version, int(heard))

    def with_change(self, change: Change, heard: Heard | None) -> bytes:
        """What the script that writes it takes."""
        digests = {before.id: before.digest for before in self.sessions}
        asked: dict[str, Any] = {
            "account_id": self.account_id,
            "version": self.version,
            "shape": SHAPE,
            "life": LIFE,
            "kept": [_kept(one, digests.get(one.id, one.digest)) for one in change.kept],
            "ended": [{"id": one.id, "digest": digests[one.id]} for one in change.ended],
            "events": [_entry(event) for event in change.events],
        }
        if heard is not None:
            asked |= {"source": heard.source, "place": str(heard.place)}
        return ENCODER.encode(asked)


def all_ended(
    those: Sequence[Session],
    reason: str,
    *,
    kept: Sequence[Session] = (),
    events: Sequence[Event] = (),
) -> Change:
    """In the order of the SQL store: first who ended, then what came with it."""
    return Change(kept, those, [*[one.ended(reason) for one in those], *events])


def microseconds(at: datetime) -> str:
    return str((at - EPOCH) // MICROSECOND)


def session(row: Sequence[str]) -> Session:
    """From a hash, as scripts answer it: names and values in turn."""
    found = dict(zip(row[::2], row[1::2], strict=True))
    return Session(
        id=found["id"],
        account_id=found["account_id"],
        kind="cookie" if found["kind"] == "cookie" else "bearer",
        epoch=int(found["epoch"]),
        digest=found["digest"],
        turn=int(found["turn"]),
        turned_at=_moment(found["turned_at"]),
        created_at=_moment(found["created_at"]),
        last_seen_at=_moment(found["last_seen_at"]),
        user_agent=found["user_agent"],
        address=found["address"],
    )


def sent(entry: Any) -> Sent:
    """From an entry of the stream."""
    place, found = entry
    number = int(place.partition("-")[0])
    return Sent(number, found["id"], found["kind"], found["key"], found["body"])


def _kept(kept: Session, was: str) -> dict[str, Any]:
    row = {
        "id": kept.id,
        "account_id": kept.account_id,
        "kind": kept.kind,
        "epoch": str(kept.epoch),
        "digest": kept.digest,
        "turn": str(kept.turn),
        "turned_at": microseconds(kept.turned_at),
        "created_at": microseconds(kept.created_at),
        "last_seen_at": microseconds(kept.last_seen_at),
        "user_agent": kept.user_agent,
        "address": kept.address,
    }
    asked: dict[str, Any] = {
        "id": kept.id,
        "digest": kept.digest,
        "seen": row["last_seen_at"],
        "created": row["created_at"],
        "row": [text for pair in row.items() for text in pair],
    }
    return asked | ({"was": was} if was != kept.digest else {})


def _entry(event: Event) -> list[str]:
    key = str(getattr(event, event.key_field))
    body = ENCODER.encode(event).decode()
    named = {"id": event.id, "kind": kind_of(type(event)), "key": key, "body": body}
    return [text for pair in (named | {"at": rfc3339(event.at)}).items() for text in pair]


def _moment(text: str) -> datetime:
    return EPOCH + int(text) * MICROSECOND
