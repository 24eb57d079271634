"""What must hold before anything is copied."""

import hashlib
from collections.abc import Mapping

from marquee.app.contexts import CONTEXTS
from marquee.app.moving import places
from marquee.app.moving.instance import Rooms, broker, kinds
from marquee.app.parked.model import ParkedMessage
from marquee.app.settings import Settings
from marquee.kit.context import Room
from marquee.kit.errors import Conflict, Invalid
from marquee.kit.events import Outbox, kind_of

BATCH = 500
EMPTY = "It takes an empty one; one half filled goes on only while its source is as it was."


async def caught_up(rooms: Rooms) -> None:
    """Every listener has heard what concerns it: outboxes stay behind. Conflict saying who has not."""
    late = []
    for name, room in rooms.items():
        for source in _sources(room):
            outbox = rooms[source].outbox if source in rooms else None
            waiting = await _waiting(room, source, outbox) if outbox is not None else 0
            if waiting:
                late.append(f"{name} has yet to hear {waiting:,} of {source}")
    if late:
        raise Conflict(f"Not everything has been heard: {', '.join(late)}. Serve the source first.")


async def nothing_parked(settings: Settings) -> None:
    """Conflict where a message waits for a listener whose store is copied."""
    lost = [one for one in await _parked(settings) if one.listener in places.COPIED]
    if lost:
        raise Conflict(
            f"{len(lost)} messages are parked and would be left behind."
            " See to them first: marquee parked list."
        )


async def standing(rooms: Rooms) -> Mapping[str, tuple[int, str]]:
    """The place and the id of the last event of each outbox: as long as it stays, nothing changed."""
    found = {}
    for name, room in rooms.items():
        if room.outbox is not None:
            place = await room.outbox.last_place()
            last = await room.outbox.events_after(place - 1, 1) if place else []
            found[name] = (place, last[0].id if last else "")
    return found


def name_of(source: Settings, stands: Mapping[str, tuple[int, str]]) -> str:
    """The same for every move of this instance as it stands, so that one killed is known again."""
    told = [
        f"{name} {places.shown(source, name)} {place} {id_}"
        for name, (place, id_) in sorted(stands.items())
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


async def is_free(rooms: Rooms, counts: Mapping[tuple[str, str], int], move: str) -> None:
    """Conflict where the target holds anything that this very move has not brought."""
    for context, kind, portable in kinds(rooms):
        brought, there = await portable.carried(kind, move), counts[context, kind]
        if there != brought:
            held = (
                f"{there:,} {kind}, {brought:,} of them" if brought else f"{there:,} {kind}, none"
            )
            raise Conflict(f"The target's {context} holds {held} from this move. {EMPTY}")
    for name, room in rooms.items():
        told = await room.outbox.last_place() if room.outbox is not None else 0
        heard = [await room.inbox.heard_up_to(one) for one in _sources(room) if room.inbox]
        if told or any(heard):
            raise Conflict(f"The target's {name} has been in use already. {EMPTY}")


async def broker_is_free(target: Settings) -> None:
    """Conflict where the target's topics have had messages: places begin at 1 there."""
    async with broker(target, "The target's") as kafka:
        if kafka is None:
            return
        there = await kafka.topics()
        for name in (*CONTEXTS, "parked"):
            topic = kafka.topic(name)
            if topic in there and (await kafka.latest(topic, 1))[0]:
                raise Conflict(
                    f"The topic {topic} of the target holds events already: give it another name"
                    " at the end of the URL."
                )


def is_something(counts: Mapping[tuple[str, str], int]) -> None:
    if not any(counts.values()):
        raise Invalid("The source holds nothing: there is nothing to move.")


async def counted(rooms: Rooms) -> dict[tuple[str, str], int]:
    return {(context, kind): await one.count(kind) for context, kind, one in kinds(rooms)}


def _sources(room: Room) -> set[str]:
    return {kind_of(event).partition(".")[0] for event in room.hears}


async def _waiting(room: Room, source: str, outbox: Outbox) -> int:
    known = {kind_of(event) for event in room.hears}
    place = await room.inbox.heard_up_to(source) if room.inbox is not None else 0
    waiting = 0
    while sent := await outbox.events_after(place, BATCH):
        waiting += sum(one.kind in known for one in sent)
        place = sent[-1].place
    return waiting


async def _parked(settings: Settings) -> list[ParkedMessage]:
    from marquee.app.parked.local import LocalParking

    async with broker(settings, "The source's") as kafka:
        if kafka is not None:
            from marquee.app.parked.broker import BrokerParking

            return list(await BrokerParking(kafka).messages())
    found: list[ParkedMessage] = []
    for folder in places.folders(settings):
        parking = LocalParking(folder / "parked.db")
        found += await parking.messages()
        await parking.close()
    return found
