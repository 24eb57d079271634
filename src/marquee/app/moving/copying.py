"""One kind of thing copied from store to store, and told apart from a copy that is not equal."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from marquee.kit.moving import Item, Portable

AT_ONCE = 250
Moved = Callable[[int], object]
"""Is told how many more are done."""


@dataclass(frozen=True)
class Tally:
    """How many there are, and the sha256 of all of them in the order of their keys."""

    count: int
    digest: str


class Taking:
    """A tally in the making."""

    def __init__(self) -> None:
        self.count = 0
        self._sha = hashlib.sha256()

    def take(self, items: Sequence[Item]) -> None:
        self.count += len(items)
        for one in items:
            self._sha.update(one.body + b"\n")

    def tally(self) -> Tally:
        return Tally(self.count, self._sha.hexdigest())


async def copied(
    source: Portable, target: Portable, kind: str, move: str, *, moved: Moved
) -> Tally:
    """All of it is there afterwards; what is returned is of the source, read once.

    What this move has brought before is read, but not written again.
    """
    brought, taking = await target.carried(kind, move), Taking()
    async for items in _pages(source, kind):
        fresh = items[max(0, brought - taking.count) :]
        taking.take(items)
        if fresh:
            await target.carry_in(kind, fresh, move=move, total=taking.count)
        moved(len(items))
    return taking.tally()


async def tallied(portable: Portable, kind: str, *, moved: Moved) -> Tally:
    """What is there, read back."""
    taking = Taking()
    async for items in _pages(portable, kind):
        taking.take(items)
        moved(len(items))
    return taking.tally()


async def _pages(portable: Portable, kind: str) -> AsyncIterator[Sequence[Item]]:
    after = ""
    while items := await portable.carry_out(kind, after, AT_ONCE):
        yield items
        after = items[-1].key
