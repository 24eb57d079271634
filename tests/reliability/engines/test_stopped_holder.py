"""F10: whoever holds a lock is stopped until it has run out; what they write then is refused."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import redis
from tests.engines.own_redis import a_database
from tests.reliability import figures
from tests.reliability.engines.holder import NAME
from tests.reliability.site import CODE, wait_for

pytestmark = pytest.mark.engine


class Holder:
    def __init__(self, url: str, place: str, by: str, plant: str) -> None:
        told = {"PYTHONPATH": CODE, "MARQUEE_TEST_PLANT": plant}
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "tests.reliability.engines.holder", url, place, by],
            env=os.environ | told,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def says(self) -> list[str]:
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def ask(self, word: str) -> list[str]:
        self.begin(word)
        return self.says()

    def signal(self, which: signal.Signals) -> None:
        self.process.send_signal(which)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def two_holders(url: str, place: str, plant: str) -> Iterator[tuple[Holder, Holder]]:
    holders = Holder(url, place, "first", plant), Holder(url, place, "second", plant)
    try:
        yield holders
    finally:
        for holder in holders:
            holder.close()


def stop_and_go_on(url: str, rounds: int, plant: str = "") -> dict[str, int]:
    """The first holds and is stopped; the second takes over and writes; then the first writes."""
    found = {"trials": rounds, "stale_taken": 0, "overwritten": 0, "not_taken_over": 0}
    with redis.Redis.from_url(url) as client, two_holders(url, "test:sheet", plant) as pair:
        first, second = pair
        for _round in range(rounds):
            client.delete("test:sheet")
            before = first.ask("hold")
            first.signal(signal.SIGSTOP)
            first.begin("write")  # it is in the middle of its work, and does not know
            wait_for(lambda: not client.exists(f"marquee:lock:{NAME}"))
            after = second.ask("hold")
            taken, _still = second.ask("write")
            found["not_taken_over"] += taken != "taken" or int(after[1]) <= int(before[1])
            first.signal(signal.SIGCONT)
            late, _over = first.says()
            found["stale_taken"] += late == "taken"
            found["overwritten"] += client.hget("test:sheet", "by") != b"second"
    return found


def test_what_a_stopped_holder_writes_late_is_refused() -> None:
    with a_database() as url:
        found = stop_and_go_on(url, figures.sized(5, 50))
    figures.keep("F10", **found)
    assert (found["stale_taken"], found["overwritten"], found["not_taken_over"]) == (0, 0, 0)
