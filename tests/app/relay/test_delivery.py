"""What a listener cannot take is parked; the others go on."""

from pathlib import Path
from typing import Any

import pytest
from tests.app.relay.stage import KINDS, Audience, Box

from marquee.app.parked.local import LocalParking
from marquee.app.parked.service import ParkedService
from marquee.app.relay import delivery as deliveries
from marquee.app.relay.delivery import MOST_TRIES, Delivery
from marquee.app.relay.pulling import MOST_BYTES, Pull
from marquee.kit.errors import Conflict, NotFound, Unavailable


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "FIRST_PAUSE", 0.0001)


@pytest.fixture
def parking(tmp_path: Path) -> LocalParking:
    return LocalParking(tmp_path / "parked.db")


def a_delivery(audience: Audience, parking: LocalParking) -> Delivery:
    return Delivery("hall", "lamps", audience.hear, KINDS, parking)


def broken(event: Any) -> None:
    if event.lamp == "broken":
        raise ValueError("the lamp\nis broken")


async def test_what_cannot_be_taken_is_parked_and_the_rest_goes_on(parking: LocalParking) -> None:
    audience, box = Audience(trouble=broken), Box()
    box.tell(*[str(n) for n in range(500)], "broken", *[str(n) for n in range(500, 998)])
    box.tell("garbled", body='{"lamp": 7}')
    box.tell("unheard", kind="lamps.LampSold")
    pull = Pull(a_delivery(audience, parking), box)
    while await pull.step():
        pass
    assert audience.lit == [str(n) for n in range(998)]
    by_id = {one.key: one for one in await parking.messages()}
    assert set(by_id) == {"broken", "garbled"}
    assert by_id["broken"].error == "ValueError: the lamp is broken"
    assert (by_id["broken"].tries, by_id["garbled"].tries) == (MOST_TRIES, 1)
    assert await pull.behind() == 0
    await parking.close()


async def test_a_parked_message_has_its_effect_once_when_given_again(parking: LocalParking) -> None:
    audience, box = Audience(trouble=broken), Box()
    box.tell("broken", "whole")
    delivery = a_delivery(audience, parking)
    await delivery.give(box.sent)
    parked = ParkedService(parking, [delivery])
    [message] = await parked.messages()

    with pytest.raises(Conflict, match="the lamp is broken"):
        await parked.replay(message_id=message.id)
    assert (await parked.messages())[0].tries == MOST_TRIES + 1
    audience.trouble = lambda _event: None
    await parked.replay(message_id=message.id)
    assert audience.lit == ["whole", "broken"]
    assert await parked.messages() == ()
    with pytest.raises(NotFound):
        await parked.replay(message_id=message.id)
    await parking.close()


async def test_an_engine_that_is_away_parks_nothing(parking: LocalParking) -> None:
    audience, box = Audience(), Box()
    box.tell("a", "b")

    def away(_event: Any) -> None:
        raise Unavailable("The store is away.")

    audience.trouble = away
    pull = Pull(a_delivery(audience, parking), box)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(Unavailable):
            await pull.step()
    assert pull.place == 0
    audience.trouble = lambda _event: None
    await pull.step()
    assert audience.lit == ["a", "b"]
    assert await parking.messages() == []


async def test_a_passing_error_is_tried_again_and_not_parked(parking: LocalParking) -> None:
    audience, box = Audience(), Box()
    box.tell("a")
    left = [ValueError("once"), ValueError("twice")]

    def twice(_event: Any) -> None:
        if left:
            raise left.pop()

    audience.trouble = twice
    await a_delivery(audience, parking).give(box.sent)
    assert audience.lit == ["a"]
    assert await parking.messages() == []


async def test_a_message_of_nobody_here_is_left_where_it_is(parking: LocalParking) -> None:
    audience, box = Audience(trouble=broken), Box()
    box.tell("broken")
    await a_delivery(audience, parking).give(box.sent)
    elsewhere = ParkedService(parking, [])
    [message] = await elsewhere.messages()
    with pytest.raises(NotFound, match="hall is not served here"):
        await elsewhere.replay(message_id=message.id)
    await elsewhere.drop(message_id=message.id)
    assert await elsewhere.messages() == ()
    await parking.close()


async def test_heavy_events_are_delivered_few_at_a_time(parking: LocalParking) -> None:
    audience, box = Audience(), Box()
    half = "x" * (MOST_BYTES // 2 - 100)
    box.tell(half, half, half, half * 3, "light", "light")
    pull = Pull(a_delivery(audience, parking), box)
    assert [await pull.step() for _ in range(5)] == [2, 1, 1, 2, 0]
    assert [len(lamp) for lamp in audience.lit] == [len(one.key) for one in box.sent]
    await parking.close()
