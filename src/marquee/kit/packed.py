"""A sequence on its way from another process: bytes until somebody looks at what is in it."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property
from types import GenericAlias
from typing import Any, TypeVar, overload

import msgspec

T = TypeVar("T")


class Packed(Sequence[T]):
    """`body` is a list in msgpack, each of its maps the fields of a `kind` that are not as by default.

    Whoever knows a quicker way than to make every one of them reads `body` itself.
    """

    def __init__(self, kind: type[T], body: bytes, size: int) -> None:
        self.body = body
        self._kind = kind
        self._size = size

    @cached_property
    def _all(self) -> list[T]:
        kind: Any = self._kind
        found: list[T] = msgspec.msgpack.decode(self.body, type=GenericAlias(list, kind))
        for one in found:
            _complete(one)
        return found

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self._all[at]


def _complete(value: Any) -> None:
    """Set what was left out on each dataclass itself, as its constructor does.

    What is as by default would be found on the class alone, and not by whoever asks for `vars`.
    """
    if isinstance(value, tuple):
        for each in value:
            _complete(each)
    elif is_dataclass(value):
        own = vars(value)
        for field in fields(value):
            _complete(own.setdefault(field.name, getattr(value, field.name)))
