"""Identifiers: opaque to everyone else, sortable by birth for us."""

import os
import re
import threading
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
TENS = range(120, -1, -10)
DRAWN = 4096
ID = re.compile(f"[0-7][{ALPHABET}]{{25}}")


class _Chance(threading.local):
    """Random bytes, drawn many at a time: each draw gives the interpreter away to other threads."""

    left = b""

    def take(self, count: int) -> bytes:
        if len(self.left) < count:
            self.left = os.urandom(DRAWN)
        taken, self.left = self.left[:count], self.left[count:]
        return taken


_chance = _Chance()


def random_bytes(count: int) -> bytes:
    """At most a few dozen of the system's random bytes."""
    return _chance.take(count)


def new_id() -> str:
    """26 lower-case characters: 48 bits of milliseconds, then 80 random bits (a ULID)."""
    number = (int(time.time() * 1000) << 80) | int.from_bytes(random_bytes(10), "big")
    return "".join([PAIRS[(number >> shift) & 1023] for shift in TENS])


def is_id(text: str) -> bool:
    """Whether `new_id` could have made it."""
    return ID.fullmatch(text) is not None
