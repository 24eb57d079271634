"""Answers kept in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from marquee.engines.cache import Load
from marquee.engines.cache.flights import Flights, arrival

MOST_BYTES = 64 * 1024 * 1024
MOST_TAGS = 100_000
WEIGHT = 500
"""Bytes an entry takes besides its value, about."""

Stamp = tuple[tuple[str, int], ...]
"""Each tag with the number of the last clear that concerned it."""


@dataclass(frozen=True)
class Entry:
    value: bytes
    stamp: Stamp
    until: float


class MemoryCache:
    """What was used the longest ago makes room. `clock` answers seconds that never go back."""

    def __init__(
        self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._bytes = 0
        self._flights = Flights()
        self._clears = 0
        self._cleared_all_at = 0
        self._cleared_at: dict[str, int] = {}

    async def get_or_load(
        self, key: str, load: Load, *, ttl: float, tags: Collection[str] = ()
    ) -> bytes:
        stamp = self._stamp(tags)
        entry = self._entries.get(key)
        if entry is not None and entry.stamp == stamp and self._clock() < entry.until:
            self._entries.move_to_end(key)
            return entry.value

        async def work() -> bytes:
            value = await load()
            if self._stamp(tags) == stamp:
                self._keep(key, Entry(value, stamp, self._clock() + ttl))
            return value

        return await arrival(self._flights.join((key, stamp), work))

    async def clear(self, tag: str) -> None:
        self._clears += 1
        self._cleared_at[tag] = self._clears
        if len(self._cleared_at) > MOST_TAGS:
            self._cleared_at.clear()
            self._cleared_all_at = self._clears
            self._entries.clear()
            self._bytes = 0

    async def check(self) -> None:
        return

    async def close(self) -> None:
        await self._flights.close()

    def _stamp(self, tags: Collection[str]) -> Stamp:
        last = self._cleared_all_at
        return tuple((tag, self._cleared_at.get(tag, last)) for tag in sorted(set(tags)))

    def _keep(self, key: str, entry: Entry) -> None:
        self._drop(key)
        self._entries[key] = entry
        self._bytes += _weight(key, entry)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _weight(key, entry)


def _weight(key: str, entry: Entry) -> int:
    return WEIGHT + len(key) + len(entry.value)
