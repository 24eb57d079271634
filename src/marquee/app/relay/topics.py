"""How far a topic has got of what one context tells, and whether it is that context's at all."""

from collections.abc import Sequence

from marquee.engines.bus.kafka import Kafka, opened
from marquee.kit.errors import Invalid
from marquee.kit.events import Outbox, Sent

LAST_LOOKED_AT = (100, 10_000)
"""Messages; more where none of the first is ours."""
SETTING = "MARQUEE_EVENTS_URL"


async def stand(kafka: Kafka, source: str, outbox: Outbox) -> tuple[int, int]:
    """The place of the last event in the topic, 0 for none, and the offset after the last message.

    Invalid when the topic is another program's, or another instance's. A stray message among ours is
    passed over.
    """
    topic = kafka.topic(source)
    for most in LAST_LOOKED_AT:
        end, records = await kafka.latest(topic, most)
        found = (opened(source, record) for record in reversed(records))
        last = next((one for one in found if one is not None), None)
        if last is not None or not records:
            break
    else:
        raise Invalid(
            f"The topic {topic} holds another program's messages: give Marquee a name of its own at"
            " the end of the URL.",
            field=SETTING,
        )
    if last is None:
        return 0, end
    there = await outbox.events_after(last.place - 1, 1)
    if not _is_told(last, there) or not await _has_come_so_far(outbox, last.place):
        raise Invalid(
            f"The topic {topic} holds the events of another instance, or of a later state of this"
            " one: give each its own name at the end of the URL.",
            field=SETTING,
        )
    return last.place, end


async def _has_come_so_far(outbox: Outbox, place: int) -> bool:
    """One that may be emptied gives later places all the same, so that nobody misses what it tells.

    It cannot be told from another instance's; the other contexts, which share the topics' name, can.
    """
    return getattr(outbox, "may_be_emptied", False) or place <= await outbox.last_place()


def _is_told(last: Sent, there: Sequence[Sent]) -> bool:
    """What is kept no more is believed."""
    return not there or there[0].place != last.place or there[0].id == last.id
