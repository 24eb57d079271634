"""Several replicas of a service, as the near end asks them."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from tests.app.listening import listening
from tests.app.remote.theater.contract import Theater
from tests.app.remote.theater.house import House

from marquee.app.remote import client
from marquee.app.remote.client import Peer
from marquee.app.remote.server import Server, serve
from marquee.app.remote.tokens import Key
from marquee.kit import errors
from marquee.kit.calls import SECONDS, waits

KEY = Key([b"k" * 32])


@pytest.fixture
def houses() -> list[House]:
    return [House(), House()]


@pytest.fixture
async def servers(houses: list[House]) -> AsyncIterator[list[Server]]:
    found = [await serve({Theater: one}, address="127.0.0.1:0", key=KEY) for one in houses]
    yield found
    for one in found:
        await one.stop(0)


@pytest.fixture
async def theater(servers: list[Server]) -> AsyncIterator[Theater]:
    """Connected to both."""
    address = ",".join(f"grpc://{one.address}" for one in servers)
    async with Peer(address, key=KEY, caller="tests") as peer:
        await until(lambda: all([one.is_connected() for one in peer._choice.among]))  # noqa: C419 - asks each
        yield peer.ask(Theater)


async def until(there: Callable[[], bool]) -> None:
    for _look in range(5000):
        if there():
            return
        await asyncio.sleep(0.002)
    pytest.fail("it never came")


async def test_replicas_take_turns(theater: Theater, houses: list[House]) -> None:
    for _ in range(20):
        await theater.plays(titles=[])
    assert [house.asked for house in houses] == [10, 10]


async def test_what_is_safe_is_asked_of_the_other_when_one_is_gone(
    theater: Theater, houses: list[House], servers: list[Server]
) -> None:
    await servers[0].stop(0)
    answers = await asyncio.gather(*(theater.plays(titles=["Hamlet"]) for _ in range(50)))
    assert all("Hamlet" in answer for answer in answers)
    assert houses[1].asked == 50


async def test_what_is_not_safe_goes_to_those_that_are_there(
    theater: Theater, servers: list[Server]
) -> None:
    await servers[0].stop(0)
    await theater.plays(titles=[])
    for _ in range(10):
        assert await theater.sell(title="Hamlet", seats=[], paid=1) == 1


async def test_what_is_not_safe_is_never_asked_twice(
    theater: Theater, houses: list[House], servers: list[Server]
) -> None:
    asked = [asyncio.create_task(theater.rehearse(seconds=0.3)) for _ in range(4)]
    await until(lambda: sum(house.asked for house in houses) == 4)
    await servers[0].stop(0)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, errors.Unavailable) for one in answers) == 2
    assert sum(house.asked for house in houses) == 4


async def test_one_that_came_back_is_asked_again(
    theater: Theater, houses: list[House], servers: list[Server]
) -> None:
    await servers[0].stop(0)
    for _ in range(20):
        await theater.plays(titles=[])
    servers[0] = await serve({Theater: houses[0]}, address=servers[0].address, key=KEY)
    before = houses[0].asked
    async with asyncio.timeout(20):
        while houses[0].asked == before:
            await theater.plays(titles=[])
            await asyncio.sleep(0.01)


async def test_when_all_are_gone_it_is_unavailable(theater: Theater, servers: list[Server]) -> None:
    for one in servers:
        await one.stop(0)
    for _ in range(12):
        with pytest.raises(errors.Unavailable):
            await theater.plays(titles=[])


async def test_one_that_says_nothing_costs_no_safe_call(
    houses: list[House], servers: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SILENCE", 0.1)
    monkeypatch.setattr(client, "ASKED_FOR", 0.1)
    async with listening(None) as port:
        address = f"127.0.0.1:{port},{servers[0].address}"
        async with Peer(address, key=KEY, caller="tests") as peer:
            theater = peer.ask(Theater)
            for _ in range(10):
                assert await theater.plays(titles=[]) == {}
    assert houses[0].asked == 10


class Stuck(House):
    async def sell(self, **_given: object) -> int:
        await asyncio.Event().wait()
        return 0


async def test_whoever_waits_is_told_before_the_call_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also of a call that takes no longer than they would wait: it may not be their first."""
    monkeypatch.setattr(client, "SILENCE", 0.1)
    waits.set(SECONDS)
    server = await serve({Theater: Stuck()}, address="127.0.0.1:0", key=KEY)
    try:
        await server.say(is_well=False)
        async with Peer(server.address, key=KEY, caller="tests") as peer:
            with pytest.raises(errors.Unavailable, match="The service does not answer"):
                await peer.ask(Theater).sell(title="Hamlet", seats=[])
    finally:
        await server.stop(0)
