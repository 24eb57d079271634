"""Which rows may have a key: a compact index in memory, so that imports need none on disk.

An index on disk costs one page to write for almost every key that is added, in whatever order keys
come; a thousand movies at a time, that is more than everything else an import does.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Ids = NDArray[np.int32]
LARGER = 4
"""Each run of keys is at least so many times as long as the next."""


class Hashes:
    """From hashes to row ids, twelve bytes each.

    A hash may lead to rows that do not have the key: whoever asks looks at the rows.
    """

    def __init__(self, keys: Sequence[int] = (), ids: Sequence[int] = ()) -> None:
        self._runs: list[tuple[Keys, Ids]] = []
        self.add(keys, ids)

    def add(self, keys: Sequence[int], ids: Sequence[int]) -> None:
        """Keys and the rows they lead to."""
        if not len(keys):
            return
        fresh, rows = np.array(keys, np.int64), np.array(ids, np.int32)
        order = np.argsort(fresh, kind="stable")
        run = (fresh[order], rows[order])
        while self._runs and len(self._runs[-1][0]) < LARGER * len(run[0]):
            run = _merged(self._runs.pop(), run)
        self._runs.append(run)

    def find(self, keys: Sequence[int]) -> set[int]:
        """The rows that may have one of these."""
        found: set[int] = set()
        sought = np.sort(np.array(keys, np.int64))  # neighbors are looked for together
        for held, ids in self._runs:
            start = np.searchsorted(held, sought, "left")
            is_held = held[np.minimum(start, len(held) - 1)] == sought
            some, start = sought[is_held], start[is_held]
            found.update(ids[start].tolist())
            stop = np.searchsorted(held, some, "right")
            several = np.flatnonzero(stop - start > 1)
            for at in several.tolist():
                found.update(ids[start[at] : stop[at]].tolist())
        return found


def _merged(one: tuple[Keys, Ids], other: tuple[Keys, Ids]) -> tuple[Keys, Ids]:
    """Both in order; what is in both is not repeated where that is easily seen."""
    (keys, ids), (fresh, rows) = one, other
    at = np.searchsorted(keys, fresh)
    near = np.minimum(at, len(keys) - 1)
    is_new = (keys[near] != fresh) | (ids[near] != rows)
    at, fresh, rows = at[is_new], fresh[is_new], rows[is_new]
    return np.insert(keys, at, fresh), np.insert(ids, at, rows)
