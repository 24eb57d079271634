"""Columns: rows in memory, filtered by bitmaps, paged along permutations, counted by facets."""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Self

import numpy as np

from marquee.engines.columns import bits, pages, snapshot
from marquee.engines.columns.filters import match
from marquee.engines.columns.numbers import NumberColumn
from marquee.engines.columns.rows import Rows, capacity_for
from marquee.engines.columns.shape import Found, Key, Many, Row, Spec, Unreadable, Where
from marquee.engines.columns.texts import TextColumn

_VERSION = 1


class Columns:
    """Rows by id, in memory. Every call comes from one thread at a time.

    Sorting is lazy: the first read of a sort after many changes merges them, and `settle` does so
    ahead. A name that the spec lacks is a KeyError in a question and passed over in a row. `mark` is
    what the snapshot it was loaded from was saved with.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._rows = Rows(spec)
        self.mark = ""

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, id_: int) -> bool:
        return self._rows.seats.find_one(id_) >= 0

    def put(self, rows: Iterable[Row]) -> None:
        """Add or replace rows: all, or none where one has a bad id or number (ValueError).

        Of rows with one id the last counts. Some thousands at a time are fastest.
        """
        self._rows.put(rows)

    def put_many(self, many: Many) -> None:
        """The same, of rows that come column by column."""
        self._rows.put_many(many)

    def drop(self, ids: Iterable[int]) -> None:
        """Forget rows; an id that is not here is passed over."""
        self._rows.drop(ids)

    def settle(self) -> None:
        """Sort and merge all that is pending. May run in a thread while nothing else is called."""
        self._rows.settle()

    def save(self, path: Path, mark: str = "") -> None:
        """Write a snapshot, durable and all at once; `mark` says what state of the store it shows."""
        words, arrays = self._rows.state()
        facts = {"spec": _fingerprint(self._spec), "mark": mark, "words": words}
        snapshot.write(path, facts, arrays)

    @classmethod
    def load(cls, spec: Spec, path: Path) -> Self:
        """Read a snapshot; Unreadable if it is missing, torn, or of another spec or version."""
        facts, arrays = snapshot.read(path)
        if facts["spec"] != _fingerprint(spec):
            raise Unreadable(f"{path}: it has other columns")
        found = cls(spec)
        found._rows = Rows(spec, capacity_for(len(arrays["ids"])))
        found._rows.restore(facts["words"], arrays)
        found.mark = facts["mark"]
        return found

    def page(
        self,
        where: Where,
        *,
        sort: str,
        descending: bool,
        limit: int,
        after: tuple[Key, int] | None = None,
    ) -> Found:
        """The rows that match, ties by id ascending, nulls last in both directions.

        `after` is the `last` of the page before: it names a place, not a row, and stays good
        whatever changes. A key of the wrong kind is a ValueError.
        """
        column = self._ordered(sort)
        column.settle(self._rows.seats.live)
        order = column.order
        if order is None:
            raise KeyError(sort)
        words = match(self._rows, where)
        total = len(self._rows) if words is None else bits.count(words)
        if limit < 1:
            return Found(ids=[], total=total, last=None)
        window = (0, order.size)
        if isinstance(column, NumberColumn) and any(
            b is not None for b in where.between.get(sort, ())
        ):
            window = column.window(*where.between[sort])
        place = None if after is None else (column.key_in(after[0]), after[1])
        wanted = pages.Wanted(
            order, self._rows.seats.ids, words, total, limit + 1, descending, place, window
        )
        slots = pages.first(wanted)
        ids: list[int] = self._rows.seats.ids.values[slots[:limit]].tolist()
        more = len(slots) > limit
        last = (column.key_out(int(slots[limit - 1])), ids[-1]) if more else None
        return Found(ids=ids, total=total, last=last)

    def _ordered(self, sort: str) -> NumberColumn | TextColumn:
        return self._rows.texts[sort] if sort in self._rows.texts else self._rows.numbers[sort]

    def facets(self, where: Where, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each of these set columns, how many matches have each value, its own filter aside."""
        all_matches = match(self._rows, where)
        found: dict[str, dict[str, int]] = {}
        for name in names:
            column = self._rows.sets[name]
            words = match(self._rows, where, name) if where.all_of.get(name) else all_matches
            found[name] = column.counts() if words is None else column.counts_among(words)
        return found

    def counts(self, name: str) -> dict[str, int]:
        """How many rows have each value of a set column."""
        return self._rows.sets[name].counts()

    def linked(self, name: str, value: int) -> list[int]:
        """The ids of the rows that name a number, ascending."""
        slots = self._rows.links[name].slots_of(value)
        ids: list[int] = np.sort(self._rows.seats.ids.values[slots]).tolist()
        return ids


def _fingerprint(spec: Spec) -> str:
    said = json.dumps([_VERSION, sys.byteorder, asdict(spec)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
