"""Number columns: exact values, filtered by cumulative bitmaps and sorted by an order."""

from math import ceil, floor, inf, isfinite, nextafter

import numpy as np
from numpy.typing import NDArray

from marquee.engines.columns import bits
from marquee.engines.columns.floors import Floors, Steps
from marquee.engines.columns.lanes import NUMBERS, Array, Lane
from marquee.engines.columns.orders import FEW, Order


class NumberColumn:
    def __init__(self, ids: Lane, capacity: int, *, steps: Steps | None, sorts: bool) -> None:
        self.keys = Lane(NUMBERS, capacity)
        self.order = Order(self.keys, ids) if sorts else None
        self._floors = Floors(self.keys, steps) if steps else None
        self.grow(capacity)

    @property
    def ranged(self) -> bool:
        return self._floors is not None

    def grow(self, capacity: int) -> None:
        self.keys.grow(capacity)
        if self.order:
            self.order.grow(capacity)
        if self._floors:
            self._floors.forget()

    def put_one(self, slot: int, number: float | None, *, fresh: bool) -> None:
        """Give a slot its number; a fresh slot was not in the order before."""
        if number is not None and not self.keys.holds(number):
            self.keys.fit(np.array([number], np.float64))
        key = self.keys.null if number is None else number
        held = self.keys.values.item(slot)
        if key == held and not fresh:
            return
        order = self.order
        if order and not order.settled:
            order.touch(np.array([slot]))
            order = None
        place = order.place(slot) if order and not fresh else 0
        self.keys.values[slot] = key
        if order and fresh:
            order.insert(slot)
        elif order:
            order.move(slot, place, up=key > held)
        if self._floors:
            self._floors.follow(slot, number)

    def put(self, slots: Array, numbers: Array, fresh: Array) -> None:
        """The same for many, with a flag for each; not-a-number stands for None."""
        given = numbers.copy()
        blank = np.isnan(given)
        self.keys.fit(given[~blank])
        given[blank] = self.keys.null
        changed = np.flatnonzero(fresh | (given != self.keys.values[slots]))
        if len(changed) <= FEW:
            for at in changed.tolist():
                number = None if blank[at] else float(numbers[at])
                self.put_one(int(slots[at]), number, fresh=bool(fresh[at]))
            return
        self._write(slots[changed], given[changed])

    def _write(self, slots: Array, keys: Array | float) -> None:
        self.keys.values[slots] = keys
        if self.order:
            self.order.touch(slots)
        if self._floors:
            self._floors.follow_many(slots)

    def drop_one(self, slot: int) -> None:
        if self.order and self.order.settled:
            self.order.remove(self.order.place(slot))
        elif self.order:
            self.order.touch(np.array([slot]))
        self.keys.values[slot] = self.keys.null
        if self._floors:
            self._floors.follow(slot, None)

    def drop(self, slots: Array) -> None:
        self._write(slots, self.keys.null)

    def settle(self, live: bits.Words) -> None:
        if self.order:
            self.order.settle(live)

    def state(self, top: int) -> dict[str, Array]:
        """What a snapshot holds of a settled column."""
        order = {"order": self.order.slots} if self.order else {}
        return {"keys": self.keys.values[:top], **order}

    def restore(self, state: dict[str, Array], capacity: int) -> None:
        self.keys.restore(state["keys"], capacity)
        if self.order:
            self.order.restore(state["order"], capacity)

    def between(self, low: float | None, high: float | None, top: int) -> bits.Words:
        """The bits of the slots whose number is within these bounds; None is never."""
        if self._floors is None:
            raise TypeError("this column has no ranges")
        start = self._first_from(-inf if low is None else low)
        stop = self._first_beyond(inf if high is None else high)
        if start >= stop:
            return np.zeros(bits.words_for(top), np.uint64)
        return self._floors.at_least(start, top) ^ self._floors.at_least(stop, top)

    def within(self, slots: Array, low: float | None, high: float | None) -> NDArray[np.bool_]:
        """For each of these slots, whether its number is within these bounds."""
        numbers = self.keys.values[slots].astype(np.float64)
        held: NDArray[np.bool_] = numbers != self.keys.null
        if low is not None:
            held &= numbers >= low
        if high is not None:
            held &= numbers <= high
        return held

    def _whole(self) -> bool:
        return self.keys.values.dtype.kind == "i"

    def _first_from(self, bound: float) -> float:
        return float(ceil(bound)) if self._whole() and isfinite(bound) else bound

    def _first_beyond(self, bound: float) -> float:
        if not isfinite(bound):
            return bound
        return float(floor(bound) + 1) if self._whole() else nextafter(bound, inf)

    def window(self, low: float | None, high: float | None) -> tuple[int, int]:
        """The part of the order whose numbers are within these bounds."""
        order = self.order
        if order is None:
            raise KeyError("not a sort column")
        start = 0 if low is None else order.seek(low, 0)
        last = self._first_beyond(inf if high is None else high)
        return start, max(start, order.seek(min(last, self.keys.null), 0))

    def key_in(self, key: float | str | None) -> float:
        """A cursor's key as the order compares it: less than null unless it is None."""
        if key is None:
            return float(self.keys.null)
        if isinstance(key, str) or key != key:  # noqa: PLR0124 -- only not-a-number differs from itself
            raise ValueError("the cursor's key is not a number")
        try:
            return min(float(key), self._greatest())
        except OverflowError:
            raise ValueError("the cursor's key is out of range") from None

    def _greatest(self) -> float:
        return float(self.keys.null) - 0.5 if self._whole() else nextafter(inf, 0)

    def key_out(self, slot: int) -> float | None:
        key = self.keys.values.item(slot)
        return None if key == self.keys.null else float(key)
