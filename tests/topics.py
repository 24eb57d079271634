"""Topics of one's own on the Kafka that runs, gone in the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from tests.real import real

from marquee.engines.bus.kafka import Kafka


@asynccontextmanager
async def topics() -> AsyncIterator[str]:
    """The URL that names them."""
    url = _url()
    yield url
    await _dropped(await Kafka.open(url))


@asynccontextmanager
async def a_kafka() -> AsyncIterator[Kafka]:
    kafka = await Kafka.open(_url())
    yield kafka
    await _dropped(kafka)


def _url() -> str:
    return f"{real('kafka')}/test-{uuid4().hex[:10]}"


async def _dropped(kafka: Kafka) -> None:
    if names := await kafka.topics():
        async with kafka._admin() as admin:
            await admin.delete_topics(names)
    await kafka.close()
