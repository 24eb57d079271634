"""The ways in which a question may be meant, as queries of tantivy.

Nothing of the question is ever parsed: its folded words become terms.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tantivy import Occur, Query, Searcher

from marquee.contexts.search.model.folding import pairs
from marquee.contexts.search.model.handles import LONGEST, SHORTEST
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.documents import BEGIN, START, schema

LEAST_FOR_TYPO, LEAST_FOR_TWO, LEAST_WORD, LEAST_BEGUN = 3, 8, 4, 3
LONGEST_FUZZY = 60
MOST_SLIPS = 4
UNKNOWN = 1_000
MOST_TERMS = 24


class Way(NamedTuple):
    """A query, and about how much it matches at most: what decides how it is run, never the answer.

    Where the size is 0, there is certainly nothing.
    """

    query: Query
    size: int


NOTHING = Way(Query.empty_query(), 0)


def term(searcher: Searcher, field: str, value: str) -> Way:
    query = Query.term_query(schema(), field, value, "basic")
    return Way(query, searcher.doc_freq(field, value))


def any_of(ways: Sequence[Way]) -> Way:
    some = [way for way in ways if way.size]
    if len(some) < 2:  # noqa: PLR2004 - nothing to unite
        return some[0] if some else NOTHING
    query = Query.boolean_query([(Occur.Should, way.query) for way in some])
    return Way(query, sum(way.size for way in some))


def all_of(ways: Sequence[Way]) -> Way:
    least = min(way.size for way in ways)
    if len(ways) == 1 or not least:
        return ways[0] if least else NOTHING
    return Way(Query.boolean_query([(Occur.Must, way.query) for way in ways]), least)


def begun(searcher: Searcher, word: str) -> Way:
    """Names with a word that begins so."""
    if len(word) <= BEGIN:
        return term(searcher, "begin", word)
    return started(searcher, "words", word)


def started(searcher: Searcher, field: str, text: str) -> Way:
    """Terms that begin so: those few there are, else an automaton that allows for no slip."""
    terms = searcher.terms_with_prefix(field, text, limit=MOST_TERMS)
    if len(terms) < MOST_TERMS:
        return any_of([term(searcher, field, one) for one, _ in terms])
    query = Query.fuzzy_term_query(schema(), field, text, 0, prefix=True)
    return Way(query, sum(count for _, count in terms))


def exact(searcher: Searcher, asked: Asked) -> Way:
    return term(searcher, "exact", asked.all)


def begins(searcher: Searcher, asked: Asked) -> Way:
    """Names whose letters begin so."""
    if len(asked.all) <= START:
        return term(searcher, "start", asked.all)
    return started(searcher, "exact", asked.all)


def in_name(searcher: Searcher, asked: Asked) -> Way:
    """Names that hold all the words, the last perhaps only begun."""
    *whole, last = asked.parts
    return all_of([*(term(searcher, "words", word) for word in whole), begun(searcher, last)])


def places(searcher: Searcher, asked: Asked) -> list[Way]:
    """Where each of the words is, in the name or in what it is about; the last perhaps begun."""
    *whole, last = asked.parts
    ending = any_of([term(searcher, "any", last), begun(searcher, last)])
    return [*(term(searcher, "any", word) for word in whole), ending]


def as_typed(searcher: Searcher, asked: Asked) -> Way:
    """All that `Handles.answer` says yes of."""
    return any_of([all_of(places(searcher, asked)), begins(searcher, asked)])


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
    """All the words, more of them than the last perhaps only begun in the name: "leo dicap"."""
    *whole, ending = places(searcher, asked)
    if not whole:
        return None
    ways = [
        any_of([place, begun(searcher, word)]) if len(word) >= LEAST_BEGUN else place
        for word, place in zip(asked.parts, whole, strict=False)
    ]
    return all_of([*ways, ending])


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
