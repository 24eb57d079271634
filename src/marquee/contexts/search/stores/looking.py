"""One question, asked of the index as it is at one moment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tantivy import DocAddress, Query

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.ranking import Asked, is_near
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.documents import FAME, schema
from marquee.contexts.search.stores.ways import View, Way, all_of, any_of, narrowed

ENOUGH = 3
WANTING = 8
MANY = 10_000
Places = dict[int, DocAddress]
Makers = Sequence[Callable[[View, Asked], Way | None]]

LIKELY: Makers = (
    queries.run_together,
    queries.words_begun,
    queries.initials,
)
WILD: Makers = (queries.slipped_twice, queries.mostly)
SHORT: Makers = (queries.initials,)
NAMED: Makers = (queries.exact, queries.begins, queries.in_name)


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


def meaning(view: View, asked: Asked, most: int) -> Meaning:
    """`most` of each way. Where what it says is hardly anything, more is taken for possible."""
    typed, named = queries.as_typed(view, asked), list[Way]()
    plain = best(view, [typed], most)
    if not plain.is_all:
        named = _made(view, asked, NAMED)
        plain += best(view, named, most)
    slipped = Places()
    if not view.exists(queries.exact(view, asked)):  # a name spelled right is no slip of the finger
        slipped = _unsure(view, asked, most, is_likely=len(plain.places) < ENOUGH)
    if not plain.places and not slipped:
        slipped = best(view, _made(view, asked, WILD), most).places
    only = {order: place for order, place in slipped.items() if order not in plain.places}
    return Meaning(typed, named, plain, only)


def beginnings(view: View, asked: Asked, most: int) -> Places:
    """What somebody may be typing the beginning of."""
    places = best(view, _made(view, asked, NAMED), most).places
    if len(places) < WANTING:
        places |= _slips(view, asked, most) | best(view, _made(view, asked, SHORT), most).places
    return places


def _unsure(view: View, asked: Asked, most: int, *, is_likely: bool) -> Places:
    """What is meant by a question with a slip; where that is `is_likely`, with others too."""
    if not is_likely:
        return best(view, _made(view, asked, [queries.slipped]), most).places
    others = best(view, _made(view, asked, LIKELY), most).places
    return others | _slips(view, asked, most) | _words_slipped(view, asked, most)


def _words_slipped(view: View, asked: Asked, most: int) -> Places:
    """Where few hold the other words, those are looked through rather than all words there are."""
    found, ways = Places(), list[Way]()
    for slips in queries.words_slipped(view, asked):
        few = best(view, [all_of(slips.whole)], most).places if slips.whole else None
        if few is None or len(few) >= most:
            ways.append(queries.with_slips(slips))
        else:
            found |= {n: one for n, one in few.items() if _has(view, one, slips.words)}
    return found | best(view, [any_of(ways)], most).places


def _has(view: View, place: DocAddress, words: Sequence[str]) -> bool:
    everything = Handles.of(view.entry(place)).everything
    return all(is_near(word, everything) for word in words)


def _slips(view: View, asked: Asked, most: int) -> Places:
    """Names with a slip, or begun with one: where those are few, they are all there are."""
    begins = _made(view, asked, [queries.begins_slipped])
    begun = best(view, begins, most).places
    if begins and len(begun) < most:
        return begun
    return begun | best(view, _made(view, asked, [queries.slipped]), most).places


def best(view: View, ways: Iterable[Way], most: int) -> Best:
    """The best known `most` of each way."""
    return sum((_best(view, way, most) for way in ways), NONE)


def entries(view: View, places: Iterable[DocAddress]) -> list[Entry]:
    return [view.entry(place) for place in places]


def keyed(view: View, keys: Sequence[str]) -> list[Entry]:
    """The entries of these keys, where there are any."""
    found: list[Entry] = []
    for key in keys:
        query = Query.term_query(schema(), "key", key, "basic")
        found += entries(view, _top(view, query, 1).values())
    return found


def _made(view: View, asked: Asked, makers: Makers) -> list[Way]:
    ways = [make(view, asked) for make in makers]
    return [way for way in ways if way is not None]


def _best(view: View, way: Way, most: int) -> Best:
    """Where there are many, those of fame are looked at first.

    If there are enough of them, the rest need not be, since they all come later.
    """
    if not way.size:
        return NONE
    if way.size > MANY:
        for step in range(len(FAME), 0, -1):
            famous = narrowed(way, view.term("fame", str(step)))
            places = _top(view, famous.query, most)
            if len(places) >= most:
                return Best(places, is_all=False)
    places = _top(view, way.query, most)
    return Best(places, is_all=len(places) < most)


def _top(view: View, query: Query, most: int) -> Places:
    found = view.searcher.search(query, most, count=False, order_by_field="order")
    return {int(order): place for order, place in found.hits}
