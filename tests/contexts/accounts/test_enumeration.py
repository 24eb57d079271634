"""Whether the time an answer takes tells which accounts exist (A2, in full)."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.contexts.auth.house import PASSWORD, fresh_stores

from marquee.contexts.accounts.model.tries import Quota
from marquee.contexts.accounts.service import AccountService, Door
from marquee.contexts.accounts.stores.sql import SqlAccountStore
from marquee.engines.argon2 import Argon2
from marquee.engines.throttle import Try
from marquee.engines.throttle.memory import MemoryThrottle
from marquee.kit.clock import SystemClock

PAIRS = 1_000


class OpenDoor(MemoryThrottle):
    """Lets everybody try for ever."""

    @asynccontextmanager
    async def admit(self, *_quotas: Quota) -> AsyncIterator[Try]:
        yield Try()


def area_under_curve(known: list[float], unknown: list[float]) -> float:
    """The chance that a known login took longer than an unknown one."""
    ranked = sorted([(took, 1) for took in known] + [(took, 0) for took in unknown])
    ranks = sum(place for place, (_took, is_known) in enumerate(ranked, start=1) if is_known)
    count = len(known)
    return (ranks - count * (count + 1) / 2) / (count * len(unknown))


def test_the_measure_tells_a_difference_where_there_is_one() -> None:
    assert area_under_curve([2.0, 3.0], [0.5, 1.0]) == 1.0
    assert area_under_curve([1.0, 4.0], [2.0, 3.0]) == 0.5


@pytest.mark.slow
async def test_the_time_does_not_tell_who_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    await fresh_stores(tmp_path)
    store = await SqlAccountStore.open(f"sqlite:///{tmp_path / 'accounts.db'}")
    passwords, clock = Argon2(), SystemClock()
    accounts = AccountService(store, Door(store, passwords, OpenDoor(), clock), clock)
    await accounts.register(username="ada", email="a@b.example", password=PASSWORD, address="")
    took: dict[str, list[float]] = {"ada": [], "eve": []}
    for turn in range(2 * PAIRS):
        for login in ("ada", "eve") if turn % 4 in {0, 3} else ("eve", "ada"):
            if len(took[login]) < PAIRS:
                start = time.perf_counter()
                await accounts.check_password(login=login, password=f"wrong {turn}")
                took[login].append(time.perf_counter() - start)
    await passwords.close()
    await store.close()
    area = area_under_curve(took["ada"], took["eve"])
    print(f"AUC {area:.3f} of {PAIRS} pairs")  # noqa: T201 - the figure is the point
    assert 0.45 <= area <= 0.55
