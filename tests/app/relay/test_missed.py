"""A listener that stands where events are kept no more is told so, and never goes on in silence."""

from pathlib import Path

import pytest
from tests.app.relay.stage import KINDS, Audience, Box
from tests.logged import logged

from marquee.app.parked.local import LocalParking
from marquee.app.relay import Relay
from marquee.app.relay.delivery import Delivery
from marquee.app.relay.pulling import Pull, Renewal
from marquee.app.telemetry import Figures, State
from marquee.kit.context import Room
from marquee.kit.errors import Unavailable
from marquee.kit.events import Outbox, Sent, kind_of


def a_pull(
    tmp_path: Path, box: Box, audience: Audience, place: int = 0, renew: Renewal | None = None
) -> Pull:
    delivery = Delivery("hall", "lamps", audience.hear, KINDS, LocalParking(tmp_path / "parked.db"))
    return Pull(delivery, box, place, inbox=audience, renew=renew)


def a_box(forgotten: int) -> Box:
    box = Box(forgotten=forgotten)
    box.tell(*"abcdef")
    return box


async def test_who_makes_it_good_goes_on_behind_that(tmp_path: Path) -> None:
    box, audience = a_box(forgotten=3), Audience()

    async def renew(outbox: Outbox) -> int:
        audience.lit.append("all of them")
        return await outbox.last_place()

    pull = a_pull(tmp_path, box, audience, place=1, renew=renew)
    with logged() as log:
        assert await pull.step() == 5
    [line] = log.lines(event="events were missed")
    assert (line["level"], line["way"]) == ("error", "hall<-lamps")
    assert (line["heard"], line["forgotten"]) == (1, 3)
    assert await audience.heard_up_to("lamps") == 6
    box.tell("g")
    assert await pull.step() == 1
    assert audience.lit == ["all of them", "g"]
    assert pull.delivery.missed == 1


async def test_who_cannot_make_it_good_stands_and_says_so(tmp_path: Path) -> None:
    box, audience = a_box(forgotten=3), Audience()
    pull = a_pull(tmp_path, box, audience)
    with logged() as log:
        for _try in range(3):
            with pytest.raises(Unavailable, match="missed"):
                await pull.step()
    assert len(log.lines(event="events were missed")) == 1
    assert (pull.place, pull.delivery.missed, audience.lit) == (0, 1, [])


async def test_what_fails_to_be_made_good_is_tried_again(tmp_path: Path) -> None:
    box, audience, tries = a_box(forgotten=3), Audience(), [1, 2]

    async def renew(outbox: Outbox) -> int:
        if tries:
            tries.pop()
            raise Unavailable("It is away.")
        return await outbox.last_place()

    pull = a_pull(tmp_path, box, audience, renew=renew)
    for _try in "ab":
        with pytest.raises(Unavailable):
            await pull.step()
    assert (await audience.heard_up_to("lamps"), pull.place) == (0, 0)
    assert await pull.step() == 6
    assert (await audience.heard_up_to("lamps"), pull.delivery.missed) == (6, 1)


@pytest.mark.parametrize("place", [3, 4, 6])
async def test_who_has_heard_what_is_forgotten_misses_nothing(tmp_path: Path, place: int) -> None:
    audience = Audience()
    pull = a_pull(tmp_path, a_box(forgotten=3), audience, place=place)
    await pull.step()
    assert audience.lit == list("abcdef")[place:]
    assert pull.delivery.missed == 0


async def test_places_that_were_never_given_out_are_not_missed(tmp_path: Path) -> None:
    box, audience = Box(), Audience()
    box.tell("a")
    box.sent = [Sent(1_000, one.id, one.kind, one.key, one.body) for one in box.sent]
    pull = a_pull(tmp_path, box, audience)
    await pull.step()
    assert (audience.lit, pull.delivery.missed) == (["a"], 0)


async def test_who_passes_events_over_keeps_that_and_says_it(tmp_path: Path) -> None:
    box, audience = Box(), Audience()
    box.tell("a")
    box.tell("b", "c", kind="lamps.LampSold")
    pull = a_pull(tmp_path, box, audience)
    await pull.step()
    assert await audience.heard_up_to("lamps") == 1
    await pull.report()
    assert await audience.heard_up_to("lamps") == 3
    assert box.heard == {"hall": 3}


async def test_it_is_counted_for_the_operator(tmp_path: Path) -> None:
    relay, audience = Relay(LocalParking(tmp_path / "parked.db")), Audience()
    kinds = list(KINDS.values())
    room = Room(None, hears=kinds, listener=audience.hear, inbox=audience)
    await relay.connect({"hall": room}, {kind_of(kinds[0]).partition(".")[0]: a_box(3)})
    with pytest.raises(Unavailable):
        await relay.settle()
    assert relay.missed() == {"hall": 1}
    text = Figures().text(State(missed=relay.missed())).decode()
    assert 'marquee_listener_missed_total{listener="hall"} 1.0' in text
