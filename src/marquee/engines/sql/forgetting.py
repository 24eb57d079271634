"""What need not be kept any longer, dropped a little at a time; and who has said that it need not.

The inbox has rows for that, too: `LISTENER<-` is how far a listener has heard what is told here,
and `forgotten` is the place of the last event that was dropped.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from marquee.engines.sql import raw, spine
from marquee.kit.clock import rfc3339

HEARS_US = "<-"
FORGOTTEN = "forgotten"
MOVE = "UPDATE inbox SET place = ? WHERE source = ?"
ADD = "INSERT INTO inbox (place, source) VALUES (?, ?)"
LISTENERS = "SELECT source, place FROM inbox WHERE source LIKE '%<-'"
OLDEST_EVENTS = "SELECT place, at FROM outbox WHERE place <= ? ORDER BY place LIMIT ?"
DROP_EVENTS = "DELETE FROM outbox WHERE place <= ?"
OLDEST_ANSWERS = "SELECT id, at FROM once ORDER BY id LIMIT ?"
DROP_ANSWERS = "DELETE FROM once WHERE id <= ?"


def passed(connection: Connection, listener: str, place: int) -> None:
    """What is said last counts: a listener that was brought back from a backup hears again."""
    _keep_place(connection, f"{listener}{HEARS_US}", place)


def listeners(connection: Connection) -> dict[str, int]:
    found = raw.rows(connection, LISTENERS)
    return {source.removesuffix(HEARS_US): int(place) for source, place in found}


def forgotten_up_to(connection: Connection) -> int:
    return spine.heard_up_to(connection, FORGOTTEN)


def forget(connection: Connection, before: datetime, up_to: int, most: int) -> int:
    """Only from the beginning on, so that one place says what is gone."""
    end = min(up_to, spine.last_place(connection) - 1)
    places = _old(raw.rows(connection, OLDEST_EVENTS, (end, most)), before)
    if places:
        raw.run(connection, DROP_EVENTS, (places[-1],))
        _keep_place(connection, FORGOTTEN, places[-1])
    return len(places)


def forget_answers(connection: Connection, before: datetime, most: int) -> int:
    ids = _old(raw.rows(connection, OLDEST_ANSWERS, (most,)), before)
    if ids:
        raw.run(connection, DROP_ANSWERS, (ids[-1],))
    return len(ids)


def _old(rows: Sequence[raw.Row], before: datetime) -> list[int]:
    """The numbers of the first ones, as long as all are older."""
    moment = rfc3339(before)
    young = next((n for n, (_number, at) in enumerate(rows) if at >= moment), len(rows))
    return [int(number) for number, _at in rows[:young]]


def _keep_place(connection: Connection, source: str, place: int) -> None:
    if raw.row(connection, "SELECT 1 FROM inbox WHERE source = ?", (source,)):
        raw.run(connection, MOVE, (place, source))
    else:
        raw.run(connection, ADD, (place, source))
