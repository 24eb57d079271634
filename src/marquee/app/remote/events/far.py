"""The outboxes of this process, as others may read them."""

import re
from collections.abc import Mapping, Sequence

from marquee.kit.errors import Invalid, NotFound
from marquee.kit.events import Sent, Source

MOST = 1000
LISTENER = re.compile(r"[a-z0-9_-]{1,40}")
LARGEST = 16 * 1024 * 1024
"""Characters of one answer, far below what a message may hold."""


class Outboxes:
    def __init__(self, outboxes: Mapping[str, Source]) -> None:
        self._outboxes = outboxes

    async def events_after(self, *, source: str, place: int, limit: int) -> tuple[Sent, ...]:
        if not 1 <= limit <= MOST:
            raise Invalid(f"Between 1 and {MOST} events at a time.", field="limit")
        _counts(place)
        return _fitting(await self._outbox(source).events_after(place, limit))

    async def last_place(self, *, source: str) -> int:
        return await self._outbox(source).last_place()

    async def forgotten_up_to(self, *, source: str) -> int:
        return await self._outbox(source).forgotten_up_to()

    async def passed(self, *, source: str, listener: str, place: int) -> None:
        if not LISTENER.fullmatch(listener):
            raise Invalid("1 to 40 small letters, digits, - and _.", field="listener")
        _counts(place)
        await self._outbox(source).passed(listener, place)

    def _outbox(self, source: str) -> Source:
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


def _counts(place: int) -> None:
    if place < 0:
        raise Invalid("Places count from 0.", field="place")
