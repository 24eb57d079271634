"""How known everybody is, held in memory: figures by person, kept by what each movie adds."""

from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
UNIT = 10_000
"""Popularity is summed in whole ten-thousandths, so that sums do not depend on their order."""
ID_BITS = 31
NONE: Sequence[int] = ()
NAMES = ("popularity", "starts", "sizes", "credits", "movies", "totals", "lives")


class Standings:
    """By movie: its popularity and whom it credits.

    By person: movies, summed popularity, and whether there is such a person.
    """

    def __init__(self) -> None:
        self._popularity: Array = np.zeros(1024, np.int32)
        self._starts: Array = np.zeros(1024, np.int64)
        self._sizes: Array = np.zeros(1024, np.uint16)
        self._credits: Array = np.zeros(8192, np.int32)
        self._movies: Array = np.zeros(1024, np.int32)
        self._totals: Array = np.zeros(1024, np.int64)
        self._lives: Array = np.zeros(1024, np.bool_)
        self._used = 0

    def put(
        self, movies: Sequence[int], popularity: Sequence[float], credited: Sequence[Sequence[int]]
    ) -> None:
        """For each of these movies, none of them twice, whom it credits, nobody twice."""
        if not movies:
            return
        ids = np.array(movies, np.int64)
        self._reserve(int(ids.max()))
        self.drop(ids[self._sizes[ids] > 0].tolist())
        points = np.rint(np.array(popularity, np.float64) * UNIT).astype(np.int32)
        sizes = np.fromiter(map(len, credited), np.int64, len(credited))
        people = np.fromiter(chain.from_iterable(credited), np.int32, int(sizes.sum()))
        self._know(int(people.max(initial=0)))
        self._popularity[ids] = points
        self._sizes[ids] = sizes
        self._starts[ids] = self._used + np.cumsum(sizes) - sizes
        self._append(people)
        np.add.at(self._movies, people, 1)
        np.add.at(self._totals, people, np.repeat(points, sizes))

    def drop(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            if id_ < len(self._sizes) and (size := int(self._sizes[id_])):
                start = int(self._starts[id_])
                people = self._credits[start : start + size]
                self._movies[people] -= 1
                self._totals[people] -= int(self._popularity[id_])
                self._sizes[id_] = 0

    def know(self, people: Iterable[int], gone: Iterable[int]) -> None:
        for flag, ids in ((True, list(people)), (False, list(gone))):
            if ids:
                self._know(max(ids))
                self._lives[ids] = flag

    def standing(self, person: int) -> tuple[int, float]:
        """How many movies, and the sum of their popularity."""
        if not 0 < person < len(self._movies):
            return 0, 0.0
        return int(self._movies[person]), int(self._totals[person]) / UNIT

    def best(self, movies: Sequence[int], count: int) -> tuple[int, ...]:
        """The most popular of these movies, ties by id."""
        if len(movies) < 2:  # noqa: PLR2004 - most people have one, and that is it
            return tuple(movies)
        ids = np.array(movies, np.int64)
        order = np.lexsort((ids, -self._popularity[ids].astype(np.int64)))[:count]
        return tuple(ids[order].tolist())

    def page(
        self,
        among: Sequence[int] | None,
        *,
        descending: bool,
        limit: int,
        after: tuple[float, int] | None,
    ) -> tuple[list[int], int, tuple[float, int] | None]:
        """Ids, how many there are in all, and where the page ended unless it is the last."""
        if among is None:
            ids = np.flatnonzero(self._lives)
        else:
            ids = np.array([one for one in among if one < len(self._lives)], np.int64)
            ids = ids[self._lives[ids]]
        sign = -1 if descending else 1
        keys = (sign * self._totals[ids] << ID_BITS) + ids
        total = len(ids)
        if after is not None:
            place = (sign * round(after[0] * UNIT) << ID_BITS) + after[1]
            keys = keys[keys > place]
        if len(keys) > limit:
            keys = np.partition(keys, limit)[: limit + 1]
        keys = np.sort(keys)
        found = (keys & ((1 << ID_BITS) - 1)).tolist()
        if len(found) <= limit:
            return found, total, None
        last = found[limit - 1]
        return found[:limit], total, (int(self._totals[last]) / UNIT, last)

    def _reserve(self, movie: int) -> None:
        if movie >= len(self._sizes):
            size = max(movie + 1, len(self._sizes) * 3 // 2)
            self._popularity = _grown(self._popularity, size)
            self._starts = _grown(self._starts, size)
            self._sizes = _grown(self._sizes, size)

    def _know(self, person: int) -> None:
        if person >= len(self._lives):
            size = max(person + 1, len(self._lives) * 3 // 2)
            self._movies = _grown(self._movies, size)
            self._totals = _grown(self._totals, size)
            self._lives = _grown(self._lives, size)

    def _append(self, people: Array) -> None:
        needed = self._used + len(people)
        if needed > len(self._credits):
            self._credits = _grown(self._credits, max(needed, len(self._credits) * 3 // 2))
        self._credits[self._used : needed] = people
        self._used = needed

    def _pack(self) -> None:
        """Forget the credits of movies that have changed or gone since."""
        sizes = self._sizes.astype(np.int64)
        ends = np.cumsum(sizes)
        starts = ends - sizes
        at = np.repeat(self._starts - starts, sizes) + np.arange(int(sizes.sum()))
        self._credits, self._used = self._credits[at], int(sizes.sum())
        self._starts = starts

    def save(self, path: Path, mark: str) -> None:
        self._pack()
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            arrays = {name: self._array(name) for name in NAMES}
            np.savez(file, allow_pickle=False, mark=np.array(mark), **arrays)
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path) -> tuple[Self, str]:
        """With the mark it was saved with; OSError, ValueError or KeyError for no such snapshot."""
        found = cls()
        with np.load(path, allow_pickle=False) as arrays:
            for name in NAMES:
                setattr(found, f"_{name}", arrays[name])
            found._used = len(found._credits)
            return found, str(arrays["mark"])

    def _array(self, name: str) -> Array:
        found: Array = getattr(self, f"_{name}")
        return found


def _grown(values: Array, size: int) -> Array:
    wider = np.zeros(size, values.dtype)
    wider[: len(values)] = values
    return wider
