"""What is published may grow, and may not change."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from tests.app.remote.theater.contract import Theater

from marquee.app.remote import pins, proto, published, schema, snapshots
from marquee.kit.errors import Conflict
from marquee.kit.events import Event

TEXT = proto.text_of(schema.file_of(Theater))


def test_what_did_not_change_keeps_its_promises() -> None:
    assert pins.breaks(TEXT, TEXT) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  optional string note = 4;", "  optional string note = 4;\n  optional int64 price = 5;"),
        ("  optional string note = 4;", "  optional string note = 4;\n  repeated int64 a = 5;"),
        ("  optional string note = 4;", "  optional string note = 4;\n  map<string, Box> a = 5;"),
        ("  string row = 1;", "  optional string row = 1;"),
        ("message Seat {", "message Chair {\n  int64 legs = 1;\n}\n\nmessage Seat {"),
        ("// Sells seats.", "// Sells seats and drinks."),
    ],
)
def test_what_grows_keeps_its_promises(old: str, new: str) -> None:
    assert old in TEXT
    assert pins.breaks(TEXT, TEXT.replace(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  string row = 1;", "  string row = 9;", "Seat.row was 1 and is 9 now"),
        ("  string row = 1;\n", "", "Seat.row is gone"),
        ("  string row = 1;", "  int64 row = 1;", "Seat.row was 'string' and is 'int64' now"),
        ("  optional string note = 4;", "  string note = 4;", "Seat.note was 'optional string'"),
        (
            "  optional string note = 4;",
            "  optional string note = 4;\n  string colour = 5;",
            "Seat.colour is new and has no default",
        ),
        ("rpc Close(CloseRequest)", "rpc Shut(CloseRequest)", "Theater.Close is gone"),
        ("(CloseRequest)", "(SellRequest)", "Theater.Close was 'CloseRequest -> CloseAnswer'"),
        ("service Theater {", "service Cinema {", "Theater is gone"),
    ],
)
def test_what_changes_breaks_its_promises(old: str, new: str, told: str) -> None:
    assert old in TEXT
    assert any(one.startswith(told) for one in pins.breaks(TEXT, TEXT.replace(old, new)))


def an_event(fields: list[Any], key: str = "play_id") -> str:
    """The schema of a module with one event of these fields."""
    event = dataclasses.make_dataclass(
        "PlayOpened",
        [*fields, ("key_field", ClassVar[str], key)],
        bases=(Event,),
        frozen=True,
        kw_only=True,
    )
    module = ModuleType("marquee.contexts.theater.events")
    event.__module__ = module.__name__
    module.PlayOpened = event  # type: ignore[attr-defined]
    return snapshots.schema_of(module)


OPENED = [("play_id", str), ("seats", int, dataclasses.field(default=5))]


@pytest.mark.parametrize(
    "fields",
    [
        OPENED,
        [*OPENED, ("price", float | None, dataclasses.field(default=None))],
        [("play_id", str, dataclasses.field(default="")), OPENED[1]],
        [OPENED[0], ("seats", int, dataclasses.field(default=6))],
    ],
)
def test_an_event_may_grow(fields: list[Any]) -> None:
    assert snapshots.breaks(an_event(OPENED), an_event(fields)) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([OPENED[0]], "PlayOpened.seats is gone"),
        ([*OPENED, ("price", float)], "PlayOpened.price is new and has no default"),
        ([OPENED[0], ("seats", int)], "PlayOpened.seats is required now and has no default"),
        ([("play_id", str), ("seats", str, "")], "PlayOpened.seats has another type"),
        ([("play", str), OPENED[1]], "PlayOpened.play_id is gone"),
    ],
)
def test_an_event_may_not_change(fields: list[Any], told: str) -> None:
    assert told in snapshots.breaks(an_event(OPENED), an_event(fields))


def test_an_event_keeps_its_order_and_its_name() -> None:
    other = an_event(OPENED, key="id")
    assert snapshots.breaks(an_event(OPENED), other) == [
        "PlayOpened was in order by play_id and is by id now"
    ]
    renamed = an_event(OPENED).replace("PlayOpened", "PlayBegun")
    assert snapshots.breaks(an_event(OPENED), renamed) == ["PlayOpened is gone"]


@pytest.mark.parametrize("write", [published.write_protos, published.write_snapshots])
def test_writing_twice_changes_nothing_the_second_time(
    write: Callable[[Path], list[Path]], tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    assert {path.parent for path in write(folder)} == {folder}
    assert write(folder) == []


def test_writing_refuses_to_break_what_is_published(tmp_path: Path) -> None:
    (tmp_path / "events.proto").write_text("message Sent {\n  string shape = 9;\n}\n")
    with pytest.raises(Conflict, match=r"events\.proto: Sent\.shape is gone"):
        published.write_protos(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["events.proto"]
