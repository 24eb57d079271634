"""Messages of protobuf as values of a contract."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from marquee.app.remote.shapes import (
    NEEDED,
    Field,
    Keyed,
    Many,
    Moment,
    Record,
    Scalar,
    Shape,
    fields_of,
)
from marquee.app.remote.writing import EPOCH
from marquee.kit.errors import Invalid

Turn = Callable[[Any], Any]
_RECORDS: dict[type, Turn] = {}


def row_reader(fields: Sequence[Field]) -> Turn:
    """Reads a message as values by name; Invalid when one lacks that has no default."""
    return _reader(fields, _same)


def moment(value: Any) -> Any:
    try:
        return EPOCH + timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    except OverflowError:
        raise Invalid("A time is out of range.") from None


def _same(row: Any) -> Any:
    return row


def _reading(shape: Shape) -> Turn | None:
    """How a value of this shape is read; None where it is right as it comes."""
    if isinstance(shape, Scalar):
        return _choosing(shape.choices) if shape.choices else None
    if isinstance(shape, Moment):
        return moment
    if isinstance(shape, Record):
        return _record_reader(shape.kind)
    each = _nested(shape.of)
    if isinstance(shape, Many):
        return _each(each) if each else tuple
    return _each_value(each) if each else dict


def _nested(shape: Shape) -> Turn | None:
    """The same inside a plural or an optional, where a plural is a message of its own."""
    turn = _reading(shape)
    return _wrapped(turn) if turn and isinstance(shape, Many | Keyed) else turn


def _each(turn: Turn) -> Turn:
    return lambda values: tuple([turn(value) for value in values])


def _each_value(turn: Turn) -> Turn:
    return lambda values: {key: turn(value) for key, value in values.items()}


def _wrapped(turn: Turn) -> Turn:
    return lambda message: turn(message.items)


def _choosing(choices: tuple[str, ...]) -> Turn:
    def choose(value: str) -> str:
        if value not in choices:
            raise Invalid(f"{value!r} is none of {', '.join(choices)}.")
        return value

    return choose


def _later(kind: type) -> Turn:
    """Stands in for a record until its way is known, since it may hold itself."""

    def read(value: Any) -> Any:
        return _RECORDS[kind](value)

    return read


def _record_reader(kind: type) -> Turn:
    if kind not in _RECORDS:
        _RECORDS[kind] = _later(kind)
        _RECORDS[kind] = _reader(fields_of(kind), _maker(kind))
    return _RECORDS[kind]


def _maker(kind: type) -> Turn:
    """Makes a dataclass of its values by name, without its constructor where that adds nothing."""
    if hasattr(kind, "__slots__") or hasattr(kind, "__post_init__"):
        return lambda row: kind(**row)
    new = object.__new__

    def make(row: dict[str, Any]) -> Any:
        made: Any = new(kind)
        made.__dict__.update(row)
        return made

    return make


def _reader(fields: Sequence[Field], make: Turn) -> Turn:
    """A message into `make` of its values by name. The cost follows what was sent."""
    absent = {field.name: _absent(field) for field in fields if not _must_be_sent(field)}
    needed = [field.name for field in fields if _must_be_sent(field)]
    factories = [(field.name, factory) for field in fields if (factory := _factory(field))]
    by_number: list[tuple[str, Turn | None]] = [("", None)]
    by_number += [
        (field.name, (_nested if field.is_nullable else _reading)(field.shape)) for field in fields
    ]

    def read(message: Any) -> Any:
        row = absent.copy()
        for told, value in message.ListFields():
            name, turn = by_number[told.number]
            row[name] = turn(value) if turn else value
        for name in needed:
            if name not in row:
                raise Invalid("This must be given.", field=name)
        for name, factory in factories:
            if row[name] is NEEDED:
                row[name] = factory()
        return make(row)

    return read


def _must_be_sent(field: Field) -> bool:
    shape = field.shape
    is_told = isinstance(shape, Moment | Record) or (isinstance(shape, Scalar) and shape.choices)
    return field.is_required and bool(is_told)


def _factory(field: Field) -> Callable[[], Any] | None:
    is_keyed = isinstance(field.shape, Keyed) and not field.is_nullable
    return dict if is_keyed else field.factory


def _absent(field: Field) -> Any:
    """What stands for a field that was not sent."""
    if field.is_nullable:
        return None
    if isinstance(field.shape, Many):
        return ()
    if isinstance(field.shape, Scalar) and field.is_required:
        return field.shape.kind()
    return field.default  # NEEDED where a factory follows
