"""Chance that falls the same way for the same film, on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
BYTES = 4


class Rng:
    """Numbers drawn from SHA-256 of a key."""

    def __init__(self, key: str) -> None:
        self._left = b""
        self._key = key.encode("utf-8", "replace")
        self._count = 0

    def u(self) -> float:
        """From 0 to just below 1."""
        if len(self._left) < BYTES:
            self._left += hashlib.sha256(self._key + str(self._count).encode("ascii")).digest()
            self._count += 1
        value = int.from_bytes(self._left[:BYTES], "big")
        self._left = self._left[BYTES:]
        return float(value / 2**32)

    def f(self, low: float, high: float) -> float:
        return low + (high - low) * self.u()

    def i(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.u() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.u() * len(choices))]

    def flip(self, chance: float = 0.5) -> bool:
        return self.u() < chance
