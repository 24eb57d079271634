"""The contexts of an instance, opened for a move: no relay, no broker, no jobs."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING

from marquee.app.assemble import built, in_order
from marquee.app.contexts import CONTEXTS
from marquee.app.moving import places
from marquee.app.settings import Settings
from marquee.kit.context import Room
from marquee.kit.errors import MarqueeError
from marquee.kit.moving import Portable

if TYPE_CHECKING:
    from marquee.engines.bus.kafka import Kafka

Rooms = dict[str, Room]


@contextlib.asynccontextmanager
async def opened(settings: Settings, names: Sequence[str], whose: str) -> AsyncIterator[Rooms]:
    """Errors say in words `whose` context it is."""
    rooms: Rooms = {}
    contracts: dict[type, object] = {}
    async with contextlib.AsyncExitStack() as stack:
        for context in in_order([CONTEXTS[name] for name in names]):
            with told(whose, context.name):
                room = await built(context, places.seat(settings, context.name, contracts))
            if room.close is not None:
                stack.push_async_callback(room.close)
            rooms[context.name] = room
            if context.offers is not None:
                contracts[context.offers] = room.service
        yield rooms


@contextlib.asynccontextmanager
async def broker(settings: Settings, whose: str) -> AsyncIterator["Kafka | None"]:
    if settings.events_url is None:
        yield None
        return
    from marquee.engines.address import driver

    with told(whose, "events"):
        driver("aiokafka", extra="kafka")
        from marquee.engines.bus.kafka import Kafka

        kafka = await Kafka.open(settings.events_url)
    try:
        yield kafka
    finally:
        await kafka.close()


@contextlib.contextmanager
def told(whose: str, what: str) -> Iterator[None]:
    """What goes wrong, with whose and what it was."""
    try:
        yield
    except MarqueeError as error:
        raise type(error)(f"{whose} {what}: {error.detail}") from error


def portable(rooms: Rooms, context: str) -> Portable:
    found = rooms[context].portable
    if found is None:
        raise LookupError(f"{context} says not how it is moved.")
    return found


def kinds(rooms: Rooms) -> list[tuple[str, str, Portable]]:
    """Contexts, what each has to carry, and who does."""
    return [
        (name, kind, portable(rooms, name))
        for name in places.COPIED
        for kind in portable(rooms, name).kinds
    ]
