"""A sequence on its way from another process: bytes until somebody looks at what is in it."""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar, overload

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
        return msgspec.msgpack.decode(self.body, type=list[self._kind])  # type: ignore[name-defined]  # known at run time

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return self._all[at]
