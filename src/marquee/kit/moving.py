"""How what a context keeps is carried from one store to another, whatever engines they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from marquee.kit.events import Heard

CANONICAL = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class Item:
    """One aggregate, as canonical JSON: the same bytes from every engine that keeps it."""

    key: str
    body: bytes


class Portable(Protocol):
    """A store that can be emptied into another of its kind, and filled from one."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What there is of it, in the order in which it is carried in."""
        ...

    async def count(self, kind: str) -> int: ...

    async def carry_out(self, kind: str, after: str, limit: int) -> Sequence[Item]:
        """The next ones after a key, in an order that is the same everywhere; from "" on."""
        ...

    async def carry_in(self, kind: str, items: Sequence[Item], *, move: str, total: int) -> None:
        """Keep these as they are, telling nobody; with them this `move` has carried `total`.

        Nothing is done when it has carried as many already. Conflict where one is there already.
        """
        ...

    async def carried(self, kind: str, move: str) -> int:
        """How many of a kind this move has carried in, ever."""
        ...


class Movable(Protocol):
    """A store that says how it is moved."""

    @property
    def portable(self) -> Portable: ...


def mark(move: str, kind: str, total: int = 0) -> Heard:
    """A move is heard like any source: what it brings and how far it is are kept together."""
    return Heard(f"move:{move}:{kind}", total, None)


def item(key: object, value: Any) -> Item:
    return Item(str(key), CANONICAL(value))
