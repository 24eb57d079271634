"""The ways in which a question may be meant, as queries of tantivy.

Nothing of the question is ever parsed: its folded words become terms.
"""

from collections.abc import Mapping, Sequence

from tantivy import Occur, Query

from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.documents import LONGEST_BEGIN, LONGEST_START, schema

LEAST_FOR_TYPO, LEAST_FOR_TWO, LEAST_WORD = 3, 8, 4
LONGEST_FUZZY = 60


def term(field: str, value: str) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def exact(asked: Asked) -> Query:
    return term("exact", asked.all)


def begins(asked: Asked) -> Query:
    """Names whose letters begin so."""
    if len(asked.all) <= LONGEST_START:
        return term("start", asked.all)
    return Query.regex_query(schema(), "exact", f"{asked.all}.*")


def started(word: str) -> Query:
    """Names with a word that begins so."""
    if len(word) <= LONGEST_BEGIN:
        return term("begin", word)
    return Query.regex_query(schema(), "words", f"{word}.*")


def in_name(asked: Asked) -> Query:
    """Names that hold all the words, the last perhaps only begun."""
    *whole, last = asked.parts
    ending = any_of([term("words", last), started(last)])
    return all_of([*(term("words", word) for word in whole), ending])


def anywhere(asked: Asked) -> Query:
    """All the words in the name or in what it is about, the last perhaps only begun."""
    *whole, last = asked.parts
    places = [any_of([term("words", word), term("about", word)]) for word in whole]
    ending = any_of([term("words", last), term("about", last), started(last)])
    return all_of([*places, ending])


def mostly(asked: Asked) -> Query | None:
    """Most of the words anywhere: for a question with one word too many."""
    least = len(asked.parts) - 1 if len(asked.parts) > 2 else 0  # noqa: PLR2004 - of two words both count
    if not least:
        return None
    places = [any_of([term("words", word), term("about", word)]) for word in asked.parts]
    clauses = [(Occur.Should, place) for place in places]
    return Query.boolean_query(clauses, minimum_number_should_match=least)


def slipped(asked: Asked, slips: int) -> Query | None:
    """Names a slip or two of the finger away as a whole, spaces not counted."""
    least = LEAST_FOR_TYPO if slips == 1 else LEAST_FOR_TWO
    if not least <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Query.fuzzy_term_query(schema(), "exact", asked.all, slips, transposition_cost_one=True)


def begins_slipped(asked: Asked) -> Query | None:
    """The beginning of a name with one slip."""
    if not LEAST_FOR_TYPO + 2 <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Query.fuzzy_term_query(
        schema(), "exact", asked.all, 1, transposition_cost_one=True, prefix=True
    )


def a_word_slipped(asked: Asked) -> Query | None:
    """All the words, one of them with a slip."""
    ways = []
    for n, word in enumerate(asked.parts):
        if len(word) < LEAST_WORD:
            continue
        others = [
            any_of([term("words", other), term("about", other)])
            for m, other in enumerate(asked.parts)
            if m != n
        ]
        fuzzy = any_of(
            [
                Query.fuzzy_term_query(schema(), field, word, 1, transposition_cost_one=True)
                for field in ("words", "about")
            ]
        )
        ways.append(all_of([*others, fuzzy]))
    return any_of(ways) if ways else None


def filtered(query: Query, wanted: Mapping[str, tuple[str, ...]]) -> Query:
    filters = [any_of([term(facet, value) for value in values]) for facet, values in wanted.items()]
    return all_of([query, *filters]) if filters else query
