"""Which rows may have a key: a compact index in memory, so that imports need none on disk.

An index on disk costs one page to write for almost every key that is added, in whatever order keys
come; a thousand movies at a time, that is more than everything else an import does.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

FRESH = 1 << 16


class Hashes:
    """From hashes to row ids, twelve bytes each.

    A hash may lead to rows that do not have the key: whoever asks looks at the rows.
    """

    def __init__(self, keys: Sequence[int] = (), ids: Sequence[int] = ()) -> None:
        self._keys: NDArray[np.int64] = np.array(keys, np.int64)
        self._ids: NDArray[np.int32] = np.array(ids, np.int32)
        order = np.argsort(self._keys, kind="stable")
        self._keys, self._ids = self._keys[order], self._ids[order]
        self._fresh: dict[int, tuple[int, ...]] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[object, int]]) -> Self:
        keys, ids = array("q"), array("i")
        for key, id_ in pairs:
            keys.append(hash(key))
            ids.append(id_)
        return cls(keys, ids)

    def add(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Keys and the rows they lead to."""
        fresh = self._fresh
        for key, id_ in pairs:
            ids = fresh.get(key)
            if ids is None:
                fresh[key] = (id_,)
            elif id_ not in ids:
                fresh[key] = (*ids, id_)
        if len(fresh) >= FRESH:
            self._settle()

    def find(self, keys: Iterable[int]) -> set[int]:
        """The rows that may have one of these."""
        wanted = list(keys)
        fresh = self._fresh
        found = {id_ for key in wanted if key in fresh for id_ in fresh[key]}
        if len(self._keys):
            sought = np.sort(np.array(wanted, np.int64))  # neighbors are looked for together
            start = np.searchsorted(self._keys, sought, "left")
            is_held = self._keys[np.minimum(start, len(self._keys) - 1)] == sought
            held, start = sought[is_held], start[is_held]
            stop = np.searchsorted(self._keys, held, "right")
            for first, last in zip(start.tolist(), stop.tolist(), strict=True):
                found.update(self._ids[first:last].tolist())
        return found

    def _settle(self) -> None:
        keys = np.array([key for key, ids in self._fresh.items() for _ in ids], np.int64)
        ids = np.array([id_ for ids in self._fresh.values() for id_ in ids], np.int32)
        order = np.argsort(keys, kind="stable")
        at = np.searchsorted(self._keys, keys[order])
        self._keys = np.insert(self._keys, at, keys[order])
        self._ids = np.insert(self._ids, at, ids[order])
        self._fresh = {}
