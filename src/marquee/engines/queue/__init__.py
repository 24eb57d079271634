"""Work to share and retry: on a SQLite file, or on RabbitMQ. The URL picks one."""

from marquee.engines.address import scheme_of
from marquee.kit.clock import Clock
from marquee.kit.work import Queue

SETTING = "MARQUEE_QUEUE_URL"
TAKEN = ("sqlite", "amqp")


async def open_queue(url: str, *, clock: Clock | None = None, may_be_away: bool = False) -> Queue:
    """`sqlite:///PATH` or `amqp://USER:PASSWORD@HOST:PORT/VHOST?prefix=NAME`.

    A server that `may_be_away` is connected to when it is there.
    """
    if scheme_of(url, taken=TAKEN, field=SETTING) == "amqp":
        from marquee.engines.queue.rabbitmq import RabbitQueue

        return await RabbitQueue.open(url, clock=clock, may_be_away=may_be_away)
    from marquee.engines.queue.sqlite import SqliteQueue

    return await SqliteQueue.open(url, clock=clock)
