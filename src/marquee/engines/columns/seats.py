"""Seats: which slot each id has; slots are handed out densely and given again."""

import numpy as np

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import PLACES, Array, Lane

_SPREAD = 4
"""Ids up to this many times the capacity are found in a table, those beyond in a dict."""


class Seats:
    def __init__(self, capacity: int) -> None:
        self.ids = Lane(PLACES, capacity)
        self._live: bits.Words = np.zeros(bits.words_for(capacity), np.uint64)
        self._table: Array = np.zeros(capacity, np.int32)
        self._beyond: dict[int, int] = {}
        self._free: list[int] = []
        self.top = 0

    def __len__(self) -> int:
        return self.top - len(self._free)

    @property
    def capacity(self) -> int:
        return len(self.ids.values)

    @property
    def live(self) -> bits.Words:
        """The slots in use; not to be written to."""
        return self._live[: bits.words_for(self.top)]

    def grow(self, capacity: int) -> None:
        self.ids.grow(capacity)
        live: bits.Words = np.zeros(bits.words_for(capacity), np.uint64)
        live[: len(self._live)] = self._live
        self._live = live

    def find_one(self, id_: int) -> int:
        """The slot of an id, or -1."""
        if id_ < len(self._table):
            return int(self._table.item(id_)) - 1
        return self._beyond.get(id_, -1)

    def find(self, ids: Array) -> Array:
        near = ids < len(self._table)
        slots = np.full(len(ids), -1, np.int64)
        slots[near] = self._table[ids[near]] - 1
        if self._beyond:
            far = np.flatnonzero(~near)
            slots[far] = [self._beyond.get(id_, -1) for id_ in ids[far].tolist()]
        return slots

    def lacking(self, more: int) -> bool:
        """Whether so many more would not fit."""
        return self.top + more - len(self._free) > self.capacity

    def take(self, ids: Array) -> Array:
        """Slots for ids that have none."""
        again = self._free[len(self._free) - min(len(self._free), len(ids)) :]
        del self._free[len(self._free) - len(again) :]
        more = len(ids) - len(again)
        slots = np.concatenate([np.array(again, np.int64), np.arange(self.top, self.top + more)])
        self.top += more
        self.ids.fit(ids)
        self.ids.values[slots] = ids
        self._mark(slots, taken=True)
        self._point(ids, slots)
        return slots

    def give_back(self, slots: Array) -> None:
        ids = self.ids.values[slots].astype(np.int64)
        near = ids < len(self._table)
        self._table[ids[near]] = 0
        for id_ in ids[~near].tolist():
            del self._beyond[id_]
        self._mark(slots, taken=False)
        self._free.extend(slots.tolist())

    def _mark(self, slots: Array, *, taken: bool) -> None:
        change = np.add if taken else np.subtract
        change.at(self._live, slots >> 6, bits.masks_of(slots))

    def _point(self, ids: Array, slots: Array) -> None:
        self._widen(int(ids.max(initial=0)))
        near = ids < len(self._table)
        self._table[ids[near]] = slots[near] + 1
        if not near.all():
            self._beyond.update(zip(ids[~near].tolist(), slots[~near].tolist(), strict=True))

    def _widen(self, id_: int) -> None:
        limit = self.capacity * _SPREAD
        if id_ < len(self._table) or len(self._table) >= limit:
            return
        size = min(limit, 1 << id_.bit_length())
        table: Array = np.zeros(max(size, len(self._table)), np.int32)
        table[: len(self._table)] = self._table
        self._table = table
        for near in [id_ for id_ in self._beyond if id_ < len(table)]:
            table[near] = self._beyond.pop(near) + 1

    def restore(self, ids: Array, live: Array, capacity: int) -> None:
        self.top = len(ids)
        self.ids.restore(ids, capacity)
        self._live = np.zeros(bits.words_for(capacity), np.uint64)
        self._live[: len(live)] = live
        flags = bits.unpack(live)[: self.top]
        self._free = np.flatnonzero(~flags)[::-1].tolist()
        slots = np.flatnonzero(flags)
        self._point(ids[slots].astype(np.int64), slots)
