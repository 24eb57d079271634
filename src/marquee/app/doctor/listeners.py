"""How far each listener is behind what was told, read from the stores themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from marquee.app.doctor.report import Part, Patience
from marquee.app.doctor.stores import Store
from marquee.contexts.auth.listeners import HEARS as AUTH
from marquee.contexts.catalog.listeners import HEARS as CATALOG
from marquee.contexts.reviews.listeners import HEARS as REVIEWS
from marquee.contexts.search.listeners import HEARS as SEARCH
from marquee.kit.events import Event, Outbox, kind_of
from marquee.kit.findings import Finding, ok, warning, wrong

HEARS: Mapping[str, Sequence[type[Event]]] = {
    "auth": AUTH,
    "catalog": CATALOG,
    "reviews": REVIEWS,
    "search": SEARCH,
}
SECONDS = 3.0
BATCH, MOST = 500, 10_000
LATE, TOO_LATE = 60.0, 600.0
"""Seconds that an event may wait."""


class Told(msgspec.Struct):
    """What every event's body has."""

    at: datetime


@dataclass(frozen=True)
class Waiting:
    """`missed` says that it stands where events are kept no more."""

    count: int
    since: datetime | None
    missed: bool = False


async def listeners(
    stores: Mapping[str, Store], patience: Patience, *, by_broker: bool = False
) -> Part:
    """Where a broker carries events, it has those that are not in the outbox any longer."""

    async def work() -> Sequence[Finding]:
        now = datetime.now(UTC)
        return [
            _said(
                await _pair(stores[name], stores[source], kinds),
                name,
                source,
                now,
                by_broker=by_broker,
            )
            for name, hears in HEARS.items()
            for source, kinds in _by_source(hears).items()
            if stores[name].look is not None and stores[source].look is not None
        ]

    return await patience.part("listeners", "events told and heard", work, seconds=SECONDS)


def _by_source(hears: Sequence[type[Event]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind in map(kind_of, hears):
        found.setdefault(kind.partition(".")[0], set()).add(kind)
    return found


async def _pair(listener: Store, teller: Store, kinds: set[str]) -> Waiting | None:
    try:
        return await _waiting(listener, teller, kinds)
    except Exception:  # noqa: BLE001 - what is wrong with a store is said there
        return None


def _said(
    found: Waiting | None, listener: str, teller: str, now: datetime, *, by_broker: bool
) -> Finding:
    name = f"{listener}<-{teller}"
    if found is None:
        advice = f"Put right what is said of {listener} and {teller}."
        return warning(name, "how far it has heard cannot be read", advice)
    if found.missed and not by_broker:
        advice = f"Start {listener}: it makes good what it can, and its log says what it cannot."
        return wrong(name, "it has yet to hear events that are kept no more", advice)
    if found.since is None:
        return ok(name, "all heard")
    age = (now - found.since).total_seconds()
    count = f"{found.count:,}{'+' * (found.count >= MOST)}"
    detail = f"{count} to hear, the oldest told {_ago(age)} ago"
    if age <= LATE:
        return ok(name, detail)
    advice = f"Start what is stopped; if {listener} runs, its log says why it does not hear."
    return (wrong if age > TOO_LATE else warning)(name, detail, advice)


async def _waiting(listener: Store, teller: Store, kinds: set[str]) -> Waiting | None:
    """None where it cannot be known."""
    if not (listener.is_readable and teller.is_readable):
        return None
    outbox = teller.look.outbox if teller.look else None
    inbox = listener.look.inbox if listener.look else None
    if outbox is None:
        return Waiting(0, None)  # it has told nothing yet
    place = await inbox.heard_up_to(teller.name) if inbox else 0
    found = await _count(outbox, place, kinds)
    return replace(found, missed=place < await outbox.forgotten_up_to())


async def _count(outbox: Outbox, place: int, kinds: set[str]) -> Waiting:
    """Of the kinds that are listened to: a listener's place moves on with these only."""
    count, since, read = 0, None, 0
    while read < MOST and (batch := await outbox.events_after(place, BATCH)):
        for sent in batch:
            if sent.kind in kinds:
                count += 1
                since = since or msgspec.json.decode(sent.body, type=Told).at
        read += len(batch)
        place = batch[-1].place
    return Waiting(count, since)


def _ago(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
