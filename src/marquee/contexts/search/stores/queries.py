"""The ways in which a question may be meant, as queries of tantivy.

Nothing of the question is ever parsed: its folded words become terms.
"""

from collections.abc import Mapping
from typing import NamedTuple

from tantivy import Query

from marquee.contexts.search.model.folding import pairs
from marquee.contexts.search.model.handles import LONGEST, SHORTEST
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.documents import BEGIN, START, facet_term, schema
from marquee.contexts.search.stores.ways import View, Way, all_of, any_of

LEAST_FOR_TYPO, LEAST_FOR_TWO, LEAST_WORD, LEAST_BEGUN = 3, 8, 4, 3
LONGEST_FUZZY = 60
MOST_SLIPS = 4
UNKNOWN = 1_000


class Slips(NamedTuple):
    """Words that may have a slip each, and where all the other words are."""

    whole: list[Way]
    words: list[str]


def begun(view: View, word: str) -> Way:
    """Names with a word that begins so."""
    if len(word) <= BEGIN:
        return view.term("begin", word)
    return view.started("words", word)


def exact(view: View, asked: Asked) -> Way:
    return view.term("exact", asked.all)


def begins(view: View, asked: Asked) -> Way:
    """Names whose letters begin so."""
    if len(asked.all) <= START:
        return view.term("start", asked.all)
    return view.started("exact", asked.all)


def in_name(view: View, asked: Asked) -> Way:
    """Names that hold all the words, the last perhaps only begun."""
    *whole, last = asked.parts
    return all_of([*(view.term("words", word) for word in whole), begun(view, last)])


def places(view: View, asked: Asked) -> list[Way]:
    """Where each of the words is, in the name or in what it is about; the last perhaps begun."""
    *whole, last = asked.parts
    ending = any_of([view.term("any", last), begun(view, last)])
    return [*(view.term("any", word) for word in whole), ending]


def as_typed(view: View, asked: Asked) -> Way:
    """All that `Handles.answer` says yes of."""
    return any_of([all_of(places(view, asked)), begins(view, asked)])


def mostly(view: View, asked: Asked) -> Way | None:
    """All the words but one, anywhere: for a question with one word too many."""
    words = tuple(dict.fromkeys(asked.parts))
    if len(words) < 3:  # noqa: PLR2004 - of two words both count
        return None
    found = [view.term("any", word) for word in words]
    return any_of([all_of([*found[:n], *found[n + 1 :]]) for n in range(len(found))])


def slipped(_view: View, asked: Asked) -> Way | None:
    """Names a slip of the finger away as a whole, spaces not counted."""
    if not LEAST_FOR_TYPO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Way(_fuzzy("exact", asked.all, 1), UNKNOWN)


def slipped_twice(_view: View, asked: Asked) -> Way | None:
    if not LEAST_FOR_TWO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Way(_fuzzy("exact", asked.all, 2), UNKNOWN)


def begins_slipped(_view: View, asked: Asked) -> Way | None:
    """The beginning of a name with one slip."""
    if not LEAST_FOR_TYPO + 2 <= len(asked.all) <= LONGEST_FUZZY:
        return None
    query = Query.fuzzy_term_query(
        schema(), "exact", asked.all, 1, transposition_cost_one=True, prefix=True
    )
    return Way(query, UNKNOWN)


def words_slipped(view: View, asked: Asked) -> list[Slips]:
    """All the words anywhere, with a slip in each that nothing has, else in one of them."""
    words, found = asked.parts, places(view, asked)
    lost = [n for n, place in enumerate(found) if not view.exists(place)]
    if any(len(words[n]) < LEAST_WORD for n in lost):
        return []
    long = [n for n, word in enumerate(words) if len(word) >= LEAST_WORD][:MOST_SLIPS]
    return [
        Slips([place for n, place in enumerate(found) if n not in those], [words[n] for n in those])
        for those in ([lost] if lost else [[n] for n in long])
    ]


def with_slips(slips: Slips) -> Way:
    return all_of([*slips.whole, *(Way(_fuzzy("any", word, 1), UNKNOWN) for word in slips.words)])


def words_begun(view: View, asked: Asked) -> Way | None:
    """All the words, more of them than the last perhaps only begun in the name: "leo dicap"."""
    *whole, ending = places(view, asked)
    if not whole:
        return None
    ways = [
        any_of([place, begun(view, word)]) if len(word) >= LEAST_BEGUN else place
        for word, place in zip(asked.parts, whole, strict=False)
    ]
    return all_of([*ways, ending])


def run_together(view: View, asked: Asked) -> Way | None:
    """All the words, two of them as one: "di caprio"."""
    if len(asked.parts) == 1:
        return None
    found, ways = places(view, asked), []
    for n, pair in enumerate(pairs(asked.parts)):
        is_last = n + 2 == len(asked.parts)
        one = view.started("any", pair) if is_last else view.term("any", pair)
        ways.append(all_of([*found[:n], one, *found[n + 2 :]]))
    return any_of(ways)


def initials(view: View, asked: Asked) -> Way | None:
    """Names whose words begin with these letters: "lotr"."""
    if len(asked.parts) > 1 or not SHORTEST <= len(asked.all) <= LONGEST:
        return None
    return view.term("initials", asked.all)


def filtered(view: View, way: Way, wanted: Mapping[str, tuple[str, ...]]) -> Way:
    filters = [
        any_of([view.term("facet", facet_term(facet, value)) for value in values])
        for facet, values in wanted.items()
    ]
    return all_of([way, *filters])


def _fuzzy(field: str, text: str, slips: int) -> Query:
    return Query.fuzzy_term_query(schema(), field, text, slips, transposition_cost_one=True)
