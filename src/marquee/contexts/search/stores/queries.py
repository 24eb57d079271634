"""The ways in which a question may be meant, as queries of tantivy.

Nothing of the question is ever parsed: its folded words become terms.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tantivy import Occur, Query, Searcher

from marquee.contexts.search.model.folding import pairs
from marquee.contexts.search.model.handles import LONGEST, SHORTEST, STEM
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.documents import schema

LEAST_FOR_TYPO, LEAST_FOR_TWO, LEAST_WORD = 3, 8, 4
LONGEST_FUZZY = 60
MOST_SLIPS = 4
UNKNOWN = 1_000


class Way(NamedTuple):
    """A query, and about how much it matches at most: what decides how it is run, never the answer."""

    query: Query
    size: int


def term(searcher: Searcher, field: str, value: str) -> Way:
    query = Query.term_query(schema(), field, value, "basic")
    return Way(query, searcher.doc_freq(field, value))


def any_of(ways: Sequence[Way]) -> Way:
    if len(ways) == 1:
        return ways[0]
    query = Query.boolean_query([(Occur.Should, way.query) for way in ways])
    return Way(query, sum(way.size for way in ways))


def all_of(ways: Sequence[Way]) -> Way:
    if len(ways) == 1:
        return ways[0]
    query = Query.boolean_query([(Occur.Must, way.query) for way in ways])
    return Way(query, min(way.size for way in ways))


def but_not(way: Way, other: Way) -> Way:
    clauses = [(Occur.Must, way.query), (Occur.MustNot, other.query)]
    return Way(Query.boolean_query(clauses), way.size)


def started(searcher: Searcher, field: str, text: str) -> Way:
    """Terms that begin so. An automaton without slips is far cheaper than a regular expression."""
    query = Query.fuzzy_term_query(schema(), field, text, 0, prefix=True)
    return Way(query, sum(count for _, count in searcher.terms_with_prefix(field, text, limit=99)))


def exact(searcher: Searcher, asked: Asked) -> Way:
    return term(searcher, "exact", asked.all)


def begins(searcher: Searcher, asked: Asked) -> Way:
    """Names whose letters begin so."""
    if len(asked.all) <= STEM:
        return term(searcher, "start", asked.all)
    return started(searcher, "exact", asked.all)


def in_name(searcher: Searcher, asked: Asked) -> Way:
    """Names that hold all the words, the last perhaps only begun."""
    *whole, last = asked.parts
    ending = (
        term(searcher, "begin", last) if len(last) <= STEM else started(searcher, "words", last)
    )
    return all_of([*(term(searcher, "words", word) for word in whole), ending])


def anywhere(searcher: Searcher, asked: Asked) -> Way:
    """All the words in the name or in what it is about, the last perhaps only begun."""
    return all_of(places(searcher, asked))


def places(searcher: Searcher, asked: Asked) -> list[Way]:
    """Where each of the words is."""
    *whole, last = asked.parts
    if len(last) <= STEM:
        ending = term(searcher, "sought", last)
    else:
        ending = any_of([term(searcher, "any", last), started(searcher, "words", last)])
    return [*(term(searcher, "any", word) for word in whole), ending]


def as_typed(searcher: Searcher, asked: Asked) -> Way:
    """All that `Handles.answer` says yes of."""
    everywhere = anywhere(searcher, asked)
    if len(asked.parts) == 1 and len(asked.all) <= STEM:
        return everywhere
    return any_of([everywhere, begins(searcher, asked)])


def mostly(searcher: Searcher, asked: Asked) -> Way | None:
    """All the words but one, anywhere: for a question with one word too many."""
    words = tuple(dict.fromkeys(asked.parts))
    if len(words) < 3:  # noqa: PLR2004 - of two words both count
        return None
    found = [term(searcher, "any", word) for word in words]
    return any_of([all_of([*found[:n], *found[n + 1 :]]) for n in range(len(found))])


def slipped(_searcher: Searcher, asked: Asked) -> Way | None:
    """Names a slip of the finger away as a whole, spaces not counted."""
    if not LEAST_FOR_TYPO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Way(_fuzzy("exact", asked.all, 1), UNKNOWN)


def slipped_twice(_searcher: Searcher, asked: Asked) -> Way | None:
    if not LEAST_FOR_TWO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Way(_fuzzy("exact", asked.all, 2), UNKNOWN)


def begins_slipped(_searcher: Searcher, asked: Asked) -> Way | None:
    """The beginning of a name with one slip."""
    if not LEAST_FOR_TYPO + 2 <= len(asked.all) <= LONGEST_FUZZY:
        return None
    query = Query.fuzzy_term_query(
        schema(), "exact", asked.all, 1, transposition_cost_one=True, prefix=True
    )
    return Way(query, UNKNOWN)


def words_slipped(searcher: Searcher, asked: Asked) -> Way | None:
    """All the words anywhere, with a slip in each that nothing has, else in one of them."""
    words, found = asked.parts, places(searcher, asked)
    lost = [n for n, place in enumerate(found) if not exists(searcher, place)]
    if any(len(words[n]) < LEAST_WORD for n in lost):
        return None
    slips = {n: Way(_fuzzy("any", word, 1), UNKNOWN) for n, word in enumerate(words)}
    if lost:
        return all_of([slips[n] if n in lost else place for n, place in enumerate(found)])
    long = [n for n, word in enumerate(words) if len(word) >= LEAST_WORD][:MOST_SLIPS]
    ways = [all_of([*found[:n], slips[n], *found[n + 1 :]]) for n in long]
    return any_of(ways) if ways else None


def words_begun(searcher: Searcher, asked: Asked) -> Way | None:
    """All the words, more of them than the last perhaps only begun: "leo dicap"."""
    if len(asked.parts) == 1:
        return None
    *whole, ending = places(searcher, asked)
    begun = [
        any_of([place, started(searcher, "any", word)]) if len(word) >= STEM else place
        for word, place in zip(asked.parts, whole, strict=False)
    ]
    return all_of([*begun, ending])


def run_together(searcher: Searcher, asked: Asked) -> Way | None:
    """All the words, two of them as one: "di caprio"."""
    if len(asked.parts) == 1:
        return None
    found, ways = places(searcher, asked), []
    for n, pair in enumerate(pairs(asked.parts)):
        is_last = n + 2 == len(asked.parts)
        one = started(searcher, "any", pair) if is_last else term(searcher, "any", pair)
        ways.append(all_of([*found[:n], one, *found[n + 2 :]]))
    return any_of(ways)


def initials(searcher: Searcher, asked: Asked) -> Way | None:
    """Names whose words begin with these letters: "lotr"."""
    if len(asked.parts) > 1 or not SHORTEST <= len(asked.all) <= LONGEST:
        return None
    return term(searcher, "initials", asked.all)


def filtered(searcher: Searcher, way: Way, wanted: Mapping[str, tuple[str, ...]]) -> Way:
    filters = [
        any_of([term(searcher, facet, value) for value in values])
        for facet, values in wanted.items()
    ]
    return all_of([way, *filters])


def exists(searcher: Searcher, way: Way) -> bool:
    return bool(way.size) and bool(searcher.search(way.query, 1, count=False).hits)


def _fuzzy(field: str, text: str, slips: int) -> Query:
    return Query.fuzzy_term_query(schema(), field, text, slips, transposition_cost_one=True)
