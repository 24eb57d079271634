"""Parked messages of several services, asked over gRPC as if there were one."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.app.relay.stage import KIND, KINDS, Audience, LampLit

from marquee.app.parked.contract import ParkedMessages
from marquee.app.parked.everywhere import Everywhere
from marquee.app.parked.local import LocalParking
from marquee.app.parked.model import ParkedMessage
from marquee.app.parked.service import ParkedService
from marquee.app.relay.delivery import Delivery
from marquee.app.remote.client import Peer
from marquee.app.remote.server import Server, serve
from marquee.app.remote.tokens import Key
from marquee.kit.errors import Conflict, NotFound, Unavailable

KEY = Key([b"k" * 32])
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class House:
    """A service with one listener, named as the service is."""

    name: str
    parking: LocalParking
    audience: Audience = field(default_factory=Audience)
    server: Server | None = None

    async def open(self) -> str:
        delivery = Delivery(self.name, "lamps", self.audience.hear, KINDS, self.parking)
        offered = {ParkedMessages: ParkedService(self.parking, [delivery])}
        self.server = await serve(offered, address="127.0.0.1:0", key=KEY)
        return self.server.address

    async def park(self, lamp: str, after: int = 0, *, listener: str | None = None) -> str:
        event = LampLit(lamp=lamp)
        message = ParkedMessage(
            id=f"{listener or self.name}-{lamp}",
            listener=listener or self.name,
            source="lamps",
            place=1,
            kind=KIND,
            key=lamp,
            body=msgspec.json.encode(event).decode(),
            error="The lamp is broken.",
            tries=5,
            parked_at=NOON + timedelta(minutes=after),
        )
        await self.parking.park(message)
        return message.id

    async def leave(self) -> None:
        if self.server is not None:
            await self.server.stop(0)
            self.server = None


@dataclass
class Street:
    hall: House
    yard: House
    places: dict[str, ParkedMessages]

    @property
    def everywhere(self) -> Everywhere:
        return Everywhere(self.places)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """Two services, each with its own parked messages, and a third party that asks both."""
    async with AsyncExitStack() as stack:
        houses, places = [], {}
        for name in ("hall", "yard"):
            house = House(name, LocalParking(tmp_path / f"{name}.db"))
            stack.push_async_callback(house.parking.close)
            address = await house.open()
            stack.push_async_callback(house.leave)
            peer = await stack.enter_async_context(Peer(address, key=KEY, caller="tests"))
            places[name] = peer.ask(ParkedMessages)
            houses.append(house)
        yield Street(*houses, places)


async def test_all_are_listed_the_longest_parked_first(street: Street) -> None:
    assert await street.everywhere.messages() == ()
    second = await street.hall.park("green", after=2)
    first, third = await street.yard.park("red", after=1), await street.yard.park("blue", after=3)
    listed = await street.everywhere.listed()
    assert [message.id for message in listed.messages] == [first, second, third]
    assert listed.messages[0].parked_at == NOON + timedelta(minutes=1)
    assert listed.away == ()


async def test_one_that_both_see_is_listed_once_and_dropped_in_both(street: Street) -> None:
    same = await street.hall.park("green")
    assert await street.yard.park("green", listener="hall") == same
    assert [message.id for message in await street.everywhere.messages()] == [same]
    await street.everywhere.drop(message_id=same)
    assert await street.hall.parking.messages() == await street.yard.parking.messages() == []
    with pytest.raises(NotFound, match="no parked message"):
        await street.everywhere.drop(message_id=same)


async def test_the_service_of_the_listener_gives_it_again(street: Street) -> None:
    mine = await street.yard.park("green")
    await street.everywhere.replay(message_id=mine)
    assert (street.hall.audience.lit, street.yard.audience.lit) == ([], ["green"])
    assert await street.everywhere.messages() == ()


async def test_a_service_that_only_sees_the_message_passes_it_on(street: Street) -> None:
    """As with a broker, where everybody reads the same parked messages."""
    for house in (street.hall, street.yard):
        await house.park("green", listener="yard")
    unnamed = dict(zip(("first", "second"), street.places.values(), strict=True))
    await Everywhere(unnamed).replay(message_id="yard-green")
    assert (street.hall.audience.lit, street.yard.audience.lit) == ([], ["green"])
    for house in (street.hall, street.yard):
        await house.park("red", listener="cellar")
    with pytest.raises(NotFound, match="cellar is not served here"):
        await street.everywhere.replay(message_id="cellar-red")


async def test_why_it_failed_again_comes_back_and_it_is_kept(street: Street) -> None:
    def broken(_event: object) -> None:
        raise ValueError("still broken")

    street.yard.audience.trouble = broken
    mine = await street.yard.park("green")
    with pytest.raises(Conflict, match="It failed again: ValueError: still broken"):
        await street.everywhere.replay(message_id=mine)
    [kept] = await street.everywhere.messages()
    assert (kept.error, kept.tries) == ("ValueError: still broken", 6)


async def test_a_service_that_is_away_is_named_and_the_others_answer(street: Street) -> None:
    mine, theirs = await street.hall.park("green"), await street.yard.park("red")
    await street.yard.leave()
    listed = await street.everywhere.listed()
    assert [message.id for message in listed.messages] == [mine]
    assert listed.away == ("yard",)
    await street.everywhere.replay(message_id=mine)
    assert street.hall.audience.lit == ["green"]
    for work in (street.everywhere.replay, street.everywhere.drop):
        with pytest.raises(Unavailable, match=r"^yard: .* cannot be reached"):
            await work(message_id=theirs)
    again = await street.hall.park("blue")
    await street.everywhere.drop(message_id=again)
    assert await street.everywhere.messages() == ()
    assert [message.id for message in await street.yard.parking.messages()] == [theirs]


async def test_when_nobody_answers_there_is_no_list(street: Street) -> None:
    await street.hall.leave()
    await street.yard.leave()
    with pytest.raises(Unavailable, match="cannot be reached"):
        await street.everywhere.messages()
