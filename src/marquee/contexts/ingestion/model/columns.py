"""Fields of a table's row, by the name of their column."""

import math
import re
from collections.abc import Sequence

from marquee.contexts.ingestion.model.rows import BadRow, shown

_WHOLE = re.compile(r"[+-]?\d{1,18}(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")


class Columns:
    """Where each column is; columns nobody asks for may be there and are not read."""

    def __init__(self, header: Sequence[str], blank: str = "") -> None:
        self.count = len(header)
        self._place = {name.strip().casefold(): place for place, name in enumerate(header)}
        self._blank = blank

    def has(self, *names: str) -> bool:
        return all(name.casefold() in self._place for name in names)

    def place(self, name: str) -> int:
        """Where a column that must be there is."""
        return self._place[name.casefold()]

    def fit(self, fields: Sequence[str]) -> None:
        """BadRow when a row is not as wide as its header."""
        if len(fields) != self.count:
            raise BadRow(f"{len(fields):,} columns where the header has {self.count}")

    def text(self, fields: Sequence[str], name: str) -> str | None:
        place = self._place.get(name.casefold())
        if place is None:
            return None
        value = fields[place].strip()
        return None if value in {"", self._blank} else value

    def whole(self, fields: Sequence[str], name: str) -> int | None:
        value = self.text(fields, name)
        return None if value is None else whole(name, value)

    def number(self, fields: Sequence[str], name: str) -> float | None:
        value = self.text(fields, name)
        return None if value is None else number(name, value)


def whole(name: str, value: str) -> int:
    """`121` or `121.0`; BadRow for anything else, and below nought."""
    if not _WHOLE.fullmatch(value) or not value.isascii():
        raise BadRow(f"{name}: {shown(value)} is not a whole number")
    found = int(float(value)) if "." in value else int(value)
    if found < 0:
        raise BadRow(f"{name}: {value} is below nought")
    return found


def number(name: str, value: str) -> float:
    if not _NUMBER.fullmatch(value) or not value.isascii():
        raise BadRow(f"{name}: {shown(value)} is not a number")
    found = float(value)
    if not math.isfinite(found):
        raise BadRow(f"{name}: {shown(value)} is not a number")
    if found < 0:
        raise BadRow(f"{name}: {value} is below nought")
    return found
