"""Marquee with a bug planted, as MARQUEE_TEST_PLANT says; what runs it must see that."""

import os
import time
from typing import Any

from marquee.app import cli
from marquee.engines.sql import inthread
from marquee.engines.sql.inthread import TurnWriter
from marquee.engines.sql.writer import Wish, _settle

LATE = 0.2
"""Seconds between the answer and the commit, as if nobody waited for it."""


def acknowledge_first() -> None:
    """Whoever asked is answered when all is written and nothing is committed."""
    once, commit = TurnWriter._once, TurnWriter._commit
    at_work: list[Wish] = []

    def remembering(self: TurnWriter, wishes: list[Wish]) -> None:
        at_work[:] = wishes
        once(self, wishes)

    def late(self: TurnWriter, connection: Any) -> None:
        for wish in at_work:
            wish.future.get_loop().call_soon_threadsafe(_settle, wish)
        time.sleep(LATE)
        commit(self, connection)

    inthread.TurnWriter._once = remembering  # type: ignore[method-assign]
    inthread.TurnWriter._commit = late  # type: ignore[method-assign]


PLANTS = {"acknowledge first": acknowledge_first}

if __name__ == "__main__":
    PLANTS[os.environ["MARQUEE_TEST_PLANT"]]()
    cli.main()
