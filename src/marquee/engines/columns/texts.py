"""Text columns: sorted by code point, exactly, through labels that compare as the texts do."""

from collections.abc import Sequence

import numpy as np

from marquee.engines.columns import bits
from marquee.engines.columns.lanes import Array, Lane
from marquee.engines.columns.orders import FEW, Order, lower_bounds
from marquee.engines.columns.strings import Strings

_RESORT = 4


def encoded(text: str | None) -> bytes | None:
    """UTF-8 sorts as code points do; a lone surrogate has its place as well."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


class TextColumn:
    """Every text has a label, equal texts the same, with gaps between for those to come.

    Where a gap is used up all labels are spread anew; the order of the slots stays.
    """

    def __init__(self, ids: Lane, capacity: int) -> None:
        self.labels = Lane(("u4",), capacity)
        self.strings = Strings(capacity)
        self.order = Order(self.labels, ids, self._prepare)
        self.order.grow(capacity)

    def grow(self, capacity: int) -> None:
        self.labels.grow(capacity)
        self.strings.grow(capacity)
        self.order.grow(capacity)

    def put_one(self, slot: int, text: str | None, *, fresh: bool) -> None:
        """Give a slot its text; a fresh slot was not in the order before."""
        raw = encoded(text)
        if not fresh and self.strings.read(slot) == raw:
            return
        changed = np.array([slot])
        if not self.order.settled:
            self.strings.write(changed, [raw])
            self.order.touch(changed)
            return
        place = 0 if fresh else self.order.place(slot)
        label = self.labels.null if raw is None else self._label(raw)
        held = self.labels.values.item(slot)
        self.strings.write(changed, [raw])
        self.labels.values[slot] = label
        if fresh:
            self.order.insert(slot)
        else:
            self.order.move(slot, place, up=label > held)

    def put(self, slots: Array, texts: Sequence[str | None], fresh: Array) -> None:
        """The same for many, with a flag for each."""
        raw = [encoded(text) for text in texts]
        read = self.strings.read
        pairs = enumerate(zip(slots.tolist(), fresh.tolist(), raw, strict=True))
        changed = [at for at, (slot, new, text) in pairs if new or read(slot) != text]
        if len(changed) <= FEW:
            for at in changed:
                self.put_one(int(slots[at]), texts[at], fresh=bool(fresh[at]))
            return
        self.strings.write(slots[changed], [raw[at] for at in changed])
        self.order.touch(slots[changed])

    def drop_one(self, slot: int) -> None:
        if self.order.settled:
            self.order.remove(self.order.place(slot))
            self.strings.clear(np.array([slot]))
        else:
            self.drop(np.array([slot]))

    def drop(self, slots: Array) -> None:
        self.order.touch(slots)
        self.strings.clear(slots)

    def settle(self, live: bits.Words) -> None:
        self.order.settle(live)

    def state(self, top: int) -> dict[str, Array]:
        """What a snapshot holds of a settled column."""
        order = {"order": self.order.slots, "labels": self.labels.values[:top]}
        return {**order, **self.strings.state(top)}

    def restore(self, state: dict[str, Array], capacity: int) -> None:
        self.strings.restore(state, capacity)
        self.labels.restore(state["labels"], capacity)
        self.order.restore(state["order"], capacity)

    def _find(self, raw: bytes) -> tuple[int, int, bool]:
        """The first place whose text is not less than this, how many have one, and whether it is the same."""
        slots, read = self.order.slots.item, self.strings.read
        solid = self.order.seek(self.labels.null, 0)
        low, high = 0, solid
        while low < high:
            middle = (low + high) >> 1
            if (read(slots(middle)) or b"") < raw:
                low = middle + 1
            else:
                high = middle
        return low, solid, low < solid and read(slots(low)) == raw

    def _around(self, place: int, solid: int) -> tuple[int, int]:
        """The labels before and at a place."""
        slots, labels = self.order.slots, self.labels.values
        before = int(labels[slots[place - 1]]) if place else 0
        return before, int(labels[slots[place]]) if place < solid else self.labels.null

    def _label(self, raw: bytes) -> int:
        place, solid, same = self._find(raw)
        before, at = self._around(place, solid)
        if same:
            return at
        if at - before <= 1:
            self._spread(self.order.slots[:solid])
            before, at = self._around(place, solid)
        return (before + at) >> 1

    def _spread(self, slots: Array) -> None:
        """Give sorted slots evenly spaced labels, those of one label one again."""
        if len(slots):
            held = self.labels.values[slots]
            first = np.concatenate([[True], held[1:] != held[:-1]])
            self._number(slots, first)

    def _number(self, slots: Array, first: Array) -> None:
        group = np.cumsum(first)
        self.labels.values[slots] = group * (self.labels.null // (int(group[-1]) + 1))

    def _prepare(self, kept: Array, fresh: Array) -> None:
        """Label fresh slots, which are about to be merged with those that are kept in order."""
        self.labels.values[fresh] = self.labels.null
        fresh = self.strings.known(fresh)
        kept = self.strings.known(kept)
        if not len(fresh):
            return
        if len(fresh) * _RESORT <= len(kept):
            if self._fit(kept, fresh):
                return
            self._spread(kept)
            if self._fit(kept, fresh):
                return
        slots, first = self.strings.sort(np.concatenate([kept, fresh]))
        self._number(slots, first)

    def _fit(self, kept: Array, fresh: Array) -> bool:
        """Label fresh slots in the gaps between the kept; false, and nothing done, if one is too small."""
        fresh, first = self.strings.sort(fresh)

        def before(place: Array) -> Array:
            less: Array = self.strings.compare(kept[place], fresh) < 0
            return less

        start = np.zeros(len(fresh), np.int64)
        at = lower_bounds(start, np.full(len(fresh), len(kept)), before)
        labels = np.append(self.labels.values[kept].astype(np.int64), self.labels.null)
        same = at < len(kept)
        same[same] = self.strings.compare(kept[at[same]], fresh[same]) == 0
        heads = first & ~same
        gaps, start, gap, sizes = np.unique(
            at[heads], return_index=True, return_inverse=True, return_counts=True
        )
        below = np.where(gaps > 0, labels[gaps - 1], 0)
        room = labels[gaps] - below
        if (room <= sizes).any():
            return False
        nth = np.arange(len(gap)) - start[gap] + 1
        chosen = below[gap] + room[gap] * nth // (sizes[gap] + 1)
        self.labels.values[fresh[same]] = labels[at[same]]
        self.labels.values[fresh[~same]] = chosen[(np.cumsum(heads) - 1)[~same]]
        return True

    def key_in(self, key: float | str | None) -> float:
        """A cursor's key as the order compares it: that of its text, or between two."""
        if key is None:
            return float(self.labels.null)
        if not isinstance(key, str):
            raise ValueError("the cursor's key is not a text")  # noqa: TRY004 -- it comes from outside, as a value
        place, solid, same = self._find(encoded(key) or b"")
        at = self._around(place, solid)[1]
        return at if same else at - 0.5

    def key_out(self, slot: int) -> str | None:
        raw = self.strings.read(slot)
        return None if raw is None else raw.decode("utf-8", "surrogatepass")
