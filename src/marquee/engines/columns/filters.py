"""Filters: the bits of the rows for which all conditions hold."""

from math import isnan

import numpy as np

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array
from marquee.engines.columns.numbers import NumberColumn
from marquee.engines.columns.rows import Rows
from marquee.engines.columns.shape import Where

_FEW = 4096

Range = tuple[NumberColumn, float | None, float | None]


def match(rows: Rows, where: Where, without: str | None = None) -> bits.Words | None:
    """The bits of all rows that match, None for every row; not to be written to.

    `without` names a set column whose conditions do not count.
    """
    top = rows.seats.top
    width = bits.words_for(top)
    found: list[bits.Words] = []
    for name, groups in where.all_of.items():
        column = rows.sets[name]
        if name != without:
            found += [column.any_of(group, width) for group in groups]
    ranges = _ranges(rows, where)
    linked = [rows.links[name].slots_of(n) for name, ns in where.linked.items() for n in ns]
    linked.sort(key=len)
    if linked and len(linked[0]) < _FEW:
        linked[0] = _within(linked[0], ranges)
    else:
        found += [numbers.between(low, high, top) for numbers, low, high in ranges]
    found += [bits.from_slots(slots, width) for slots in linked]
    return _joined(found)


def _ranges(rows: Rows, where: Where) -> list[Range]:
    found: list[Range] = []
    for name, (low, high) in where.between.items():
        for bound in (low, high):
            _check(name, bound)
        column = rows.numbers[name]
        if not column.ranged:
            raise KeyError(name)
        if low is not None or high is not None:
            found.append((column, low, high))
    return found


def _check(name: str, bound: float | None) -> None:
    try:
        wrong = bound is not None and isnan(bound)
    except OverflowError:
        wrong = True
    if wrong:
        raise ValueError(f"a bound of {name} is not a number, or out of range")


def _within(slots: Array, ranges: list[Range]) -> Array:
    """Few slots are asked for their numbers one by one, which spares whole bitmaps."""
    for column, low, high in ranges:
        slots = slots[column.within(slots, low, high)]
    return slots


def _joined(found: list[bits.Words]) -> bits.Words | None:
    if not found:
        return None
    first, *rest = found
    if not rest:
        return first
    words: bits.Words = np.bitwise_and(first, rest[0])
    for more in rest[1:]:
        words &= more
    return words
