"""Another service's outbox is read like our own."""

from collections.abc import AsyncIterator, Sequence

import pytest

from marquee.app.remote.client import Peer
from marquee.app.remote.events import far
from marquee.app.remote.events.contract import Outbox as OutboxContract
from marquee.app.remote.server import serve
from marquee.app.remote.tokens import Key
from marquee.kit.errors import Invalid, NotFound
from marquee.kit.events import Sent

KEY = Key([b"k" * 32])


class Box:
    def __init__(self, *bodies: str) -> None:
        self.sent = [
            Sent(place, f"id{place}", "reviews.ReviewPosted", "k", body)
            for place, body in enumerate(bodies, 1)
        ]
        self.heard: dict[str, int] = {}

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:
        return self.sent[place : place + limit]

    async def last_place(self) -> int:
        return len(self.sent)

    async def forgotten_up_to(self) -> int:
        return 7

    async def passed(self, listener: str, place: int) -> None:
        self.heard[listener] = place


@pytest.fixture
def boxes() -> dict[str, Box]:
    return {"reviews": Box("{}", '{"text":"ü"}', "{}"), "catalog": Box()}


@pytest.fixture
async def peer(boxes: dict[str, Box]) -> AsyncIterator[Peer]:
    server = await serve({}, address="127.0.0.1:0", key=KEY, outboxes=boxes)
    async with Peer(server.address, key=KEY) as peer:
        yield peer
    await server.stop(0)


async def test_events_come_in_order_from_where_one_was(peer: Peer) -> None:
    outbox = peer.outbox("reviews")
    assert list(await outbox.events_after(0, 500)) == Box("{}", '{"text":"ü"}', "{}").sent
    assert [sent.place for sent in await outbox.events_after(1, 1)] == [2]
    assert list(await outbox.events_after(3, 500)) == []
    assert await outbox.last_place() == 3
    assert await peer.outbox("catalog").last_place() == 0


async def test_who_tells_is_told_what_was_heard_and_says_what_is_gone(
    peer: Peer, boxes: dict[str, Box]
) -> None:
    outbox = peer.outbox("reviews")
    assert await outbox.forgotten_up_to() == 7
    await outbox.passed("search", 2)
    assert boxes["reviews"].heard == {"search": 2}
    for listener, place in (("Search<-", 1), ("", 1), ("a" * 41, 1), ("search", -1)):
        with pytest.raises(Invalid):
            await outbox.passed(listener, place)
    assert boxes["reviews"].heard == {"search": 2}


async def test_an_outbox_that_is_not_there_is_not_found(peer: Peer) -> None:
    with pytest.raises(NotFound):
        await peer.outbox("accounts").last_place()


@pytest.mark.parametrize(
    ("place", "limit", "field"), [(-1, 5, "place"), (0, 0, "limit"), (0, 1001, "limit")]
)
async def test_a_place_or_limit_out_of_range_is_invalid(
    peer: Peer, place: int, limit: int, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await peer.outbox("reviews").events_after(place, limit)
    assert caught.value.field == field


async def test_a_batch_that_is_too_large_is_cut_but_never_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(far, "LARGEST", 10)
    boxes: OutboxContract = far.Outboxes({"reviews": Box("x" * 99, "x" * 9, "y", "z")})
    read = [
        len(await boxes.events_after(source="reviews", place=place, limit=9)) for place in (0, 1, 3)
    ]
    assert read == [1, 2, 1]
