"""Rows that tell of one movie made one."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from marquee.contexts.ingestion.model.likeness import AGAIN, card_of, name_of, pairs
from marquee.contexts.ingestion.model.rows import Part, Row
from marquee.contexts.ingestion.model.text import fold
from marquee.contexts.ingestion.model.titles import spaced_key


@dataclass(frozen=True)
class Twin:
    """Two rows that were one movie: which stayed, which went into it, and by which rule."""

    kept: str
    merged: str
    year: int
    rule: str


def merge_twins(rows: Sequence[Row]) -> tuple[list[Row], list[Twin]]:
    """The same movies, each once, in the order they came; and what was merged into what.

    Two rows are one movie when their titles say so and nothing else says otherwise: other
    external ids, another year, or other people keep them apart. Remakes stay two.
    """
    twins: list[Twin] = []
    rows = list(rows)
    while True:  # what two rows say together may show that a third is theirs
        rows, found = _merge_once(rows)
        twins += found
        if not found:
            return rows, twins


def _merge_once(rows: Sequence[Row]) -> tuple[list[Row], list[Twin]]:
    cards = [card_of(place, row) for place, row in enumerate(rows)]
    into: dict[int, int] = {}
    twins: list[Twin] = []
    held = [card.row for card in cards]
    for one, other, rule in pairs(cards):
        a, b = cards[_root(into, one)], cards[_root(into, other)]
        if a.place == b.place or not _compatible(held[a.place], held[b.place]):
            continue
        kept, gone = (a, b) if a.weight >= b.weight else (b, a)
        if rule == AGAIN and kept.year > gone.year:
            kept, gone = gone, kept
        into[gone.place] = kept.place
        held[kept.place] = together(held[kept.place], held[gone.place], rule)
        twins.append(Twin(kept.row.title, gone.row.title, gone.year, rule))
    return [held[card.place] for card in cards if card.place not in into], twins


def _root(into: dict[int, int], place: int) -> int:
    while place in into:
        place = into[place]
    return place


def _compatible(a: Row, b: Row) -> bool:
    """Movies whose external ids differ never merge."""
    return not (
        (a.imdb_id and b.imdb_id and a.imdb_id != b.imdb_id)
        or (a.tmdb_id and b.tmdb_id and a.tmdb_id != b.tmdb_id)
    )


def together(kept: Row, gone: Row, rule: str) -> Row:
    """What both rows say; where they differ, what the kept one says."""
    changes: dict[str, object] = {}
    for field in Row.__struct_fields__:
        mine, theirs = getattr(kept, field), getattr(gone, field)
        if isinstance(mine, tuple):
            changes[field] = _joined(mine, theirs)
        elif mine is None:
            changes[field] = theirs
    changes["votes"] = max(kept.votes or 0, gone.votes or 0) or None
    if spaced_key(kept.title) != spaced_key(gone.title) and rule != AGAIN:
        known = {kept.title, kept.original_title}
        others = [title for title in (*kept.alternative_titles, gone.title) if title not in known]
        changes["alternative_titles"] = tuple(dict.fromkeys(others))
    return msgspec.structs.replace(kept, **changes)


def _joined(mine: tuple[str | Part, ...], theirs: tuple[str | Part, ...]) -> tuple[object, ...]:
    seen: dict[str, str | Part] = {}
    for entry in (*mine, *theirs):
        seen.setdefault(fold(name_of(entry)), entry)
    return tuple(seen.values())
