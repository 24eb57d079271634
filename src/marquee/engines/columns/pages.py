"""Finding one page among the matches: few are expanded and sorted, many are met by walking an order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array, Lane, top_of
from marquee.engines.columns.orders import Order

_LEAST_BLOCK = 128
_GREATEST_BLOCK = 1 << 16
_PICK_COST = 10
"""Sorting m matches costs as much as walking past 10 m slots, and testing them."""
_PATIENCE = 1 << 14
_LATE_PICK_COST = 12
_BEYOND_IDS = 1 << 62

_WIDER = {"i2": "i4", "i4": "i8", "u4": "i8", "i8": "i8", "f4": "f4", "f8": "f8"}
"""By the type of a key, one in which the least of them has an opposite; what is of 8 bytes has."""

Span = tuple[int, int, bool]
"""A part of the order and whether it is gone through backwards."""


@dataclass(frozen=True)
class Wanted:
    """`words` are the matches, None for all, `total` of them; `after` is a key as the order has it.

    `window` is the part of the order that all matches lie in.
    """

    order: Order
    ids: Lane
    words: bits.Words | None
    total: int
    count: int
    descending: bool
    after: tuple[float, int] | None
    window: tuple[int, int]


def first(wanted: Wanted) -> Array:
    """The first `count` matches after the cursor; ties by id ascending, nulls last both ways."""
    start, stop = wanted.window
    if not wanted.total or start >= stop:
        return np.zeros(0, np.int64)
    far = wanted.count * (stop - start) // wanted.total
    if wanted.words is not None and wanted.total * _PICK_COST < far:
        return _pick(wanted, wanted.words)
    return _walk(wanted, min(max(far + far // 2, _LEAST_BLOCK), _GREATEST_BLOCK))


def _pick(wanted: Wanted, words: bits.Words) -> Array:
    """Ids are read of those that may be on the page only: of most, the key tells that they are not."""
    slots = bits.to_slots(words, wanted.total)
    keys, null = wanted.order.keys.values[slots], wanted.order.keys.null
    if wanted.after:
        later = _later(wanted, slots, keys, *wanted.after)
        slots, keys = slots[later], keys[later]
    if wanted.descending:
        wider = np.dtype(_WIDER[keys.dtype.str[1:]])
        keys = np.where(keys == null, top_of(wider), -keys.astype(wider))
    if len(slots) > wanted.count:
        near = np.flatnonzero(keys <= np.partition(keys, wanted.count - 1)[wanted.count - 1])
        slots, keys = slots[near], keys[near]
    ids = wanted.ids.values[slots]
    if len(slots) > wanted.count * 2:
        least = _least(keys, ids, wanted.count)
        slots, keys, ids = slots[least], keys[least], ids[least]
    found: Array = slots[np.lexsort((ids, keys))[: wanted.count]]
    return found


def _later(wanted: Wanted, slots: Array, keys: Array, key: float, id_: int) -> NDArray[np.bool_]:
    """For each match, whether it comes after this key and id."""
    null = wanted.order.keys.null
    later: NDArray[np.bool_]
    if not wanted.descending:
        later = keys > key
    elif key == null:
        later = np.zeros(len(keys), np.bool_)
    else:
        later = (keys < key) | (keys == null)
    same = np.flatnonzero(keys == key)
    later[same] = wanted.ids.values[slots[same]] > id_
    return later


def _least(keys: Array, ids: Array, count: int) -> Array:
    """The places of the least `count` by key, then id, in no order; no key is beyond the last of them."""
    less, same = np.flatnonzero(keys < keys.max()), np.flatnonzero(keys == keys.max())
    more = count - len(less)
    if more < len(same):
        same = same[np.argpartition(ids[same], more - 1)[:more]]
    return np.concatenate([less, same])


def _walk(wanted: Wanted, size: int) -> Array:
    start, stop = wanted.window
    words, flags = wanted.words, None
    left, walked = wanted.count, 0
    found: list[Array] = []
    for block, backwards in _blocks(wanted, size):
        hits = block
        if flags is not None:
            hits = block[flags[block]]
        elif words is not None:
            hits = block[bits.test(words, block)]
        found.append(_turned(hits, wanted.order) if backwards else hits)
        left -= len(hits)
        if left <= 0:
            break
        walked += len(block)
        if words is not None and flags is None and walked > max(_PATIENCE, size * 4):
            if wanted.total * _LATE_PICK_COST < stop - start - walked:
                return _pick(wanted, words)
            flags = bits.unpack(words)
    return np.concatenate(found)[: wanted.count] if found else np.zeros(0, np.int64)


def _turned(slots: Array, order: Order) -> Array:
    """Slots that ascend, descending by key and still ascending by id."""
    keys = order.keys.values[slots]
    if (keys[1:] > keys[:-1]).all():
        return slots[::-1]
    turned = slots[::-1]
    placed: Array = turned[np.argsort(keys[::-1], kind="stable")][::-1]
    return placed


def _spans(wanted: Wanted) -> list[Span]:
    order, after = wanted.order, wanted.after
    if not wanted.descending:
        return [(order.seek(after[0], after[1] + 1) if after else 0, order.size, False)]
    null = wanted.order.keys.null
    solid = order.seek(null, 0)
    if after is None:
        return [(0, solid, True), (solid, order.size, False)]
    key, id_ = after
    rest = order.seek(key, id_ + 1)
    if key == null:
        return [(rest, order.size, False)]
    group, end = order.seek(key, 0), order.seek(key, _BEYOND_IDS)
    return [(rest, end, False), (0, group, True), (solid, order.size, False)]


def _blocks(wanted: Wanted, size: int) -> Iterator[tuple[Array, bool]]:
    for start, stop, backwards in _spans(wanted):
        low, high = max(start, wanted.window[0]), min(stop, wanted.window[1])
        go = _back if backwards else _ahead
        yield from go(wanted.order, low, high, size)


def _ahead(order: Order, start: int, stop: int, size: int) -> Iterator[tuple[Array, bool]]:
    slots = order.slots
    while start < stop:
        end = min(start + size, stop)
        yield slots[start:end], False
        start, size = end, min(size * 2, _GREATEST_BLOCK)


def _back(order: Order, start: int, stop: int, size: int) -> Iterator[tuple[Array, bool]]:
    """Blocks from the end, each of whole groups of one key, or parts of one group in its own order."""
    slots, keys = order.slots, order.keys.values
    while start < stop:
        cut = max(stop - size, start)
        key = keys.item(slots.item(cut))
        if cut > start and keys.item(slots.item(cut - 1)) == key:
            end = order.seek(key, _BEYOND_IDS, cut, stop)
            if end == stop:
                cut = order.seek(key, 0, start, cut)
                yield from _ahead(order, cut, stop, size)
                stop = cut
                continue
            cut = end
        yield slots[cut:stop], True
        stop, size = cut, min(size * 2, _GREATEST_BLOCK)
