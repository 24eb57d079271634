"""Somebody who builds the index anew, slowly; run as a program, to be stopped in the middle."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.contexts.search.fakes import MemoryCatalog, a_film
from tests.contexts.search.house import a_house

from marquee.contexts.search.stores import sharing
from marquee.kit.errors import Unavailable

LEASE = 1.0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the parent reads it


class SlowCatalog(MemoryCatalog):
    """It says when it is asked for films, and answers when it is told to."""

    is_slow = False

    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        if self.is_slow:
            say("asked")
            await asyncio.to_thread(sys.stdin.readline)
        return await super().movie_ids(after=after, limit=limit)


async def build(url: str, cache_url: str, titles: Sequence[str]) -> None:
    catalog = SlowCatalog()
    catalog.put(*(a_film(n, title) for n, title in enumerate(titles, 1)))
    async with a_house(Path(), catalog, url=url, cache_url=cache_url) as house:
        catalog.is_slow = True
        try:
            await house.search.rebuild()
        except Unavailable as error:
            say(error.detail)
        else:
            say("built")


if __name__ == "__main__":
    sharing.LEASE = LEASE
    asyncio.run(build(sys.argv[1], sys.argv[2], sys.argv[3:]))
