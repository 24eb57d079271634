"""Link columns: for every number of a huge vocabulary the slots that name it, as postings."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain

import numpy as np

from marquee.engines.columns.lanes import COUNTS, PLACES, Array, Lane
from marquee.engines.columns.orders import lower_bounds

_MERGE_BEFORE_READ = 4096
_MERGE_AT_LAST = 1 << 16


class LinkColumn:
    """Postings sorted by (number, slot), and beside them what changed since, by slot.

    A slot in `_moved` has its links in `_fresh`, or none; what the postings say of it is void.
    """

    def __init__(self, capacity: int) -> None:
        self._numbers: Array = np.zeros(0, np.uint32)
        self._bounds: Array = np.zeros(1, np.uint32)
        self._slots: Array = np.zeros(0, np.int32)
        self._sizes = Lane(COUNTS, capacity)
        self._moved = np.zeros(capacity, np.bool_)
        self._any_moved = False
        self._fresh: dict[int, tuple[int, ...]] = {}
        self._index: dict[int, set[int]] | None = {}

    def grow(self, capacity: int) -> None:
        self._sizes.grow(capacity)
        moved = np.zeros(capacity, np.bool_)
        moved[: len(self._moved)] = self._moved
        self._moved = moved

    def put_one(self, slot: int, numbers: Sequence[int]) -> None:
        """Give a slot these links and no others."""
        links = tuple(sorted(set(numbers)))
        held = self._fresh.get(slot)
        if links == held or (held is None and self._in_postings(slot, links)):
            return
        if len(links) >= self._sizes.null:
            self._sizes.fit(np.array([len(links)]))
        self._void(slot)
        self._sizes.values[slot] = len(links)
        self._fresh[slot] = links
        if self._index is not None:
            for number in links:
                self._index.setdefault(number, set()).add(slot)

    def put(self, slots: Array, rows: Sequence[Sequence[int]], new: Array) -> None:
        """The same for many, with a flag for each that had no links before."""
        self._index = None
        sizes = [0] * len(rows)
        for at, (slot, numbers, is_new) in enumerate(
            zip(slots.tolist(), rows, new.tolist(), strict=True)
        ):
            if not is_new:
                self.put_one(slot, numbers)
            elif numbers:
                self._fresh[slot] = links = tuple(sorted(set(numbers)))
                sizes[at] = len(links)
        known = np.array(sizes)[new]
        self._sizes.fit(known)
        self._sizes.values[slots[new]] = known
        if len(self._fresh) >= _MERGE_AT_LAST:
            self.settle()

    def drop(self, slots: Array) -> None:
        for slot in slots.tolist():
            self._void(slot)
            self._sizes.values[slot] = 0

    def _void(self, slot: int) -> None:
        links = self._fresh.pop(slot, ())
        if self._index is not None:
            for number in links:
                self._index[number].discard(slot)
        if self._sizes.values.item(slot):
            self._moved[slot] = self._any_moved = True

    def _in_postings(self, slot: int, links: tuple[int, ...]) -> bool:
        if self._moved.item(slot):
            return not links
        if self._sizes.values.item(slot) != len(links):
            return False
        for number in links:
            start, stop = self._segment(number)
            place = bisect_left(self._slots.data, slot, start, stop)
            if place == stop or self._slots.item(place) != slot:
                return False
        return True

    def _segment(self, number: int) -> tuple[int, int]:
        at = bisect_left(self._numbers.data, number)
        if at == len(self._numbers) or self._numbers.item(at) != number:
            return 0, 0
        return self._bounds.item(at), self._bounds.item(at + 1)

    def slots_of(self, number: int) -> Array:
        """The slots that name a number, in no order."""
        if len(self._fresh) > _MERGE_BEFORE_READ:
            self.settle()
        start, stop = self._segment(number)
        found = self._slots[start:stop]
        if self._any_moved:
            found = found[~self._moved[found]]
        if self._index is None:
            self._index = {}
            for slot, links in self._fresh.items():
                for link in links:
                    self._index.setdefault(link, set()).add(slot)
        fresh = self._index.get(number)
        return np.append(found, list(fresh)).astype(np.int64) if fresh else found.astype(np.int64)

    def settle(self) -> None:
        """Merge what changed into the postings."""
        if not self._fresh and not self._any_moved:
            return
        if self._any_moved:
            self._forget_moved()
        sizes = np.fromiter(map(len, self._fresh.values()), np.int64, len(self._fresh))
        slots = np.repeat(np.fromiter(self._fresh, np.int32, len(self._fresh)), sizes)
        links = chain.from_iterable(self._fresh.values())
        numbers = np.fromiter(links, np.int64, int(sizes.sum()))
        order = np.lexsort((slots, numbers))
        self._merge(numbers[order], slots[order])
        self._fresh, self._index = {}, {}

    def _forget_moved(self) -> None:
        keep = ~self._moved[self._slots]
        before = np.concatenate([[0], np.cumsum(keep, dtype=np.uint32)]).astype(np.uint32)
        bounds = before[self._bounds]
        used = bounds[1:] > bounds[:-1]
        self._slots, self._numbers = self._slots[keep], self._numbers[used]
        self._bounds = np.concatenate([[0], bounds[1:][used]]).astype(np.uint32)
        self._moved[:] = False
        self._any_moved = False

    def _merge(self, numbers: Array, slots: Array) -> None:
        at = np.searchsorted(self._numbers, numbers)
        segments = np.append(self._bounds, self._bounds[-1]).astype(np.int64)
        known = at < len(self._numbers)
        known[known] = self._numbers[at[known]] == numbers[known]
        start, stop = segments[at], np.where(known, segments[at + 1], segments[at])
        held = self._slots
        place = lower_bounds(start, stop, lambda middle: held[middle] < slots)
        self._slots = np.insert(held, place, slots)
        new, new_at = np.unique(numbers[~known], return_index=True)
        lengths = np.insert(np.diff(self._bounds.astype(np.int64)), at[~known][new_at], 0)
        merged = Lane(PLACES, 0)
        merged.fit(new[-1:])
        dtype = np.promote_types(self._numbers.dtype, merged.values.dtype)
        wider = np.insert(self._numbers.astype(dtype), at[~known][new_at], new.astype(dtype))
        np.add.at(lengths, np.searchsorted(wider, numbers), 1)
        self._numbers = wider
        self._bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)

    def state(self, top: int) -> dict[str, Array]:
        self.settle()
        return {
            "numbers": self._numbers,
            "bounds": self._bounds,
            "slots": self._slots,
            "sizes": self._sizes.values[:top],
        }

    def restore(self, state: dict[str, Array], capacity: int) -> None:
        self._numbers, self._bounds = state["numbers"], state["bounds"]
        self._slots = state["slots"]
        self._sizes.restore(state["sizes"], capacity)
        self._moved = np.zeros(capacity, np.bool_)
