"""Queries of tantivy made of terms, and what is known of them before they are run."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from tantivy import DocAddress, Occur, Query, Searcher

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import FACETS
from marquee.contexts.search.stores import wishes
from marquee.contexts.search.stores.tantivy.documents import (
    BEGIN,
    KINDS,
    START,
    entry_of,
    facet_term,
    schema,
)

MOST_TERMS = 24
UNKNOWN = 1_000


class Way(NamedTuple):
    """A query, and about how much it matches at most: what decides how it is run, never the answer.

    Where `size` is 0, there is certainly nothing. It matches `least` documents or more, those
    counted that are gone. It is all of `parts`, or any of `choices`, where there are some.
    """

    query: Query
    size: int
    least: int = 0
    parts: "tuple[Way, ...]" = ()
    choices: "tuple[Way, ...]" = ()


NOTHING = Way(Query.empty_query(), 0)


def any_of(ways: Iterable[Way]) -> Way:
    some = [one for way in ways if way.size for one in way.choices or (way,)]
    if len(some) < 2:  # noqa: PLR2004 - nothing to unite
        return some[0] if some else NOTHING
    query = Query.boolean_query([(Occur.Should, way.query) for way in some])
    size, least = sum(way.size for way in some), max(way.least for way in some)
    return Way(query, size, least, choices=tuple(some))


def all_of(ways: Iterable[Way]) -> Way:
    """Side by side, so that the rarest of all is looked at first."""
    some = [one for way in ways for one in way.parts or (way,)]
    size = min(way.size for way in some)
    if len(some) == 1 or not size:
        return some[0] if size else NOTHING
    query = Query.boolean_query([(Occur.Must, way.query) for way in some])
    return Way(query, size, parts=tuple(some))


def narrowed(way: Way, by: Way) -> Way:
    """Where there are choices, each by itself: they need not be united before."""
    return any_of(all_of([one, by]) for one in way.choices or (way,))


class View:
    """The index as it is at one moment; what one question needs of its terms is looked up once."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._terms: dict[tuple[str, str], Way] = {}
        self._started: dict[tuple[str, str], Way] = {}
        self._entries: dict[tuple[int, int], Entry] = {}

    def entry(self, place: DocAddress) -> Entry:
        name = place.segment_ord, place.doc
        if name not in self._entries:
            self._entries[name] = entry_of(self.searcher.doc(place))
        return self._entries[name]

    def way(self, query: wishes.Query) -> Way:
        match query:
            case wishes.Is(field, text):
                return self._is(field, text)
            case wishes.Begun(field, text):
                return self._begun(field, text)
            case wishes.Near(field, text, slips, begun):
                near = Query.fuzzy_term_query(
                    schema(), field, text, slips, transposition_cost_one=True, prefix=begun
                )
                return Way(near, UNKNOWN)
            case wishes.All(parts):
                return all_of([self.way(part) for part in parts])
            case wishes.Either(choices):
                return any_of([self.way(choice) for choice in choices])

    def _is(self, field: str, text: str) -> Way:
        if field in FACETS:
            return self.term("facet", facet_term(field, text))
        return self.term(field, text)

    def _begun(self, field: str, text: str) -> Way:
        if field == "exact" and len(text) <= START:
            return self.term("start", text)
        if field == "words" and len(text) <= BEGIN:
            return self.term("begin", text)
        return self.started(field, text)

    def term(self, field: str, value: str) -> Way:
        name = field, value
        if name not in self._terms:
            size = self.searcher.doc_freq(field, value)
            query = Query.term_query(schema(), field, value, "basic")
            self._terms[name] = Way(query, size, size)
        return self._terms[name]

    def started(self, field: str, text: str) -> Way:
        """Terms that begin so: those few there are, else an automaton that allows for no slip."""
        name = field, text
        if name not in self._started:
            self._started[name] = self._start(field, text)
        return self._started[name]

    def _start(self, field: str, text: str) -> Way:
        terms = self.searcher.terms_with_prefix(field, text, limit=MOST_TERMS)
        if len(terms) < MOST_TERMS:
            return any_of([self.term(field, one) for one, _ in terms])
        query = Query.fuzzy_term_query(schema(), field, text, 0, prefix=True)
        sizes = [count for _, count in terms]
        return Way(query, sum(sizes), max(sizes))

    @cached_property
    def gone(self) -> int:
        """How many documents the terms still count that are dropped or replaced."""
        counted = sum(self.searcher.doc_freq("facet", facet_term("kind", kind)) for kind in KINDS)
        return counted - self.searcher.num_docs

    def exists(self, way: Way) -> bool:
        if way.least > self.gone:
            return True
        return bool(way.size) and bool(self.searcher.search(way.query, 1, count=False).hits)
