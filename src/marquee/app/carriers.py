"""What carries events and work between processes, and where those messages go that nobody takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from marquee.app.parked.model import Parking
from marquee.app.settings import Settings
from marquee.engines.address import driver
from marquee.kit.context import Check, Context
from marquee.kit.errors import MarqueeError, Unavailable
from marquee.kit.work import Queue

if TYPE_CHECKING:
    from marquee.app.relay import Relay
    from marquee.engines.bus.kafka import Kafka

log = structlog.get_logger()


async def broker_of(settings: Settings) -> tuple["Kafka | None", Parking]:
    """What carries events, where there is such, and where those go that nobody takes.

    One that is away is told of and connected to by those who need it; one that refuses us is an error.
    """
    if settings.events_url is None:
        from marquee.app.parked.local import LocalParking

        return None, LocalParking(settings.data / "parked.db")
    try:
        driver("aiokafka", extra="kafka")
        from marquee.app.parked.broker import BrokerParking
        from marquee.engines.bus.kafka import Kafka

        kafka = Kafka.at(settings.events_url)
        try:
            await kafka.knock()
        except Unavailable as error:
            _away("MARQUEE_EVENTS_URL", error)
    except MarqueeError as error:
        error.field = "MARQUEE_EVENTS_URL"
        raise
    return kafka, BrokerParking(kafka)


async def queue_of(settings: Settings, contexts: Sequence[Context]) -> Queue | None:
    """Where work waits, if one of these shares some. One that is away may come later."""
    if not any(context.shares_work for context in contexts):
        return None
    from marquee.engines.queue import open_queue

    url = settings.queue_url or f"sqlite:///{settings.data / 'queue.db'}"
    try:
        try:
            return await open_queue(url)
        except Unavailable as error:
            if settings.queue_url is None:
                raise
            _away("MARQUEE_QUEUE_URL", error)
            return await open_queue(url, may_be_away=True)
    except MarqueeError as error:
        if settings.queue_url is not None:
            error.field = "MARQUEE_QUEUE_URL"
        raise


async def greet_cache(settings: Settings, contexts: Sequence[Context]) -> None:
    """Tell of it where it is away and some of these share it: each connects to it by itself."""
    if settings.cache_url is None or not any(context.shares_cache for context in contexts):
        return
    from marquee.engines.redis import Redis

    field = "MARQUEE_CACHE_URL"
    try:
        redis = await Redis.open(settings.cache_url, field=field)
    except Unavailable as error:
        _away(field, error)
    else:
        await redis.close()


def _away(setting: str, error: Unavailable) -> None:
    log.warning("what this names is away", setting=setting, reason=error.detail)


def checks_of(relay: "Relay", queue: Queue | None) -> tuple[Check, ...]:
    """Neither is needed to answer: facts wait in their outboxes meanwhile, work is done later."""
    found = []
    if relay.broker is not None:
        found.append(Check("events: broker", relay.check, is_needed=False))
    if queue is not None:
        found.append(Check("work: queue", queue.check, is_needed=False))
    return tuple(found)
