"""The ways in which a question may be meant, as queries."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from marquee.contexts.search.model.folding import pairs
from marquee.contexts.search.model.handles import LONGEST, SHORTEST
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.wishes import All, Begun, Either, Is, Near, Query, Wanted

LEAST_FOR_TYPO, LEAST_FOR_TWO, LEAST_WORD, LEAST_BEGUN = 3, 8, 4, 3
LONGEST_FUZZY = 60
MOST_SLIPS = 4


class Slips(NamedTuple):
    """Words that may have a slip each, and where all the other words are."""

    whole: tuple[Query, ...]
    words: tuple[str, ...]


def exact(asked: Asked) -> Query:
    return Is("exact", asked.all)


def begins(asked: Asked) -> Query:
    """Names whose letters begin so."""
    return Begun("exact", asked.all)


def in_name(asked: Asked) -> Query:
    """Names that hold all the words, the last perhaps only begun."""
    *whole, last = asked.parts
    return All((*(Is("words", word) for word in whole), Begun("words", last)))


def places(asked: Asked) -> list[Query]:
    """Where each of the words is, in the name or in what it is about; the last perhaps begun."""
    *whole, last = asked.parts
    ending = Either((Is("any", last), Begun("words", last)))
    return [*(Is("any", word) for word in whole), ending]


def as_typed(asked: Asked) -> Query:
    """All that `Handles.answer` says yes of."""
    return Either((All(tuple(places(asked))), begins(asked)))


def mostly(asked: Asked) -> Query | None:
    """All the words but one, anywhere: for a question with one word too many."""
    words = tuple(dict.fromkeys(asked.parts))
    if len(words) < 3:  # noqa: PLR2004 - of two words both count
        return None
    found = [Is("any", word) for word in words]
    return Either(tuple(All((*found[:n], *found[n + 1 :])) for n in range(len(found))))


def slipped(asked: Asked) -> Query | None:
    """Names a slip of the finger away as a whole, spaces not counted."""
    if not LEAST_FOR_TYPO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Near("exact", asked.all)


def slipped_twice(asked: Asked) -> Query | None:
    if not LEAST_FOR_TWO <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Near("exact", asked.all, 2)


def begins_slipped(asked: Asked) -> Query | None:
    """The beginning of a name with one slip."""
    if not LEAST_FOR_TYPO + 2 <= len(asked.all) <= LONGEST_FUZZY:
        return None
    return Near("exact", asked.all, begun=True)


def words_slipped(asked: Asked, are_there: Sequence[bool]) -> list[Slips]:
    """All the words anywhere, with a slip in each that nothing has, else in one of them.

    `are_there` says of each of the `places` whether anything is in it.
    """
    words, found = asked.parts, places(asked)
    lost = [n for n, is_there in enumerate(are_there) if not is_there]
    if any(len(words[n]) < LEAST_WORD for n in lost):
        return []
    long = [n for n, word in enumerate(words) if len(word) >= LEAST_WORD][:MOST_SLIPS]
    return [
        Slips(
            tuple(place for n, place in enumerate(found) if n not in those),
            tuple(words[n] for n in those),
        )
        for those in ([lost] if lost else [[n] for n in long])
    ]


def with_slips(slips: Slips) -> Query:
    return All((*slips.whole, *(Near("any", word) for word in slips.words)))


def words_begun(asked: Asked) -> Query | None:
    """All the words, more of them than the last perhaps only begun in the name: "leo dicap"."""
    *whole, ending = places(asked)
    if not whole:
        return None
    ways = [
        Either((place, Begun("words", word))) if len(word) >= LEAST_BEGUN else place
        for word, place in zip(asked.parts, whole, strict=False)
    ]
    return All((*ways, ending))


def run_together(asked: Asked) -> Query | None:
    """All the words, two of them as one: "di caprio"."""
    if len(asked.parts) == 1:
        return None
    found, ways = places(asked), list[Query]()
    for n, pair in enumerate(pairs(asked.parts)):
        is_last = n + 2 == len(asked.parts)
        one = Begun("any", pair) if is_last else Is("any", pair)
        ways.append(All((*found[:n], one, *found[n + 2 :])))
    return Either(tuple(ways))


def initials(asked: Asked) -> Query | None:
    """Names whose words begin with these letters: "lotr"."""
    if len(asked.parts) > 1 or not SHORTEST <= len(asked.all) <= LONGEST:
        return None
    return Is("initials", asked.all)


def filtered(query: Query, wanted: Wanted) -> Query:
    """With any of the wanted values of each facet, which are fields too."""
    return All((query, *filters(wanted))) if wanted else query


def filters(wanted: Wanted, but: Iterable[str] = ()) -> list[Query]:
    return [
        Either(tuple(Is(facet, value) for value in values))
        for facet, values in wanted.items()
        if facet not in but
    ]
