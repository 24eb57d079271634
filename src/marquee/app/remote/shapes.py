"""The types a contract may speak in, read from its annotations."""

import dataclasses
import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

SCALARS: dict[Any, str] = {
    str: "string",
    int: "int64",
    float: "double",
    bool: "bool",
    bytes: "bytes",
}
ELLIPSIS_PAIR = 2
NEEDED: Any = object()
"""Stands where a default would, of a value that must be given."""


class Unsupported(TypeError):
    """A contract speaks in a type that cannot cross a network."""


@dataclass(frozen=True)
class Scalar:
    """One of `SCALARS`; `choices` are the only strings allowed, when there are any."""

    kind: type
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """A datetime with a zone, to the microsecond."""


@dataclass(frozen=True)
class Record:
    """A frozen dataclass."""

    kind: type


@dataclass(frozen=True)
class Many:
    """A sequence; it arrives as a tuple."""

    of: "Shape"


@dataclass(frozen=True)
class Keyed:
    """A mapping by string; it arrives as a dict."""

    of: "Shape"


Shape = Scalar | Moment | Record | Many | Keyed


@dataclass(frozen=True)
class Field:
    """`default` is NEEDED where the value must be given, unless `factory` makes one."""

    name: str
    shape: Shape
    is_nullable: bool = False
    default: Any = NEEDED
    factory: Callable[[], Any] | None = None

    @property
    def is_required(self) -> bool:
        return not self.is_nullable and self.default is NEEDED and self.factory is None


def shape_of(hint: Any, where: str) -> Shape:
    """The shape of a type; Unsupported, naming `where`, when it cannot cross."""
    if hint in SCALARS:
        return Scalar(hint)
    if hint is datetime:
        return Moment()
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and get_origin(hint) is None:
        return _record(hint, where)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal and all(isinstance(choice, str) for choice in arguments):
        return Scalar(str, arguments)
    if origin is Sequence or (
        origin is tuple and len(arguments) == ELLIPSIS_PAIR and arguments[1] is ...
    ):
        return Many(shape_of(arguments[0], f"{where}, each"))
    if origin in {dict, Mapping} and arguments[0] is str:
        return Keyed(shape_of(arguments[1], f"{where}, each"))
    message = f"{where}: {hint!r} cannot cross a network"
    raise Unsupported(message)


def field_of(name: str, hint: Any, where: str, default: Any = NEEDED, factory: Any = None) -> Field:
    """A named value, which may be None where its type says so."""
    where = f"{where}.{name}"
    arguments = get_args(hint)
    if get_origin(hint) not in {Union, types.UnionType}:
        return Field(name, shape_of(hint, where), default=default, factory=factory)
    rest = [one for one in arguments if one is not type(None)]
    if len(rest) != 1 or len(rest) == len(arguments):
        message = f"{where}: {hint!r} has more than one type beside None"
        raise Unsupported(message)
    if factory is not None or not (default is NEEDED or default is None):
        message = f"{where}: None could not be told from the default {default!r}"
        raise Unsupported(message)
    return Field(name, shape_of(rest[0], where), is_nullable=True, default=default)


@cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a frozen dataclass, in order."""
    hints = get_type_hints(kind)
    for one in dataclasses.fields(kind):
        if not one.init:
            message = f"{kind.__name__}.{one.name} is not set by the constructor"
            raise Unsupported(message)
    return tuple(
        field_of(
            one.name,
            hints[one.name],
            kind.__name__,
            NEEDED if one.default is dataclasses.MISSING else one.default,
            None if one.default_factory is dataclasses.MISSING else one.default_factory,
        )
        for one in dataclasses.fields(kind)
    )


def parameters_of(method: Callable[..., Any], where: str) -> tuple[Field, ...]:
    """The keyword-only parameters of a contract's method, in order."""
    hints = get_type_hints(method)
    found = list(inspect.signature(method).parameters.values())[1:]
    for one in found:
        if one.kind is not inspect.Parameter.KEYWORD_ONLY:
            message = f"{where}: {one.name} must be keyword-only"
            raise Unsupported(message)
    return tuple(
        field_of(
            one.name,
            hints[one.name],
            where,
            NEEDED if one.default is inspect.Parameter.empty else one.default,
        )
        for one in found
    )


def answer_of(method: Callable[..., Any], where: str) -> tuple[Field, ...]:
    """What a contract's method answers: one field called `value`, or none at all."""
    hints = get_type_hints(method)
    if "return" not in hints:
        message = f"{where}: says nothing of what it answers"
        raise Unsupported(message)
    if hints["return"] is type(None):
        return ()
    return (field_of("value", hints["return"], where),)


def _record(kind: type, where: str) -> Record:
    parameters: Any = getattr(kind, "__dataclass_params__")  # noqa: B009 (typeshed has no name for it)
    if not parameters.frozen:
        message = f"{where}: {kind.__name__} must be frozen"
        raise Unsupported(message)
    if getattr(kind, "__parameters__", ()):
        message = f"{where}: {kind.__name__} is generic; say which by a dataclass of its own"
        raise Unsupported(message)
    return Record(kind)
