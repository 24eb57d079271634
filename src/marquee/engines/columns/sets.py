"""Set columns: for every value one packed bitmap of the slots that have it, and its count."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array

_SPARSE = 4


class Vocabulary(dict[str, int]):
    """Numbers texts as they come."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


class SetColumn:
    def __init__(self, capacity: int) -> None:
        self.codes = Vocabulary()
        self._bits: Array = np.zeros((8, bits.words_for(capacity)), np.uint64)
        self._counts: Array = np.zeros(8, np.int64)

    def grow(self, capacity: int) -> None:
        self._resize(len(self._bits), bits.words_for(capacity), len(self.codes))

    def _resize(self, rows: int, words: int, known: int) -> None:
        wider: Array = np.zeros((rows, words), np.uint64)
        wider[:known, : self._bits.shape[1]] = self._bits[:known]
        counts = np.zeros(rows, np.int64)
        counts[:known] = self._counts[:known]
        self._bits, self._counts = wider, counts

    def _number(self, texts: Sequence[str]) -> Array:
        known = len(self.codes)
        found = np.fromiter(map(self.codes.__getitem__, texts), np.int64, len(texts))
        self._fit(known)
        return found

    def _fit(self, known: int) -> None:
        """Make room for the values that came after so many."""
        if len(self.codes) > len(self._bits):
            rows = 1 << (len(self.codes) - 1).bit_length()
            self._resize(rows, self._bits.shape[1], known)

    def put_one(self, slot: int, texts: Sequence[str]) -> None:
        """Give a slot these values and no others."""
        known = len(self.codes)
        wanted = {self.codes[text] for text in texts}
        self._fit(known)
        word, mask = slot >> 6, bits.mask_of(slot)
        column = self._bits[: len(self.codes), word]
        held = set((column & mask).nonzero()[0].tolist())
        if wanted == held:
            return
        for code in held - wanted:
            column[code] &= ~mask
            self._counts[code] -= 1
        for code in wanted - held:
            column[code] |= mask
            self._counts[code] += 1

    def put(self, slots: Array, rows: Sequence[Sequence[str]], known: Array) -> None:
        """The same for many; `known` are those of the slots that may hold values already."""
        self.drop(known)
        sizes = np.fromiter(map(len, rows), np.int64, len(rows))
        codes = self._number(list(chain.from_iterable(rows)))
        if not len(codes):
            return
        width = self._bits.shape[1]
        pairs = np.sort(codes * (width << 6) + np.repeat(slots, sizes))
        pairs = pairs[np.append([True], pairs[1:] != pairs[:-1])]
        code, slot = np.divmod(pairs, width << 6)
        np.add.at(self._bits.reshape(-1), code * width + (slot >> 6), bits.masks_of(slot))
        np.add.at(self._counts, code, 1)

    def drop(self, slots: Array) -> None:
        if not len(slots):
            return
        words, place = np.unique(slots >> 6, return_inverse=True)
        masks = np.zeros(len(words), np.uint64)
        np.add.at(masks, place, bits.masks_of(slots))
        known = len(self.codes)
        held = self._bits[:known, words]
        gone = np.bitwise_count(held & masks).sum(axis=1, dtype=np.int64)
        self._counts[:known] -= gone
        self._bits[:known, words] = held & ~masks

    def any_of(self, texts: Sequence[str], words: int) -> bits.Words:
        """The slots that have at least one of these values; not to be written to."""
        codes = [self.codes[text] for text in texts if text in self.codes]
        if len(codes) == 1:
            return self._bits[codes[0], :words]
        found = np.zeros(words, np.uint64)
        for code in codes:
            found |= self._bits[code, :words]
        return found

    def counts(self) -> dict[str, int]:
        tallies = self._counts[: len(self.codes)].tolist()
        return {text: tally for text, tally in zip(self.codes, tallies, strict=True) if tally}

    def counts_among(self, words: bits.Words) -> dict[str, int]:
        """How many of the given slots have each value."""
        rows = self._bits[: len(self.codes), : len(words)]
        held = np.flatnonzero(words != 0)
        if len(held) * _SPARSE < len(words):
            rows, words = rows[:, held], words[held]
        found: dict[str, int] = {}
        for text, row in zip(self.codes, rows, strict=True):
            if tally := bits.count(row & words):
                found[text] = tally
        return found

    def state(self, words: int) -> tuple[list[str], Array]:
        return list(self.codes), self._bits[: len(self.codes), :words]

    def restore(self, texts: list[str], rows: Array, capacity: int) -> None:
        self.codes = Vocabulary(zip(texts, range(len(texts)), strict=True))
        height = max(8, 1 << (len(texts) - 1).bit_length())
        self._bits = np.zeros((height, bits.words_for(capacity)), np.uint64)
        self._bits[: len(texts), : rows.shape[1]] = rows
        self._counts = np.zeros(height, np.int64)
        self._counts[: len(texts)] = [bits.count(row) for row in rows]
