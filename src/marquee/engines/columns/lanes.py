"""Lanes: one number per slot, grown by doubling, in the narrowest type that loses nothing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NUMBERS = ("i2", "i4", "f4", "f8")
COUNTS = ("u1", "u2", "u4")
PLACES = ("u4", "i8")
DOUBLE = 8


def least_of(dtype: np.dtype[Any]) -> Any:
    return -np.inf if dtype.kind == "f" else int(np.iinfo(dtype).min)


def top_of(dtype: np.dtype[Any]) -> Any:
    """The greatest value of a type, which stands for None, so that None sorts last."""
    return np.inf if dtype.kind == "f" else int(np.iinfo(dtype).max)


class Lane:
    """`values[slot]`; a type's greatest value is `null`. Widening copies the lane once."""

    def __init__(self, ladder: tuple[str, ...], capacity: int) -> None:
        self._ladder = [np.dtype(name) for name in ladder]
        self.values: Array = np.zeros(capacity, self._ladder[0])
        self._know(self._ladder[0])

    def _know(self, dtype: np.dtype[Any]) -> None:
        self.null, self._least = top_of(dtype), least_of(dtype)
        self._whole = dtype.kind != "f"
        self._exact = dtype.kind == "f" and dtype.itemsize == DOUBLE

    def grow(self, capacity: int) -> None:
        wider: Array = np.zeros(capacity, self.values.dtype)
        wider[: len(self.values)] = self.values
        self.values = wider

    def restore(self, values: Array, capacity: int) -> None:
        self.values = values
        self._know(values.dtype)
        self.grow(capacity)

    def holds(self, value: float) -> bool:
        """Whether a value fits as the lane is now."""
        if self._whole:
            return self._least <= value < self.null and value == int(value)
        return self._exact or _fits(np.array([value]), self.values.dtype)

    def fit(self, values: Array) -> None:
        """Widen until every one of these (none of them null) can be stored without loss."""
        if not len(values) or _fits(values, self.values.dtype):
            return
        rung = self._ladder.index(self.values.dtype)
        known = self.values[self.values != self.null]
        for dtype in self._ladder[rung + 1 :]:
            if _fits(values, dtype) and _fits(known, dtype):
                break
        self._widen(dtype)

    def _widen(self, dtype: np.dtype[Any]) -> None:
        blank = self.values == self.null
        self.values = self.values.astype(dtype)
        self._know(dtype)
        self.values[blank] = self.null


def _fits(values: Array, dtype: np.dtype[Any]) -> bool:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return dtype.itemsize == DOUBLE or bool((values.astype(dtype) == values).all())
    inside = (values >= least_of(dtype)) & (values < top_of(dtype))
    if values.dtype.kind == "f":
        inside &= values == np.floor(values)
    return bool(inside.all())
