"""How many of some entries there are, by facet and value."""

from collections.abc import Iterable

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import FACETS
from marquee.contexts.search.stores.values import facets
from marquee.contexts.search.stores.wishes import Counts, Wanted

MOST_VALUES = 1_000
"""So many values of a facet are counted."""


def counts_of(entries: Iterable[Entry], wanted: Wanted) -> Counts:
    counts: Counts = {facet: {} for facet in FACETS}
    for entry in entries:
        add(counts, entry, wanted)
    return counts


def add(counts: Counts, entry: Entry, wanted: Wanted, step: int = 1) -> None:
    """Count it where it passes the filters of the other facets; `step` is -1 to take it away."""
    has = facets(entry)
    failed = [name for name in wanted if not set(wanted[name]) & set(has[name])]
    for facet in FACETS:
        if not failed or failed == [facet]:
            for value in has[facet]:
                counts[facet][value] = counts[facet].get(value, 0) + step
                if not counts[facet][value]:
                    del counts[facet][value]


def passes(entry: Entry, wanted: Wanted) -> bool:
    if not wanted:
        return True
    has = facets(entry)
    return all(set(wanted[name]) & set(has[name]) for name in wanted)


def together(one: Counts, other: Counts) -> Counts:
    """The sum of two counts of different entries."""
    return {
        facet: {
            value: one[facet].get(value, 0) + other[facet].get(value, 0)
            for value in one[facet].keys() | other[facet].keys()
        }
        for facet in FACETS
    }


def total(counts: Counts, wanted: Wanted) -> int:
    """Every entry is of one kind."""
    kinds = wanted.get("kind", tuple(counts["kind"]))
    return sum(counts["kind"].get(kind, 0) for kind in set(kinds))
