"""What goes into a message comes out of it."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.remote.theater.contract import Box, Play, Seat, Theater

from marquee.app.remote.convert import Codec
from marquee.app.remote.shapes import parameters_of
from marquee.kit.errors import Invalid

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(2**63), 2**63 - 1)
figures = st.floats(allow_nan=False)
moments = st.datetimes(timezones=st.just(UTC))
seats = st.builds(Seat, texts, numbers, st.booleans(), st.none() | texts)
boxes = st.recursive(
    st.builds(Box, name=texts, seats=st.lists(seats, max_size=2).map(tuple)),
    lambda inner: st.builds(Box, name=texts, inner=inner),
    max_leaves=3,
)
plays = st.builds(
    Play,
    texts,
    moments,
    figures,
    seats,
    poster=st.binary(max_size=8),
    closes_at=st.none() | moments,
    kind=st.sampled_from(["comedy", "tragedy"]),
    takings=st.none() | numbers,
    is_sold_out=st.none() | st.booleans(),
    labels=st.dictionaries(texts, texts, max_size=2),
    prices=st.dictionaries(texts, figures, max_size=2),
    boxes=st.dictionaries(texts, boxes, max_size=2),
    rows=st.lists(st.lists(texts, max_size=2).map(tuple), max_size=2).map(tuple),
    nights=st.lists(moments, max_size=2).map(tuple),
    by_row=st.dictionaries(texts, st.lists(seats, max_size=2).map(tuple), max_size=2),
    warnings=st.none() | st.lists(texts, max_size=2).map(tuple),
    credits=st.none() | st.dictionaries(texts, numbers, max_size=2),
)


def codec_of(method: str, message: str) -> Codec:
    return Codec(Theater, message, parameters_of(getattr(Theater, method), method))


PLAY = codec_of("put_on", "PutOnRequest")
SALE = codec_of("sell", "SellRequest")


def a_play(**changes: Any) -> Play:
    return dataclasses.replace(Play("Hamlet", NOON, 9.5, Seat("A")), **changes)


@given(plays)
def test_everything_a_contract_may_say_comes_back_as_it_was(play: Play) -> None:
    assert PLAY.decode(PLAY.encode({"play": play})) == {"play": play}


def test_a_time_in_another_zone_is_the_same_moment() -> None:
    late = a_play(opens_at=NOON.astimezone(timezone(timedelta(hours=5))))
    assert PLAY.decode(PLAY.encode({"play": late}))["play"].opens_at == NOON


def test_none_and_empty_are_told_apart() -> None:
    for nothing in (a_play(warnings=None, credits=None), a_play(warnings=(), credits={})):
        assert PLAY.decode(PLAY.encode({"play": nothing}))["play"] == nothing


def test_what_an_older_caller_leaves_out_has_its_default() -> None:
    only_title = SALE._kind(title="Hamlet", seats=[{"row": "A"}]).SerializeToString()
    assert SALE.decode(only_title) == {"title": "Hamlet", "seats": (Seat("A", 1),), "paid": 0.0}


def test_a_zero_that_was_said_is_not_the_default() -> None:
    said = SALE.encode({"title": "", "seats": [Seat("", 0)], "paid": 0})
    assert SALE.decode(said)["seats"] == (Seat("", 0),)


@pytest.mark.parametrize(
    ("play", "field"),
    [
        (a_play(title="half \ud800"), "play.title"),
        (a_play(takings=2**63), "play.takings"),
        (a_play(takings=-(2**70)), "play.takings"),
        (a_play(by_row={"A": (Seat("A"), Seat("B", note="\udfff"))}), "play.by_row['A'][1].note"),
        (a_play(labels={"\ud800": "x"}), "play.labels"),
        (
            a_play(boxes={"x": Box(name="y", inner=Box(name="\ud800"))}),
            "play.boxes['x'].inner.name",
        ),
        (a_play(credits={"x": 2**64}), "play.credits['x']"),
    ],
)
def test_what_protobuf_cannot_hold_is_invalid_and_named(play: Play, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        PLAY.encode({"play": play})
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": None}, "play.title: expected str, not NoneType"),
        ({"title": 5}, "play.title: expected str, not int"),
        ({"takings": "5"}, "play.takings: expected int, not str"),
        ({"takings": True}, "play.takings: expected int, not bool"),
        ({"best": None}, "play.best: expected Seat, not NoneType"),
        ({"best": "A1"}, "play.best: expected Seat, not str"),
        ({"opens_at": NOON.replace(tzinfo=None)}, "play.opens_at: a time needs a zone"),
        ({"labels": ["x"]}, "play.labels: expected Mapping, not list"),
    ],
)
def test_what_the_contract_does_not_allow_is_a_bug_and_named(
    changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        PLAY.encode({"play": a_play(**changes)})


def test_a_dataclass_with_more_to_it_sends_only_what_was_declared() -> None:
    @dataclasses.dataclass(frozen=True)
    class Throne(Seat):
        cushion: str = "velvet"

    sent = PLAY.encode({"play": a_play(best=Throne("K"))})
    assert PLAY.decode(sent)["play"].best == Seat("K")


@pytest.mark.parametrize("data", [b"\xff", b"\x0a\x02\xff\xfe", b"\x0a\x05abc"])
def test_bytes_that_are_no_message_are_invalid(data: bytes) -> None:
    with pytest.raises(Invalid):
        SALE.decode(data)


def test_a_message_without_what_it_needs_is_invalid_and_named() -> None:
    with pytest.raises(Invalid) as caught:
        PLAY.decode(b"")
    assert caught.value.field == "play"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "farce"},
        {"closes_at": {"seconds": 2**62}},
    ],
)
def test_a_value_out_of_its_range_is_invalid(changes: dict[str, Any]) -> None:
    play = {"title": "x", "opens_at": {"seconds": 1}, "best": {"row": "A"}, **changes}
    with pytest.raises(Invalid):
        PLAY.decode(PLAY._kind(play=play).SerializeToString())
