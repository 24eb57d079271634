"""The outboxes of this process, as others may read them."""

from collections.abc import Mapping, Sequence

from marquee.kit.errors import Invalid, NotFound
from marquee.kit.events import Outbox, Sent

MOST = 1000
LARGEST = 16 * 1024 * 1024
"""Characters of one answer, far below what a message may hold."""


class Outboxes:
    def __init__(self, outboxes: Mapping[str, Outbox]) -> None:
        self._outboxes = outboxes

    async def events_after(self, *, source: str, place: int, limit: int) -> tuple[Sent, ...]:
        if not 1 <= limit <= MOST:
            raise Invalid(f"Between 1 and {MOST} events at a time.", field="limit")
        if place < 0:
            raise Invalid("Places count from 0.", field="place")
        return _fitting(await self._outbox(source).events_after(place, limit))

    async def last_place(self, *, source: str) -> int:
        return await self._outbox(source).last_place()

    def _outbox(self, source: str) -> Outbox:
        if source not in self._outboxes:
            raise NotFound(f"There is no outbox of {source!r} here.", field="source")
        return self._outboxes[source]


def _fitting(events: Sequence[Sent]) -> tuple[Sent, ...]:
    """As many from the first as fit into one answer, but at least one."""
    size = 0
    for place, sent in enumerate(events):
        size += len(sent.body)
        if size > LARGEST and place:
            return tuple(events[:place])
    return tuple(events)
