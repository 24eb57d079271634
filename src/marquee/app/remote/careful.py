"""The slow way to write a message, taken when the quick one fails: it finds out what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
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
from marquee.app.remote.writing import moment
from marquee.kit.errors import Invalid

MOST = 2**63


def row(fields: Sequence[Field], given: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """The values of `fields` alone, as protobuf takes them.

    Invalid or TypeError, naming the first value at fault by its path, such as `movies[3].title`.
    """
    written = {}
    for field in fields:
        path = f"{where}.{field.name}" if where else field.name
        if field.name not in given:
            message = f"{path} is missing"
            raise TypeError(message)
        value = given[field.name]
        if value is None and field.is_nullable:
            continue
        is_wrapped = field.is_nullable and isinstance(field.shape, Many | Keyed)
        wrote = _value(field.shape, value, path)
        written[field.name] = {"items": wrote} if is_wrapped else wrote
    return written


def _value(shape: Shape, value: Any, path: str) -> Any:
    if isinstance(shape, Scalar):
        return _scalar(shape, value, path)
    if isinstance(shape, Moment):
        return _moment(value, path)
    if isinstance(shape, Record):
        _expect(value, shape.kind, path)
        fields = fields_of(shape.kind)
        return row(fields, {field.name: getattr(value, field.name) for field in fields}, path)
    if isinstance(shape, Many):
        return [_nested(shape.of, one, f"{path}[{place}]") for place, one in enumerate(value)]
    _expect(value, Mapping, path)
    text = Scalar(str)
    return {
        _scalar(text, key, path): _nested(shape.of, one, f"{path}[{key!r}]")
        for key, one in value.items()
    }


def _nested(shape: Shape, value: Any, path: str) -> Any:
    wrote = _value(shape, value, path)
    return {"items": wrote} if isinstance(shape, Many | Keyed) else wrote


def _scalar(shape: Scalar, value: Any, path: str) -> Any:
    if shape.kind is float and isinstance(value, int):
        return float(value)
    if isinstance(value, bool) and shape.kind is not bool:
        _wrong(value, shape.kind, path)
    _expect(value, shape.kind, path)
    if shape.kind is int and not -MOST <= value < MOST:
        raise Invalid("A number beyond 64 bits cannot be sent.", field=path)
    if shape.kind is str:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid("This text holds half a character.", field=path) from None
    return value


def _moment(value: Any, path: str) -> dict[str, int]:
    _expect(value, datetime, path)
    if value.utcoffset() is None:
        message = f"{path}: a time needs a zone"
        raise TypeError(message)
    return moment(value)


def _expect(value: Any, kind: type, path: str) -> None:
    if not isinstance(value, kind):
        _wrong(value, kind, path)


def _wrong(value: Any, kind: type, path: str) -> None:
    message = f"{path}: expected {kind.__name__}, not {type(value).__name__}"
    raise TypeError(message)
