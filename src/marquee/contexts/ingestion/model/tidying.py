"""A raw table made into the starter catalog, and the account of what that changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from marquee.contexts.ingestion.model.countries import country
from marquee.contexts.ingestion.model.family import keyword
from marquee.contexts.ingestion.model.genres import genre
from marquee.contexts.ingestion.model.languages import language
from marquee.contexts.ingestion.model.rows import Part, Row, cleaned
from marquee.contexts.ingestion.model.spellings import respelled, spellings
from marquee.contexts.ingestion.model.titles import is_reissue, is_working_title
from marquee.contexts.ingestion.model.twins import Twin, merge_twins

SEEN = "2017-01"
"""When the IMDb figures of the source tables were collected, to the month."""


_ONE: dict[str, Callable[[str], str | None]] = {
    "countries": country,
    "genres": genre,
    "keywords": keyword,
    "languages": language,
}


@dataclass
class Changes:
    """How many values of each field a rule touched, with the first examples, before and after."""

    rows: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)

    def count(self, before: Row, after: Row) -> None:
        for name in Row.__struct_fields__:
            old, new = getattr(before, name), getattr(after, name)
            if old == new:
                continue
            self.rows[name] += 1
            seen = self.values.setdefault(name, Counter())
            for pair in _pairs(old, new, _ONE.get(name)):
                seen[pair] += 1


@dataclass(frozen=True)
class Tidied:
    """The starter's rows in order of year and title, and how they came to be."""

    rows: Sequence[Row]
    raw: int
    changes: Changes
    twins: Sequence[Twin]
    left_out: Sequence[tuple[str, str]]
    respelled: Sequence[tuple[str, str]]
    filled_before: Counter[str]
    names_before: int


def tidied(raw: Iterable[Row]) -> Tidied:
    changes, kept, left_out = Changes(), [], []
    count, filled, names = 0, Counter[str](), set[str]()
    for row in raw:
        count += 1
        filled.update(filled_fields(row))
        names.update(_name(entry) for entry in (*row.cast, *row.directors))
        if is_working_title(row.title):
            left_out.append((f"{row.title} ({row.year})", "a working title, not a film yet"))
            continue
        after = cleaned(row)
        changes.count(row, after)
        kept.append(_marked(row, after))
    merged, twins = merge_twins(kept)
    shown_again = [row for row in merged if is_reissue(row.title)]
    left_out += [(f"{row.title} ({row.year})", "a showing of older films") for row in shown_again]
    final = [row for row in merged if not is_reissue(row.title)]
    chosen = spellings(final)
    rows = sorted(
        (cleaned(_dated(respelled(row, chosen))) for row in final),
        key=lambda row: (row.year or 0, row.title, row.imdb_id or "", row.tmdb_id or 0),
    )
    respellings = sorted(chosen.items())
    return Tidied(rows, count, changes, twins, left_out, respellings, filled, len(names))


def filled_fields(row: Row) -> list[str]:
    """The fields `row` says something about, beside its title."""
    return [
        field
        for field in Row.__struct_fields__
        if field not in {"title", "rating_as_of"} and getattr(row, field) not in (None, ())
    ]


def _marked(raw: Row, after: Row) -> Row:
    """Until twins are merged, a new release keeps the note that tells it from the first one."""
    return msgspec.structs.replace(after, title=raw.title) if is_reissue(raw.title) else after


def _dated(row: Row) -> Row:
    if row.rating is None:
        return row
    return msgspec.structs.replace(row, rating_as_of=SEEN)


def _pairs(
    old: object, new: object, one: Callable[[str], str | None] | None
) -> list[tuple[str, str]]:
    """What went and what came in its place; of lists, only the entries that differ."""
    if not isinstance(old, tuple) or not isinstance(new, tuple):
        return [("" if old is None else str(old), "" if new is None else str(new))]
    if one is not None:
        changed = [(entry, one(entry) or "") for entry in old]
        return [(was, now) for was, now in changed if was != now]
    gone = [_name(entry) for entry in old if entry not in new]
    come = [_name(entry) for entry in new if entry not in old]
    if len(gone) == len(come):
        return list(zip(gone, come, strict=True))
    return [(entry, "") for entry in gone] + [("", entry) for entry in come]


def _name(entry: str | Part) -> str:
    return entry if isinstance(entry, str) else entry.name
