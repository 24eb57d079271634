"""Packed bits: one bit per slot in 64-bit words, little end first."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Words = NDArray[np.uint64]

_FEW_SLOTS = 1000
_ONE = np.uint64(1)


def words_for(slots: int) -> int:
    return (slots + 63) >> 6


def mask_of(slot: int) -> np.uint64:
    return np.uint64(1 << (slot & 63))


def masks_of(slots: Array) -> Words:
    return _ONE << (slots & 63).astype(np.uint64)


def count(words: Words) -> int:
    return int(np.add.reduce(np.bitwise_count(words), dtype=np.uint32))


def pack(flags: Array, words: int) -> Words:
    """Bits of booleans; what is beyond them is 0."""
    packed = np.zeros(words * 8, np.uint8)
    part = np.packbits(flags, bitorder="little")
    packed[: len(part)] = part
    return packed.view(np.uint64)


def unpack(words: Words) -> NDArray[np.bool_]:
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def from_slots(slots: Array, words: int) -> Words:
    """Bits of slots that are all different."""
    if len(slots) > words:
        flags = np.zeros(words << 6, np.bool_)
        flags[slots] = True
        return pack(flags, words)
    found = np.zeros(words, np.uint64)
    np.add.at(found, slots >> 6, masks_of(slots))
    return found


def to_slots(words: Words, total: int) -> Array:
    """The slots whose bit is set, ascending; `total` of them, known to the caller."""
    part, shift = (words, 6) if total < _FEW_SLOTS else (words.view(np.uint8), 3)
    held = np.flatnonzero(part != 0)
    at = np.flatnonzero(np.unpackbits(part[held].view(np.uint8), bitorder="little"))
    slots: Array = (held[at >> shift] << shift) | (at & ((1 << shift) - 1))
    return slots


def test(words: Words, slots: Array) -> NDArray[np.bool_]:
    """For each slot, whether its bit is set."""
    octets = words.view(np.uint8)[slots >> 3]
    flags: NDArray[np.bool_] = ((octets >> (slots & 7).astype(np.uint8)) & 1).view(np.bool_)
    return flags
