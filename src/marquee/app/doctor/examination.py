"""Look at everything an instance lives on, and change nothing."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module

from marquee.app.contexts import CONTEXTS
from marquee.app.doctor import machine, shared
from marquee.app.doctor.listeners import listeners
from marquee.app.doctor.places import store_url, where
from marquee.app.doctor.report import Part, Patience, Report
from marquee.app.doctor.services import services
from marquee.app.doctor.stores import Store, kept, store
from marquee.app.doctor.topics import topics
from marquee.app.doctor.traces import traces
from marquee.app.settings import Settings
from marquee.kit.findings import Finding

SECONDS, HANGING_UP = 3.0, 1.0
"""For what is on this machine, and for leaving the engines."""
DRIVERS = {
    "amqp": ("aio_pika",),
    "grpc": ("grpc.aio",),
    "kafka": ("aiokafka", "aiokafka.admin"),
    "mongodb": ("pymongo",),
    "mysql": ("sqlalchemy.dialects.mysql", "pymysql"),
    "opensearch": ("opensearchpy",),
    "postgresql": ("sqlalchemy.dialects.postgresql", "psycopg"),
    "redis": ("redis.asyncio",),
    "sqlite": ("sqlalchemy.dialects.sqlite",),
}


async def examine(settings: Settings) -> Report:
    """All at once, each for so long and no longer: 9 seconds where everything hangs."""
    _load(settings)
    patience = Patience()
    stores, common, serving, here = await asyncio.gather(
        asyncio.gather(*(store(settings, name, patience) for name in kept())),
        asyncio.gather(*shared.parts(settings, patience)),
        services(settings, patience),
        _here(settings, patience),
    )
    events, *others, parked = common
    by_broker = settings.events_url is not None
    heard, told = await asyncio.gather(
        listeners({one.name: one for one in stores}, patience, by_broker=by_broker),
        topics(settings, stores, events, patience),
    )
    hangs = not await _hung_up(stores)
    kept_here = [one.part for one in stores]
    parts = [*kept_here, events, *told, *others, heard, parked, *serving, *here]
    return Report(parts, patience.hangs or hangs)


def _load(settings: Settings) -> None:
    """Before anything is asked: who loads meanwhile would take what answers for late."""
    urls = [store_url(settings, name) for name in kept()]
    urls += filter(None, (settings.events_url, settings.queue_url, settings.cache_url))
    urls += filter(None, map(settings.address, CONTEXTS))
    for scheme in {url.partition(":")[0] for url in urls}:
        for driver in DRIVERS.get(scheme, ()):
            with suppress(ImportError):  # who needs it says which extra to install
                import_module(driver)


async def _here(settings: Settings, patience: Patience) -> Sequence[Part]:
    async def disks() -> Sequence[Finding]:
        return await asyncio.to_thread(machine.room, machine.folders(settings, kept()))

    async def keys() -> Sequence[Finding]:
        return await asyncio.to_thread(machine.keys, settings)

    async def edge() -> Sequence[Finding]:
        return await machine.edge(settings)

    here = str(settings.data)
    asked = [
        patience.part("disk", here, disks, seconds=SECONDS),
        patience.part("keys", here, keys, seconds=SECONDS),
    ]
    if (otlp := settings.otlp_url) is not None:
        setting = "MARQUEE_OTLP_URL"
        at = where(otlp, setting)
        work = partial(traces, otlp)
        asked.append(patience.part("traces", at, work, seconds=SECONDS, setting=setting))
    if settings.edge is not None:
        at = f"http://{settings.host}:{settings.port}"
        asked.append(patience.part("edge", at, edge, seconds=SECONDS))
    return await asyncio.gather(*asked)


async def _hung_up(stores: Iterable[Store]) -> bool:
    """Whether every store was left in time."""
    closing = [
        asyncio.ensure_future(one.look.close())
        for one in stores
        if one.look is not None and one.look.close is not None
    ]
    if not closing:
        return True
    _, late = await asyncio.wait(closing, timeout=HANGING_UP)
    return not late
