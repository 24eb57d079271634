"""Messages of protobuf as values of a contract."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from operator import attrgetter
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
from marquee.app.remote.writing import EPOCH
from marquee.kit.errors import Invalid

Turn = Callable[[Any], Any]
Fix = Callable[[Any, Any], Any]
"""Takes the message and the value of one of its fields as protobuf gives it."""
_RECORDS: dict[type, Turn] = {}


def row_reader(fields: Sequence[Field]) -> Turn:
    """Reads a message as values by name; Invalid when one lacks that has no default."""
    return _reader(fields, _by_name(dict, fields))


def moment(value: Any) -> Any:
    try:
        return EPOCH + timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    except OverflowError:
        raise Invalid("A time is out of range.") from None


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
        fields = fields_of(kind)
        in_order = tuple(field.name for field in fields) == getattr(kind, "__match_args__", None)
        _RECORDS[kind] = _reader(fields, kind if in_order else _by_name(kind, fields))
    return _RECORDS[kind]


def _by_name(kind: Callable[..., Any], fields: Sequence[Field]) -> Callable[..., Any]:
    names = tuple(field.name for field in fields)
    return lambda *values: kind(**dict(zip(names, values, strict=True)))


def _reader(fields: Sequence[Field], make: Callable[..., Any]) -> Turn:
    """A message into `make` of its values, in order."""
    if not fields:
        return lambda _message: make()
    names = [field.name for field in fields]
    pick = attrgetter(*names, names[0])  # never only one, which would come without its tuple
    fixes = [(place, fix) for place, field in enumerate(fields) if (fix := _fix(field))]

    def read(message: Any) -> Any:
        values = list(pick(message))
        values.pop()
        for place, fix in fixes:
            values[place] = fix(message, values[place])
        return make(*values)

    return read


def _fix(field: Field) -> Fix | None:
    turn = (_nested if field.is_nullable else _reading)(field.shape)
    is_plural = isinstance(field.shape, Many | Keyed) and not field.is_nullable
    if is_plural or (field.is_required and isinstance(field.shape, Scalar)):
        return _always(turn) if turn else None
    if field.is_required and turn:
        return _needed(field.name, turn)
    return _optional(field, turn or _same)


def _same(value: Any) -> Any:
    return value


def _always(turn: Turn) -> Fix:
    return lambda _message, value: turn(value)


def _needed(name: str, turn: Turn) -> Fix:
    def read(message: Any, value: Any) -> Any:
        if not message.HasField(name):
            raise Invalid("This must be given.", field=name)
        return turn(value)

    return read


def _optional(field: Field, turn: Turn) -> Fix:
    """What was sent, else the default. A scalar that is not zero was sent: no need to ask."""
    name, factory = field.name, field.factory
    default = None if field.is_nullable else field.default
    is_message = not isinstance(field.shape, Scalar)

    def read(message: Any, value: Any) -> Any:
        if (is_message or not value) and not message.HasField(name):
            return factory() if factory else default
        return value if turn is _same else turn(value)

    return read
