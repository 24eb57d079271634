"""Look at RabbitMQ, as far as AMQP tells, without changing anything."""

from collections.abc import Sequence
from typing import Any

from marquee.engines.address import driver
from marquee.engines.queue.rabbitmq.layout import DEAD, Layout
from marquee.engines.queue.rabbitmq.link import Link
from marquee.engines.queue.rabbitmq.queue import told_in
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.findings import Finding, ok, warning, wrong

TAKES_WITHIN = 1.0


async def examine(url: str) -> Sequence[Finding]:
    """Invalid for a URL that will not do."""
    address, prefix = told_in(url)
    link = Link(address)
    try:
        async with link.asked():
            channel = await link.channel()
        found = [ok("reachable", "it answers, and lets us in")]
        found.append(ok("version", f"RabbitMQ {link.version}"))
        dead = await _dead(link, Layout(prefix))
        return [*found, await _takes(link, channel), dead]  # an alarm would keep us from more
    except Unavailable:
        advice = "Start it, or correct the host, port and virtual host in the URL."
        return [wrong("reachable", "it does not answer", advice)]
    except Invalid as error:
        return [refused(error)]
    finally:
        await link.close()


def refused(error: Invalid) -> Finding:
    if "not RabbitMQ 3.10" in error.detail:
        return wrong("version", "not RabbitMQ 3.10 or later", "Update it.")
    if "no such vhost" in error.detail:
        detail = "it has no such vhost, or not for this user"
        return wrong("reachable", detail, "Correct the end of the URL, or make it on the server.")
    detail = "it refuses the user or the password"
    return wrong("reachable", detail, "Correct them in the URL.")


async def _takes(link: Link, channel: Any) -> Finding:
    """A message to nobody comes back, unless an alarm keeps all messages out."""
    try:
        async with link.asked(TAKES_WITHIN):
            await link.take(channel)
    except Unavailable:
        detail = "it takes no message: an alarm on its memory or disk, most likely"
        return wrong("alarms", detail, "Run rabbitmq-diagnostics alarms, and make room.")
    return ok("alarms", "none: it takes messages")


async def _dead(link: Link, layout: Layout) -> Finding:
    """The queue of the dead tells of the others, whose names only those know who use them."""
    try:
        count = await _count(link, layout.dead)
    except Invalid:
        detail = f"{layout.dead} is no quorum queue of ours"
        return wrong("queues", detail, "Set another ?prefix= in the URL, or delete that queue.")
    if count is None:
        return ok("queues", "none yet: they are made when there is work")
    if count:
        detail = f"{count} tasks were given up"
        return warning("queues", detail, "Look at why they failed, then revive or drop them.")
    return ok("queues", "quorum queues; nothing was given up")


async def _count(link: Link, name: str) -> int | None:
    """None where there is no such queue; Invalid where it is of another kind."""
    failures = driver("aio_pika", extra="rabbitmq").exceptions
    async with link.asked():
        channel = await link.channel()
        try:
            queue = await channel.declare_queue(name, passive=True)
        except failures.ChannelNotFoundEntity:
            return None
        # It is there, so that this makes nothing, but is refused where it is of another kind.
        await channel.declare_queue(name, durable=True, arguments=dict(DEAD))
        return int(queue.declaration_result.message_count)
