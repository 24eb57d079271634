"""Somebody who writes reviews one after the other and says what they were told; run as a program."""

import asyncio
import random
import sys

from tests.reliability.test_power_loss import a_review, posted

from marquee.contexts.reviews.stores import open_store
from marquee.kit.errors import MarqueeError

WRITES = 12


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201 - the parent reads it


async def write(path: str) -> None:
    rng = random.Random(1)
    try:
        store = await open_store(f"sqlite:///{path}")
    except MarqueeError as error:
        say("refused", type(error).__name__)
        return
    for number in range(WRITES):
        review = a_review(str(number), number, rng)
        say("tried", review.id)
        try:
            await store.add(review, [posted(review)])
        except MarqueeError as error:
            say("refused", type(error).__name__)
        else:
            say("told", review.id)
    try:
        await store.close()
    except MarqueeError as error:
        say("refused", type(error).__name__)


if __name__ == "__main__":
    asyncio.run(write(*sys.argv[1:]))
