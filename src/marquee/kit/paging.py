"""Pages of a list, and the opaque cursor that leads to the next one."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, Generic, TypeVar

from marquee.kit.errors import Invalid

T = TypeVar("T")
LIMIT = 20
MOST = 100
MOST_NUMBER = 2**53
MOST_LETTERS = 1_000
Form = type | UnionType | range | Callable[[str], bool]
"""What a value in a cursor can be: of a type, a whole number of a range, or text that looks right."""


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


def after(question: object, cursor: str | None, shape: Sequence[Form]) -> list[Any] | None:
    """What `cursor` was made of; Invalid when it cannot be one of ours for this `question`.

    `shape` is the form of each value; a type is text, a number, or either of them or None. Anybody
    can make up a cursor, so nothing in it is more than a place in the list: text that is text, and
    numbers that every store can hold.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        mark, *values = json.loads(text, parse_constant=_refuse)
    except (ValueError, TypeError, RecursionError, binascii.Error, UnicodeError):
        raise _not_ours() from None
    fits = len(values) == len(shape) and all(map(_fits, values, shape))
    if not fits or mark != _mark(question):
        raise _not_ours()
    return list(values)


def part(every: Sequence[T], question: object, token: str | None, limit: int) -> Page[T]:
    """A page of a list that is there as a whole."""
    place = after(question, token, (range(1, len(every) + 1),))
    start = place[0] if place else 0
    end = start + limit
    following = cursor(question, (end,)) if end < len(every) else None
    return Page(every[start:end], following, len(every))


def _fits(value: Any, form: Form) -> bool:
    if isinstance(form, range):
        return _is_of(value, int) and value in form
    if isinstance(form, (type, UnionType)):
        return _is_of(value, form)
    return _is_of(value, str) and form(value)


def _is_of(value: Any, kind: type | UnionType) -> bool:
    if isinstance(value, str):
        return isinstance("", kind) and len(value) <= MOST_LETTERS and _is_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        is_kind = isinstance(value, kind) or isinstance(0.0, kind)
        return is_kind and -MOST_NUMBER <= value <= MOST_NUMBER
    return value is None and isinstance(None, kind)


def _is_text(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _mark(question: object) -> str:
    return hashlib.blake2s(repr(question).encode(errors="replace"), digest_size=4).hexdigest()


def _not_ours() -> Invalid:
    return Invalid("This cursor does not belong to this list. Start again.", field="cursor")
