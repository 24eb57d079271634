"""A call is tried again where that helps, and not where it harms."""

from collections.abc import AsyncIterator

import grpc
import pytest
from tests.app.remote.theater.contract import Theater

from marquee.app.remote import client
from marquee.app.remote.client import Peer
from marquee.app.remote.patience import FIRST_PAUSE, Breaker, Budget, pause
from marquee.kit.calls import SECONDS, Terms, terms_of
from marquee.kit.errors import Unavailable


def test_a_contract_says_how_long_a_call_may_take_and_whether_it_may_be_repeated() -> None:
    assert terms_of(Theater.plays) == Terms(seconds=SECONDS, is_safe=True)
    assert terms_of(Theater.put_on) == Terms(seconds=60, is_safe=False)
    assert terms_of(Theater.close) == Terms()


class Flaky:
    """A server that loses calls: it aborts the first `losses` as a broken connection would."""

    def __init__(self) -> None:
        self.losses = 0
        self.asked = 0

    async def answer(self, _request: bytes, context: grpc.aio.ServicerContext) -> bytes:  # type: ignore[type-arg]
        self.asked += 1
        if self.asked <= self.losses:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "connection reset")
        return b""


@pytest.fixture
def flaky() -> Flaky:
    return Flaky()


@pytest.fixture
async def theater(flaky: Flaky, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Theater]:
    monkeypatch.setattr(client, "pause", lambda _tried: 0.0)
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(flaky.answer)
    names = ("Plays", "Close")
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(
                "marquee.theater.v1.Theater", dict.fromkeys(names, handler)
            ),
        )
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with Peer(f"127.0.0.1:{port}") as peer:
        yield peer.ask(Theater)
    await server.stop(0)


async def test_what_is_safe_is_tried_again(theater: Theater, flaky: Flaky) -> None:
    flaky.losses = 2
    assert await theater.plays(titles=[]) == {}
    assert flaky.asked == 3


async def test_what_is_safe_is_not_tried_for_ever(theater: Theater, flaky: Flaky) -> None:
    flaky.losses = 99
    with pytest.raises(Unavailable):
        await theater.plays(titles=[])
    assert flaky.asked == 3


async def test_what_is_not_safe_is_tried_once(theater: Theater, flaky: Flaky) -> None:
    flaky.losses = 1
    with pytest.raises(Unavailable):
        await theater.close()
    assert flaky.asked == 1


def test_second_tries_are_at_most_a_tenth_and_a_few() -> None:
    budget = Budget()
    tries = 0
    for _ in range(1000):
        budget.earn()
        tries += budget.spend()
    assert 90 <= tries <= 103


def test_what_was_saved_in_quiet_times_is_bounded() -> None:
    budget = Budget()
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == 10


def test_pauses_grow_and_differ() -> None:
    for tried in range(1, 5):
        longest = FIRST_PAUSE * 2 ** (tried - 1)
        pauses = {pause(tried) for _ in range(20)}
        assert len(pauses) > 1
        assert all(longest / 2 <= one <= longest for one in pauses)


def test_a_breaker_rests_after_five_failures_in_a_row_and_lets_one_through() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    breaker.enter("x")
    breaker.failed()
    with pytest.raises(Unavailable) as caught:
        breaker.enter("x")
    assert caught.value.retry_after == 1
    now[0] = 1.1
    breaker.enter("x")
    with pytest.raises(Unavailable):
        breaker.enter("x")
    breaker.succeeded()
    breaker.enter("x")


def test_a_breaker_rests_longer_each_time_and_never_long() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(50):
        breaker.failed()
    with pytest.raises(Unavailable) as caught:
        breaker.enter("x")
    assert caught.value.retry_after == 5
