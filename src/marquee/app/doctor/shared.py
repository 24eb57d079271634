"""What contexts share: the broker of events, the queue, the cache, and parked messages."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

from sqlalchemy import Connection

from marquee.app.contexts import CONTEXTS
from marquee.app.doctor.places import folder_of, where
from marquee.app.doctor.report import Part, Patience
from marquee.app.settings import Settings
from marquee.engines import queue
from marquee.engines.address import driver, scheme_of
from marquee.kit.findings import Finding, ok, warning

SECONDS = 5.0
PARKED = "parked"
ADVICE = "marquee parked list shows why; replay them once that is mended, or drop them."
COUNT = "SELECT message FROM parked"


def parts(settings: Settings, patience: Patience) -> list[Awaitable[Part]]:
    return [
        patience.part(
            name,
            where(url, setting) if url else "in each process",
            work,
            seconds=SECONDS,
            setting=setting,
        )
        for name, url, setting, work in (
            ("events", settings.events_url, "MARQUEE_EVENTS_URL", _events(settings.events_url)),
            ("queue", settings.queue_url, "MARQUEE_QUEUE_URL", _queue(settings.queue_url)),
            ("cache", settings.cache_url, "MARQUEE_CACHE_URL", _cache(settings.cache_url)),
            (PARKED, settings.events_url, "MARQUEE_EVENTS_URL", _parked(settings)),
        )
    ]


Work = Callable[[], Awaitable[Sequence[Finding]]]


def _events(url: str | None) -> Work:
    async def work() -> Sequence[Finding]:
        if url is None:
            return [ok("broker", "none: listeners read each other's outboxes")]
        driver("aiokafka", extra="kafka")
        from marquee.engines.bus.examine import examine

        return await examine(url, names=[*CONTEXTS, PARKED], kept=[PARKED])

    return work


def _queue(url: str | None) -> Work:
    async def work() -> Sequence[Finding]:
        if url is None:
            return [ok("queue", "none is set")]
        if scheme_of(url, taken=queue.TAKEN, field=queue.SETTING) == "amqp":
            from marquee.engines.queue.rabbitmq.examine import examine

            return await examine(url)
        from marquee.engines.sql.look import look

        return (await look(url, migrations="marquee.engines.queue.migrations")).findings

    return work


def _cache(url: str | None) -> Work:
    async def work() -> Sequence[Finding]:
        if url is None:
            return [ok("cache", "none is set: each process counts and keeps by itself")]
        from marquee.engines.redis.examine import examine

        return await examine(url, field="MARQUEE_CACHE_URL", keeps=False)

    return work


def _parked(settings: Settings) -> Work:
    async def work() -> Sequence[Finding]:
        if settings.events_url is not None:
            found = await _on_broker(settings.events_url)
        else:
            found = await _in_files({folder_of(settings, name) / "parked.db" for name in CONTEXTS})
        if not found:
            return [ok(PARKED, "nothing is parked")]
        return [warning(PARKED, f"{found[name]} for {name}", ADVICE) for name in sorted(found)]

    return work


async def _on_broker(url: str) -> Counter[str]:
    """Reading a topic that is not there might make it, so that is looked for first."""
    driver("aiokafka", extra="kafka")
    from marquee.app.parked.broker import BrokerParking
    from marquee.engines.bus.kafka import Kafka

    kafka = await Kafka.open(url)
    try:
        if kafka.topic(PARKED) not in await kafka.topics():
            return Counter()
        return Counter(one.listener for one in await BrokerParking(kafka).read())
    finally:
        await kafka.close()


async def _in_files(paths: Collection[Path]) -> Counter[str]:
    from marquee.app.parked.local import MESSAGE
    from marquee.engines.sql import raw
    from marquee.engines.sql.look.file import File

    def work(connection: Connection) -> list[str]:
        return [MESSAGE.decode(row[0]).listener for row in raw.rows(connection, COUNT)]

    found: Counter[str] = Counter()
    for path in paths:
        if path.exists():
            found.update(await File(path).read(work))
    return found
