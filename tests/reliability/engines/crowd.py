"""Many who want one thing of a cache at once; run as a program, one process of several."""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field

from marquee.engines import redis as engine
from marquee.engines.cache import Cache, open_cache
from marquee.kit.errors import NotFound

AT_ONCE = 500
KEY, TAG = "hot", "films"
SLOW = 0.05
PATIENCE = 60.0
"""A busy machine must not make Redis look as if it were away: then nobody is spared a load."""


@dataclass
class Origin:
    """Where answers come from; takes its time between reading and answering."""

    values: dict[str, int] = field(default_factory=dict)
    loads: int = 0
    fails: bool = False

    async def load(self, key: str, pause: float = SLOW) -> bytes:
        self.loads += 1
        read = self.values.get(key, 0)
        await asyncio.sleep(pause)
        if self.fails:
            raise NotFound("It is gone.")
        return str(read).encode()


async def want(cache: Cache, origin: Origin) -> Counter[str]:
    """What 500 who ask at once are answered; an error by its name."""

    async def one() -> str:
        try:
            answer = await cache.get_or_load(KEY, lambda: origin.load(KEY), ttl=60, tags=(TAG,))
        except NotFound as error:
            return type(error).__name__
        return answer.decode()

    async with asyncio.timeout(PATIENCE):
        return Counter(await asyncio.gather(*(one() for _ in range(AT_ONCE))))


async def _main(url: str) -> None:
    engine.WITHIN = PATIENCE
    cache, origin = await open_cache(url, field="X"), Origin()
    while await asyncio.to_thread(sys.stdin.readline):
        origin.loads = 0
        answers = await want(cache, origin)
        print(origin.loads, answers["0"], flush=True)  # noqa: T201 - the parent reads it
    await cache.close()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
