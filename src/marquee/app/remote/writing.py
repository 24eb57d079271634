"""Values of a contract as protobuf takes them: plain dicts and lists, made messages in C."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any

from marquee.app.remote.shapes import (
    Field,
    Keyed,
    Many,
    Moment,
    Record,
    Scalar,
    Shape,
    fields_of,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Turn = Callable[[Any], Any]
_RECORDS: dict[type, Turn] = {}


def row_writer(fields: Sequence[Field]) -> Turn:
    """Writes values by name. TypeError for None where the contract does not say None."""
    return _writer(fields, lambda row: row)


def moment(value: datetime) -> dict[str, int]:
    """A Timestamp, to the microsecond; TypeError for a time without a zone."""
    since = value - EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1000}


def _writing(shape: Shape) -> Turn | None:
    """How a value of this shape is written; None where it can be handed over as it is."""
    if isinstance(shape, Scalar):
        return None
    if isinstance(shape, Moment):
        return moment
    if isinstance(shape, Record):
        return _record_writer(shape.kind)
    each = _nested(shape.of)
    if each is None:
        return None
    return _each(each) if isinstance(shape, Many) else _each_value(each)


def _nested(shape: Shape) -> Turn | None:
    """The same inside a plural or an optional, where a plural is a message of its own."""
    turn = _writing(shape)
    return _wrapped(turn) if isinstance(shape, Many | Keyed) else turn


def _each(turn: Turn) -> Turn:
    return lambda values: [turn(value) for value in values]


def _each_value(turn: Turn) -> Turn:
    return lambda values: {key: turn(value) for key, value in values.items()}


def _wrapped(turn: Turn | None) -> Turn:
    return lambda values: {"items": turn(values) if turn else values}


def _later(kind: type) -> Turn:
    """Stands in for a record until its way is known, since it may hold itself."""

    def write(value: Any) -> Any:
        return _RECORDS[kind](value)

    return write


def _record_writer(kind: type) -> Turn:
    if kind not in _RECORDS:
        _RECORDS[kind] = _later(kind)
        fields = fields_of(kind)
        _RECORDS[kind] = _writer(fields, _row_of(kind, [field.name for field in fields]))
    return _RECORDS[kind]


def _row_of(kind: type, names: Sequence[str]) -> Turn:
    """How a dataclass tells its values by name: its own dict where that holds nothing else."""
    has_more = any(isinstance(value, cached_property) for value in vars(kind).values())
    if not has_more and not hasattr(kind, "__slots__"):
        return attrgetter("__dict__")
    return lambda value: {name: getattr(value, name) for name in names}


def _writer(fields: Sequence[Field], row_of: Turn) -> Turn:
    turns = [
        (field.name, turn)
        for field in fields
        if (turn := (_nested if field.is_nullable else _writing)(field.shape))
    ]
    needed = [field.name for field in fields if not field.is_nullable]
    pick: Turn = itemgetter(*needed, needed[0]) if needed else lambda _row: ()

    def write(value: Any) -> Any:
        row = row_of(value)
        if None in pick(row):
            raise TypeError
        if turns:
            row = {**row}
            for name, turn in turns:
                if (given := row[name]) is not None:
                    row[name] = turn(given)
        return row

    return write
