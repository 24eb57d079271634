"""One spelling for each name of a catalog."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from marquee.contexts.ingestion.model.rows import Part, Row
from marquee.contexts.ingestion.model.text import fold

_SURNAME_AND_GIVEN = 2
_GIVEN = re.compile(r"[A-Z][a-z]+-[a-z]+")


def spellings(rows: Iterable[Row]) -> dict[str, str]:
    """What to write instead of each rarer spelling: `Andy Garcia` -> `Andy García`.

    The commonest wins; among equals the one with more accents, then the first by the alphabet.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for entry in (*row.directors, *row.cast):
            if isinstance(entry, str):
                seen[_key(entry)][entry] += 1
    chosen: dict[str, str] = {}
    for variants in seen.values():
        if len(variants) > 1:
            best = min(variants, key=lambda name: (-variants[name], name.isascii(), name))
            chosen.update({name: best for name in variants if name != best})
    return chosen


def respelled(row: Row, chosen: Mapping[str, str]) -> Row:
    """`row` with each name once, in its one spelling."""

    def one(entry: str | Part) -> str | Part:
        return chosen.get(entry, entry) if isinstance(entry, str) else entry

    cast = tuple(dict.fromkeys(one(entry) for entry in row.cast))
    directors = tuple(dict.fromkeys(one(entry) for entry in row.directors))
    if cast == row.cast and directors == row.directors:
        return row
    return msgspec.structs.replace(row, cast=cast, directors=directors)


def _key(name: str) -> str:
    """Equal for spellings of one name, and for `Lee Byung-hun` and `Byung-hun Lee`."""
    parts = name.split()
    if len(parts) == _SURNAME_AND_GIVEN and any(_GIVEN.fullmatch(part) for part in parts):
        return "".join(sorted(map(fold, parts)))
    return fold(name)
