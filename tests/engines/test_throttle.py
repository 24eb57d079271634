"""How often something may be tried."""

import pytest
import time_machine

from marquee.engines.throttle import SWEEP_ABOVE, Throttle
from marquee.kit.errors import TooMany, Unavailable

QUOTA = ("door", 3, 60)


def fail(throttle: Throttle, *quotas: tuple[str, int, int]) -> None:
    with throttle.admit(*quotas) as attempt:
        attempt.spend()


def test_after_the_last_one_it_says_how_long_to_wait() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = Throttle()
        for _ in range(3):
            fail(throttle, QUOTA)
            now.shift(10)
        with pytest.raises(TooMany) as refused:
            throttle.admit(QUOTA)
        assert refused.value.retry_after == 30
        now.shift(30.1)
        fail(throttle, QUOTA)
        with pytest.raises(TooMany):
            throttle.admit(QUOTA)


def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = Throttle()
        for _ in range(3):
            fail(throttle, QUOTA)
        for _ in range(50):
            now.shift(1)
            with pytest.raises(TooMany):
                throttle.admit(QUOTA)
        now.shift(10.1)
        fail(throttle, QUOTA)


def test_what_succeeds_is_not_counted() -> None:
    throttle = Throttle()
    for _ in range(50):
        with throttle.admit(QUOTA):
            pass


def test_tries_under_way_count() -> None:
    throttle = Throttle()
    under_way = [throttle.admit(QUOTA) for _ in range(3)]
    with pytest.raises(TooMany) as refused:
        throttle.admit(QUOTA)
    assert refused.value.retry_after == 1
    with under_way[0]:
        pass
    assert throttle.admit(QUOTA)


def test_giving_up_half_way_counts_unless_nothing_was_tried() -> None:
    throttle = Throttle()
    for _ in range(10):
        with pytest.raises(Unavailable), throttle.admit(QUOTA):
            raise Unavailable("Too busy.")
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt), throttle.admit(QUOTA):
            raise KeyboardInterrupt
    with pytest.raises(TooMany):
        throttle.admit(QUOTA)


def test_any_spent_quota_refuses_and_the_others_stay_as_they_are() -> None:
    throttle = Throttle()
    other = ("other", 5, 60)
    for _ in range(3):
        fail(throttle, QUOTA, other)
    for _ in range(10):
        with pytest.raises(TooMany):
            throttle.admit(QUOTA, other)
    fail(throttle, other)
    fail(throttle, other)
    with pytest.raises(TooMany):
        throttle.admit(other)


def test_keys_that_are_not_tried_again_are_forgotten() -> None:
    with time_machine.travel(1_000_000, tick=False) as now:
        throttle = Throttle()
        for number in range(SWEEP_ABOVE + 1):
            fail(throttle, (f"key {number}", 3, 60))
        now.shift(61)
        fail(throttle, ("last", 3, 60))
        assert len(throttle._storage.events) == 1
