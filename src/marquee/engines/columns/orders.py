"""Orders: a permutation of the slots by key, then by id, kept sorted by small moves and merges."""

from collections.abc import Callable

import numpy as np

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array, Lane

FEW = 8
_RESORT = 4


def lower_bounds(low: Array, high: Array, before: Callable[[Array], Array]) -> Array:
    """Many binary searches at once: for each, the first place in [low, high) that is not `before`.

    `before` is given one place for each search; a finished search gets a place as well, whose
    answer does not count.
    """
    low, high = low.copy(), high.copy()
    last = np.maximum(high - 1, 0)
    while (searching := low < high).any():
        middle = (low + high) >> 1
        right = before(np.minimum(middle, last)) & searching
        low = np.where(right, middle + 1, low)
        high = np.where(searching & ~right, middle, high)
    return low


class Order:
    """Slots by (key, id) ascending, so nulls last. Keys and ids are lanes that others write.

    Few changes move their slot at once; many are left pending until `settle`, which merges them.
    `prepare(kept, fresh)` may give the fresh slots their keys before they are merged.
    """

    def __init__(
        self, keys: Lane, ids: Lane, prepare: Callable[[Array, Array], None] | None = None
    ) -> None:
        self.keys = keys
        self._ids = ids
        self._prepare = prepare
        self._slots: Array = np.zeros(0, np.int32)
        self.size = 0
        self._touched: Array | None = None

    @property
    def slots(self) -> Array:
        return self._slots[: self.size]

    @property
    def settled(self) -> bool:
        return self._touched is None

    def grow(self, capacity: int) -> None:
        wider: Array = np.zeros(capacity, np.int32)
        wider[: self.size] = self.slots
        self._slots = wider
        if self._touched is not None:
            flags = np.zeros(capacity, np.bool_)
            flags[: len(self._touched)] = self._touched
            self._touched = flags

    def restore(self, slots: Array, capacity: int) -> None:
        self._slots, self.size = slots, len(slots)
        self.grow(capacity)

    def seek(self, key: float, id_: int, low: int = 0, high: int | None = None) -> int:
        """The first place whose (key, id) is not less than this."""
        slots, keys, ids = self._slots.item, self.keys.values.item, self._ids.values.item
        high = self.size if high is None else high
        while low < high:
            middle = (low + high) >> 1
            slot = slots(middle)
            found = keys(slot)
            if found < key or (found == key and ids(slot) < id_):
                low = middle + 1
            else:
                high = middle
        return low

    def place(self, slot: int) -> int:
        """Where a slot stands now; ask before its key changes."""
        return self.seek(self.keys.values.item(slot), self._ids.values.item(slot))

    def insert(self, slot: int) -> None:
        at = self.place(slot)
        self._slots[at + 1 : self.size + 1] = self._slots[at : self.size]
        self._slots[at] = slot
        self.size += 1

    def remove(self, place: int) -> None:
        self._slots[place : self.size - 1] = self._slots[place + 1 : self.size]
        self.size -= 1

    def move(self, slot: int, place: int, *, up: bool) -> None:
        """Put a slot right whose key has just changed, upwards or downwards."""
        key, id_ = self.keys.values.item(slot), self._ids.values.item(slot)
        if up:
            to = self.seek(key, id_, place + 1, self.size) - 1
            self._slots[place:to] = self._slots[place + 1 : to + 1]
        else:
            to = self.seek(key, id_, 0, place)
            self._slots[to + 1 : place + 1] = self._slots[to:place]
        self._slots[to] = slot

    def touch(self, slots: Array) -> None:
        """Leave slots that came, changed or went to the next `settle`."""
        if self._touched is None:
            self._touched = np.zeros(len(self._slots), np.bool_)
        self._touched[slots] = True

    def settle(self, live: bits.Words) -> None:
        flags = self._touched
        if flags is None:
            return
        dirty = np.flatnonzero(flags)
        kept = self.slots
        kept = kept[~flags[kept]]
        fresh = dirty[bits.test(live, dirty)]
        if self._prepare:
            self._prepare(kept, fresh)
        if len(fresh) * _RESORT > len(kept):
            merged = self._sorted(np.concatenate([kept, fresh]))
        else:
            merged = self._merged(kept, self._sorted(fresh))
        self._slots[: len(merged)] = merged
        self.size = len(merged)
        self._touched = None

    def _sorted(self, slots: Array) -> Array:
        flags = np.zeros(len(self._slots), np.bool_)
        flags[slots] = True
        slots = np.flatnonzero(flags)
        ids = self._ids.values[slots]
        if len(ids) and not (ids[1:] > ids[:-1]).all():
            slots = slots[np.argsort(ids)]
        ordered: Array = slots[np.argsort(self.keys.values[slots], kind="stable")]
        return ordered

    def _merged(self, kept: Array, fresh: Array) -> Array:
        keys, ids = self.keys.values, self._ids.values
        key, id_ = keys[fresh], ids[fresh]

        def before(place: Array) -> Array:
            slot = kept[place]
            found = keys[slot]
            less: Array = (found < key) | ((found == key) & (ids[slot] < id_))
            return less

        start = np.zeros(len(fresh), np.int64)
        at = lower_bounds(start, np.full(len(fresh), len(kept)), before)
        return np.insert(kept, at, fresh)
