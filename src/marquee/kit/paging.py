"""Pages of a list, and the opaque cursor that leads to the next one."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from marquee.kit.errors import Invalid

T = TypeVar("T")
LIMIT = 20
MOST = 100


@dataclass(frozen=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next` is None on the last page; `total` counts all that matches, not this page."""

    items: Sequence[T]
    next: str | None
    total: int
    facets: Mapping[str, Sequence[FacetCount]] | None = None


def cursor(question: object, after: Sequence[Any]) -> str:
    """Where a page ended: `after` are plain JSON values, `question` is what the list was of."""
    text = json.dumps([_mark(question), *after], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after(question: object, cursor: str | None, shape: tuple[type, ...]) -> list[Any] | None:
    """What `cursor` was made of; Invalid when it is not one of ours for this `question`.

    `shape` is the type of each value; None is accepted in place of any.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        mark, *values = json.loads(text)
    except (ValueError, TypeError, RecursionError, binascii.Error, UnicodeError):
        raise _not_ours() from None
    fits = len(values) == len(shape) and all(
        value is None or type(value) is kind or (kind is float and type(value) is int)
        for value, kind in zip(values, shape, strict=True)
    )
    if not fits or mark != _mark(question):
        raise _not_ours()
    return list(values)


def _mark(question: object) -> str:
    return hashlib.blake2s(repr(question).encode(errors="replace"), digest_size=4).hexdigest()


def _not_ours() -> Invalid:
    return Invalid("This cursor does not belong to this list. Start again.", field="cursor")
