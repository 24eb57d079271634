"""One question, asked of the index as it is at one moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tantivy import DocAddress, Query, Searcher

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.documents import FAME, entry_of, schema
from marquee.contexts.search.stores.queries import Way

ENOUGH = 3
WANTING = 8
MANY = 10_000
Places = dict[int, DocAddress]
Makers = Sequence[Callable[[Searcher, Asked], Way | None]]

ALWAYS: Makers = (queries.slipped,)
LIKELY: Makers = (
    queries.slipped,
    queries.run_together,
    queries.words_begun,
    queries.words_slipped,
    queries.begins_slipped,
    queries.initials,
)
WILD: Makers = (queries.slipped_twice, queries.mostly)
NAMED: Makers = (queries.exact, queries.begins, queries.in_name)
NAMED_SLIPPED: Makers = (queries.slipped, queries.begins_slipped, queries.initials)


@dataclass
class Best:
    """The best known of some ways, by their order; `is_all` when there are no others."""

    places: Places
    is_all: bool

    def __add__(self, other: "Best") -> "Best":
        return Best(self.places | other.places, self.is_all and other.is_all)


NONE = Best({}, is_all=True)


@dataclass(frozen=True)
class Meaning:
    """What a question says: `typed` is all of it, `named` those parts of it that fit a name.

    `slipped` are the best known of what it may be meant to say besides; there is no more of that.
    """

    typed: Way
    named: Sequence[Way]
    plain: Best
    slipped: Places

    @property
    def ways(self) -> Sequence[Way]:
        return (self.typed, *self.named)


def meaning(searcher: Searcher, asked: Asked, most: int) -> Meaning:
    """`most` of each way. Where what it says is hardly anything, more is taken for possible."""
    typed, named = queries.as_typed(searcher, asked), list[Way]()
    plain = best(searcher, [typed], most)
    if not plain.is_all:
        named = _made(searcher, asked, NAMED)
        plain += best(searcher, named, most)
    makers = LIKELY if len(plain.places) < ENOUGH else ALWAYS
    if queries.exists(searcher, queries.exact(searcher, asked)):
        makers = ()  # a name spelled right is no slip of the finger
    unsure = _made(searcher, asked, makers)
    slipped = best(searcher, unsure, most).places
    if not plain.places and not slipped:
        slipped = best(searcher, _made(searcher, asked, WILD), most).places
    only = {order: place for order, place in slipped.items() if order not in plain.places}
    return Meaning(typed, named, plain, only)


def beginnings(searcher: Searcher, asked: Asked, most: int) -> Places:
    """What somebody may be typing the beginning of."""
    places = best(searcher, _made(searcher, asked, NAMED), most).places
    if len(places) < WANTING:
        places |= best(searcher, _made(searcher, asked, NAMED_SLIPPED), most).places
    return places


def best(searcher: Searcher, ways: Iterable[Way], most: int) -> Best:
    """The best known `most` of each way."""
    return sum((_best(searcher, way, most) for way in ways), NONE)


def entries(searcher: Searcher, places: Iterable[DocAddress]) -> list[Entry]:
    return [entry_of(searcher.doc(place)) for place in places]


def keyed(searcher: Searcher, keys: Sequence[str]) -> list[Entry]:
    """The entries of these keys, where there are any."""
    found: list[Entry] = []
    for key in keys:
        query = Query.term_query(schema(), "key", key, "basic")
        found += entries(searcher, _top(searcher, query, 1).values())
    return found


def _made(searcher: Searcher, asked: Asked, makers: Makers) -> list[Way]:
    ways = [make(searcher, asked) for make in makers]
    return [way for way in ways if way is not None]


def _best(searcher: Searcher, way: Way, most: int) -> Best:
    """Where there are many, those of fame are looked at first.

    If there are enough of them, the rest need not be, since they all come later.
    """
    if not way.size:
        return NONE
    if way.size > MANY:
        for step in range(len(FAME), 0, -1):
            famous = queries.all_of([way, queries.term(searcher, "fame", str(step))])
            places = _top(searcher, famous.query, most)
            if len(places) >= most:
                return Best(places, is_all=False)
    places = _top(searcher, way.query, most)
    return Best(places, is_all=len(places) < most)


def _top(searcher: Searcher, query: Query, most: int) -> Places:
    found = searcher.search(query, most, count=False, order_by_field="order")
    return {int(order): place for order, place in found.hits}
