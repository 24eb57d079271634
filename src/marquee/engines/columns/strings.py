"""Byte strings side by side in one blob, compared and sorted by the thousand without making objects."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from marquee.engines.columns.lanes import PLACES, Array, Lane

_CHUNK = 7
_SLACK = 8
_FIRST = 8
"""Where the first string starts: a start of 0 says that there is none."""
_MASKS = np.array([0] + [(1 << 64) - (1 << (64 - 8 * n)) for n in range(1, _CHUNK + 1)], np.uint64)
_BLOCK = 1 << 16
_WASTE = 1 << 16


class Strings:
    """One byte string or None per slot. What is replaced is left behind until a compaction."""

    def __init__(self, capacity: int) -> None:
        self._starts = Lane(PLACES, capacity)
        self._lengths = Lane(("u1", "u2", "u4"), capacity)
        self._blob: NDArray[np.uint8] = np.zeros(1 << 10, np.uint8)
        self._used = _FIRST
        self._waste = 0

    def grow(self, capacity: int) -> None:
        self._starts.grow(capacity)
        self._lengths.grow(capacity)

    def read(self, slot: int) -> bytes | None:
        start = self._starts.values.item(slot)
        if not start:
            return None
        return self._blob[start : start + self._lengths.values.item(slot)].tobytes()

    def known(self, slots: Array) -> Array:
        """Those of the slots that have a string."""
        known: Array = slots[self._starts.values[slots] > 0]
        return known

    def write(self, slots: Array, texts: list[bytes | None]) -> None:
        self.clear(slots)
        lengths = np.fromiter((len(text or b"") for text in texts), np.int64, len(texts))
        joined = b"".join(text for text in texts if text)
        self._reserve(len(joined))
        self._blob[self._used : self._used + len(joined)] = np.frombuffer(joined, np.uint8)
        starts = self._used + np.cumsum(lengths) - lengths
        starts[np.fromiter((text is None for text in texts), np.bool_, len(texts))] = 0
        self._used += len(joined)
        self._starts.fit(starts)
        self._lengths.fit(lengths)
        self._starts.values[slots] = starts
        self._lengths.values[slots] = lengths

    def clear(self, slots: Array) -> None:
        self._waste += int(self._lengths.values[slots].sum(dtype=np.int64))
        self._starts.values[slots] = 0
        self._lengths.values[slots] = 0

    def _reserve(self, more: int) -> None:
        if self._used + more + _SLACK <= len(self._blob):
            return
        if self._waste > max(_WASTE, self._used // 2):
            self._compact()
        size = len(self._blob)
        while size < self._used + more + _SLACK:
            size *= 2
        blob = np.zeros(size, np.uint8)
        blob[: self._used] = self._blob[: self._used]
        self._blob = blob

    def _compact(self) -> None:
        blob = np.zeros(len(self._blob), np.uint8)
        held = np.flatnonzero(self._starts.values)
        end = _FIRST
        for block in (held[at : at + _BLOCK] for at in range(0, len(held), _BLOCK)):
            lengths = self._lengths.values[block].astype(np.int64)
            starts = end + np.cumsum(lengths) - lengths
            total = int(lengths.sum())
            moved = np.repeat(self._starts.values[block].astype(np.int64) - starts, lengths)
            blob[end : end + total] = self._blob[moved + np.arange(end, end + total)]
            self._starts.values[block] = starts
            end += total
        self._blob, self._used, self._waste = blob, end, 0

    def _words(self, slots: Array, depth: int) -> NDArray[np.uint64]:
        """The seven bytes at a depth, high end first, and below them how many there are.

        Numbers compare as the strings do; only a word that ends in seven may be followed by another.
        """
        left = np.clip(self._lengths.values[slots].astype(np.int64) - depth * _CHUNK, 0, _CHUNK)
        starts = self._starts.values[slots].astype(np.int64) + depth * _CHUNK
        window: NDArray[Any] = np.ndarray(
            (len(self._blob) - _SLACK + 1,), dtype=">u8", buffer=self._blob, strides=(1,)
        )
        words = window[np.minimum(starts, self._used)].astype(np.uint64)
        return (words & _MASKS[left]) | left.astype(np.uint64)

    def compare(self, left: Array, right: Array) -> Array:
        """For each pair of slots -1, 0 or 1, as the left string is less, equal or greater."""
        found = np.zeros(len(left), np.int8)
        open_ = np.arange(len(left))
        depth = 0
        while len(open_):
            one, other = self._words(left[open_], depth), self._words(right[open_], depth)
            found[open_] = (one > other).astype(np.int8) - (one < other).astype(np.int8)
            open_ = open_[(one == other) & (one & np.uint64(7) == _CHUNK)]
            depth += 1
        return found

    def sort(self, slots: Array) -> tuple[Array, NDArray[np.bool_]]:
        """The slots by their strings, and for each whether its string differs from the one before."""
        words = self._words(slots, 0)
        order = np.argsort(words, kind="stable")
        slots, words = slots[order], words[order]
        first = np.ones(len(slots), np.bool_)
        first[1:] = words[1:] != words[:-1]
        open_ = _ties(first, np.flatnonzero(words & np.uint64(7) == _CHUNK))
        depth = 1
        while len(open_):
            words = self._words(slots[open_], depth)
            inner = np.lexsort((words, np.cumsum(first[open_])))
            slots[open_], words = slots[open_[inner]], words[inner]
            first[open_[1:]] |= words[1:] != words[:-1]
            open_ = _ties(first, open_[words & np.uint64(7) == _CHUNK])
            depth += 1
        return slots, first

    def state(self, top: int) -> dict[str, Array]:
        return {
            "starts": self._starts.values[:top],
            "lengths": self._lengths.values[:top],
            "blob": self._blob[: self._used],
        }

    def restore(self, state: dict[str, Array], capacity: int) -> None:
        self._starts.restore(state["starts"], capacity)
        self._lengths.restore(state["lengths"], capacity)
        self._used = len(state["blob"])
        self._waste = self._used - _FIRST - int(state["lengths"].sum(dtype=np.int64))
        self._blob = np.zeros(1 << (self._used + _SLACK).bit_length(), np.uint8)
        self._blob[: self._used] = state["blob"]


def _ties(first: NDArray[np.bool_], places: Array) -> Array:
    """Those of the places that share a string so far with a neighbor."""
    last = np.append(first[1:], [True])
    tied: Array = places[~(first[places] & last[places])]
    return tied
