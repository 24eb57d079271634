"""Floors: for a bound, the bitmap of all slots whose number is at least that."""

from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array, Lane

_KEPT_BYTES = 16 << 20
_KEPT_LEAST = 16
_MOST_GRADES = 1 << 15

Steps = tuple[float, float, float]


class Floors:
    """Cumulative bitmaps over a lane, None being more than any number.

    Those asked for last are kept, as many as there are steps but within 16 MiB, and follow every small
    change; another costs one pass. A range is the exclusive or of two of them.
    """

    def __init__(self, keys: Lane, steps: Steps) -> None:
        low, high, step = steps
        self._keys = keys
        self._steps = steps
        self._most_kept = int((high - low) / step) + 3
        self.forget()

    def forget(self) -> None:
        """Begin anew: the lane has grown or is another."""
        self._grades: Grades | None = None
        self._forget_rows()

    def _forget_rows(self) -> None:
        self._rows: dict[float, int] = {}
        self._bounds: Array = np.zeros(0)
        self._bits: Array = np.zeros((0, 0), np.uint64)

    def _reserve(self) -> None:
        words = bits.words_for(len(self._keys.values))
        room = max(_KEPT_LEAST, min(self._most_kept, _KEPT_BYTES // (words * 8)))
        self._bits = np.zeros((room, words), np.uint64)
        self._bounds = np.full(room, inf)

    def at_least(self, bound: float, top: int) -> bits.Words:
        """Not to be written to, and good until sixteen others have been asked for."""
        words = bits.words_for(top)
        row = self._rows.pop(bound, None)
        if row is None:
            if not self._rows:
                self._reserve()
            row = len(self._rows)
            if row == len(self._bounds):
                row = self._rows.pop(next(iter(self._rows)))
            self._bits[row, :words] = bits.pack(self._flags(bound, top), words)
            self._bounds[row] = bound
        self._rows[bound] = row
        return self._bits[row, :words]

    def _flags(self, bound: float, top: int) -> NDArray[np.bool_]:
        keys = self._keys.values
        if keys.dtype.kind == "f":
            if self._grades is None:
                self._grades = Grades(self._keys, self._steps)
            return self._grades.at_least(bound, top)
        least, null = int(np.iinfo(keys.dtype).min), int(self._keys.null)
        whole = null if bound >= null else least if bound <= least else ceil(bound)
        return np.greater_equal(keys[:top], whole)

    def follow(self, slot: int, key: float | None) -> None:
        """Put one slot right whose number has changed."""
        key = inf if key is None else key
        if self._grades:
            self._grades.follow(np.array([slot]))
        kept = len(self._rows)
        if not kept:
            return
        mask = bits.mask_of(slot)
        column = self._bits[:kept, slot >> 6]
        above = np.where(self._bounds[:kept] <= key, mask, np.uint64(0))
        column &= ~mask
        column |= above

    def follow_many(self, slots: Array) -> None:
        if self._grades:
            self._grades.follow(slots)
        self._forget_rows()


class Grades:
    """Numbers rounded down to a step, in a byte or two a slot: a bound is found by reading little.

    Where a bound falls within a grade, its numbers themselves are asked, so that it is exact.
    """

    def __init__(self, keys: Lane, steps: Steps) -> None:
        self._keys = keys
        self._low, high, step = steps
        self._per_unit = 1 / step
        self._null = int(min((high - self._low) * self._per_unit + 1, _MOST_GRADES))
        dtype = np.uint8 if self._null <= np.iinfo(np.uint8).max else np.uint16
        self._codes: Array = np.zeros(len(keys.values), dtype)
        self._least = np.full(self._null + 1, inf)
        self._greatest = np.full(self._null + 1, -inf)
        self.follow(np.arange(len(keys.values)))

    def _code(self, numbers: Array) -> Array:
        """Never less for a greater number; None has the last."""
        steps = np.clip((numbers - self._low) * self._per_unit, 0, self._null - 1)
        return np.where(numbers == inf, self._null, steps).astype(self._codes.dtype)

    def follow(self, slots: Array) -> None:
        numbers = self._keys.values[slots].astype(np.float64)
        codes = self._code(numbers)
        self._codes[slots] = codes
        np.minimum.at(self._least, codes, numbers)
        np.maximum.at(self._greatest, codes, numbers)

    def at_least(self, bound: float, top: int) -> NDArray[np.bool_]:
        codes = self._codes[:top]
        code = self._code(np.array([bound]))[0]
        if bound <= self._least[code]:
            whole: NDArray[np.bool_] = codes >= code
            return whole
        flags: NDArray[np.bool_] = codes > code
        if bound <= self._greatest[code]:
            mixed = np.flatnonzero(codes == code)
            flags[mixed] = self._keys.values[mixed].astype(np.float64) >= bound
        return flags
