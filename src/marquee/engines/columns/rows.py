"""Rows: the seats and all columns together; what is put in, taken out and kept on disk."""

from collections.abc import Iterable, Mapping, Sequence
from math import isinf, isnan
from typing import Any

import numpy as np

from marquee.engines.columns.lanes import Array
from marquee.engines.columns.links import LinkColumn
from marquee.engines.columns.numbers import NumberColumn
from marquee.engines.columns.orders import FEW
from marquee.engines.columns.seats import Seats
from marquee.engines.columns.sets import SetColumn
from marquee.engines.columns.shape import Many, Row, Spec
from marquee.engines.columns.texts import TextColumn

_CAPACITY = 1 << 10
_GREATEST_ID = 1 << 53


class Rows:
    def __init__(self, spec: Spec, capacity: int = _CAPACITY) -> None:
        if odd := set(spec.ranges) & {n for n, kind in spec.sorts.items() if kind == "text"}:
            raise ValueError(f"a text has no range: {odd}")
        self.seats = Seats(capacity)
        ids = self.seats.ids
        self.sets = {name: SetColumn(capacity) for name in spec.sets}
        self.links = {name: LinkColumn(capacity) for name in spec.links}
        self.texts: dict[str, TextColumn] = {}
        self.numbers: dict[str, NumberColumn] = {}
        for name, steps in spec.ranges.items():
            self.numbers[name] = NumberColumn(ids, capacity, steps=steps, sorts=name in spec.sorts)
        for name, kind in spec.sorts.items():
            if kind == "text":
                self.texts[name] = TextColumn(ids, capacity)
            elif name not in self.numbers:
                self.numbers[name] = NumberColumn(ids, capacity, steps=None, sorts=True)

    def __len__(self) -> int:
        return len(self.seats)

    def _plain(self) -> list[SetColumn | LinkColumn]:
        return [*self.sets.values(), *self.links.values()]

    def _ordered(self) -> list[NumberColumn | TextColumn]:
        return [*self.numbers.values(), *self.texts.values()]

    def put(self, rows: Iterable[Row]) -> None:
        """Add or replace rows, all or, where one has a bad value (ValueError), none.

        Of rows with one id the last counts. Some thousands at a time are fastest.
        """
        batch = {row.id: row for row in rows}
        _check_ids(list(batch))
        if len(batch) > FEW:
            self._put_many(_many(list(batch.values())))
            return
        for row in batch.values():
            _check(row)
        for row in batch.values():
            self._put_one(row)

    def _make_room(self, more: int) -> None:
        if not self.seats.lacking(more):
            return
        capacity = capacity_for(len(self.seats) + more)
        self.seats.grow(capacity)
        for column in (*self._plain(), *self._ordered()):
            column.grow(capacity)

    def _put_one(self, row: Row) -> None:
        slot = self.seats.find_one(row.id)
        if fresh := slot < 0:
            self._make_room(1)
            slot = int(self.seats.take(np.array([row.id]))[0])
        for name, sets in self.sets.items():
            sets.put_one(slot, row.sets.get(name, ()))
        for name, numbers in self.numbers.items():
            numbers.put_one(slot, _known(row.numbers.get(name)), fresh=fresh)
        for name, texts in self.texts.items():
            texts.put_one(slot, row.texts.get(name), fresh=fresh)
        for name, links in self.links.items():
            links.put_one(slot, row.links.get(name, ()))

    def put_many(self, many: Many) -> None:
        if len(many.ids) <= FEW:
            self.put(_row(many, at) for at in range(len(many.ids)))
            return
        _check_ids(many.ids)
        self._put_many(many)

    def _put_many(self, many: Many) -> None:
        count = len(many.ids)
        given = many.numbers.items()
        numbers = {n: np.array(values, np.float64) for n, values in given if n in self.numbers}
        if any(np.isinf(values).any() for values in numbers.values()):
            raise ValueError("a number is infinite")
        ids = np.array(many.ids, np.int64)
        slots = self.seats.find(ids)
        fresh = slots < 0
        self._make_room(int(fresh.sum()))
        slots[fresh] = self.seats.take(ids[fresh])
        for name, sets in self.sets.items():
            sets.put(slots, many.sets.get(name) or ((),) * count, slots[~fresh])
        for name, column in self.numbers.items():
            column.put(slots, numbers[name] if name in numbers else np.full(count, np.nan), fresh)
        for name, texts in self.texts.items():
            texts.put(slots, many.texts.get(name) or (None,) * count, fresh)
        for name, links in self.links.items():
            links.put(slots, many.links.get(name) or ((),) * count, fresh)

    def drop(self, ids: Iterable[int]) -> None:
        """Forget rows; an id that is not here is passed over."""
        found = {self.seats.find_one(id_) for id_ in ids if 0 < id_ <= _GREATEST_ID} - {-1}
        slots = np.array(sorted(found), np.int64)
        for column in self._plain():
            column.drop(slots)
        for ordered in self._ordered():
            if len(slots) > FEW:
                ordered.drop(slots)
            else:
                for slot in slots.tolist():
                    ordered.drop_one(slot)
        self.seats.give_back(slots)

    def settle(self) -> None:
        """Sort and merge all that is pending. May run in a thread while nothing else is called."""
        for ordered in self._ordered():
            ordered.settle(self.seats.live)
        for links in self.links.values():
            links.settle()

    def state(self) -> tuple[dict[str, list[str]], dict[str, Array]]:
        """The values of the set columns by name, and every array by kind, name and part."""
        self.settle()
        top = self.seats.top
        words: dict[str, list[str]] = {}
        arrays = {"ids": self.seats.ids.values[:top], "live": self.seats.live}
        for name, sets in self.sets.items():
            words[name], arrays[f"sets/{name}"] = sets.state(len(self.seats.live))
        for kind, group in self._parted():
            for name, column in group.items():
                for part, array in column.state(top).items():
                    arrays[f"{kind}/{name}/{part}"] = array
        return words, arrays

    def restore(self, words: dict[str, list[str]], arrays: dict[str, Array]) -> None:
        """Take over a state; these rows are new and have the capacity for it."""
        capacity = self.seats.capacity
        self.seats.restore(arrays["ids"], arrays["live"], capacity)
        for name, sets in self.sets.items():
            sets.restore(words[name], arrays[f"sets/{name}"], capacity)
        for kind, group in self._parted():
            for name, column in group.items():
                start = f"{kind}/{name}/"
                parts = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
                column.restore(parts, capacity)

    def _parted(self) -> list[tuple[str, dict[str, Any]]]:
        return [("numbers", self.numbers), ("texts", self.texts), ("links", self.links)]


def capacity_for(rows: int) -> int:
    return max(_CAPACITY, 1 << max(rows - 1, 0).bit_length())


def _many(rows: Sequence[Row]) -> Many:
    """As one names a column that another leaves out, it is empty there."""
    return Many(
        [row.id for row in rows],
        {name: [row.sets.get(name, ()) for row in rows] for name in _names(r.sets for r in rows)},
        {name: [row.numbers.get(name) for row in rows] for name in _names(r.numbers for r in rows)},
        {name: [row.links.get(name, ()) for row in rows] for name in _names(r.links for r in rows)},
        {name: [row.texts.get(name) for row in rows] for name in _names(r.texts for r in rows)},
    )


def _row(many: Many, at: int) -> Row:
    return Row(
        many.ids[at],
        {name: values[at] for name, values in many.sets.items()},
        {name: values[at] for name, values in many.numbers.items()},
        {name: values[at] for name, values in many.links.items()},
        {name: values[at] for name, values in many.texts.items()},
    )


def _names(groups: Iterable[Mapping[str, object]]) -> set[str]:
    return set().union(*groups)


def _check_ids(ids: Sequence[int]) -> None:
    for id_ in (min(ids, default=1), max(ids, default=1)):
        if not 0 < id_ <= _GREATEST_ID:
            raise ValueError(f"an id is out of range: {id_}")


def _check(row: Row) -> None:
    for name, number in row.numbers.items():
        if number is not None and isinf(number):
            raise ValueError(f"{name} of {row.id} is infinite")


def _known(number: float | None) -> float | None:
    return None if number is None or isnan(number) else number
