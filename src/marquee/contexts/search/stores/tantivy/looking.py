"""Wishes, answered by an index of tantivy as it is at one moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from tantivy import DocAddress, Query

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import FACETS
from marquee.contexts.search.stores.counting import MOST_VALUES
from marquee.contexts.search.stores.queries import filters
from marquee.contexts.search.stores.tantivy.documents import RENOWN, schema
from marquee.contexts.search.stores.tantivy.ways import View, Way, all_of, narrowed
from marquee.contexts.search.stores.wishes import (
    NONE,
    Best,
    Counted,
    Counts,
    Exists,
    Place,
    Places,
    Talk,
    Top,
    Wish,
)

MANY = 10_000
T = TypeVar("T")
Counter = Callable[[View, Counted], Counts]


class Spot(NamedTuple):
    view: View
    address: DocAddress

    @property
    def entry(self) -> Entry:
        return self.view.entry(self.address)


def talked(view: View, talk: Talk[T], count: Counter) -> T:
    """What comes of it; `count` answers whoever wants something counted."""
    said: Sequence[Any] | None = None
    while True:
        try:
            asked = talk.send(said) if said is not None else next(talk)
        except StopIteration as end:
            result: T = end.value
            return result
        said = [_granted(view, wish, count) for wish in asked]


def _granted(view: View, wish: Wish, count: Counter) -> object:
    match wish:
        case Top(query, most):
            return best(view, view.way(query), most)
        case Exists(query):
            return view.exists(view.way(query))
        case Counted():
            return count(view, wish)


def best(view: View, way: Way, most: int) -> Best:
    """The best known `most`.

    Where there are many, those of renown are looked at first. If there are enough of them, the rest
    need not be, since they all come later.
    """
    if not way.size:
        return NONE
    if way.size > MANY:
        for step in range(len(RENOWN), 0, -1):
            renowned = view.term("renown", str(step))
            if way.size * renowned.size < most * view.searcher.num_docs:
                continue  # so many are not to be expected
            places = _top(view, narrowed(way, renowned).query, most)
            if len(places) >= most:
                return Best(places, is_all=False)
    places = _top(view, way.query, most)
    return Best(places, is_all=len(places) < most)


def _top(view: View, query: Query, most: int) -> Places:
    found = view.searcher.search(query, most, count=False, order_by_field="order")
    return {int(order): Spot(view, address) for order, address in found.hits}


def entries(places: Iterable[Place]) -> list[Entry]:
    return [place.entry for place in places]


def keyed(view: View, keys: Sequence[str]) -> list[Entry]:
    """The entries of these keys, where there are any."""
    found: list[Entry] = []
    for key in keys:
        query = Query.term_query(schema(), "key", key, "basic")
        found += entries(_top(view, query, 1).values())
    return found


def counted(view: View, wish: Counted) -> Counts:
    """Exact counts; a facet ignores its own filter."""
    way, wanted = view.way(wish.query), wish.wanted
    free = [name for name in FACETS if name not in wanted]
    rooms = [view.way(one) for one in filters(wanted)]
    found = _counts(view, all_of([way, *rooms]), free)
    for name in wanted:
        rooms = [view.way(one) for one in filters(wanted, but=[name])]
        found |= _counts(view, all_of([way, *rooms]), [name])
    return found


def _counts(view: View, way: Way, names: Sequence[str]) -> Counts:
    if not names:
        return {}
    terms = {"terms": {"field": "facet", "size": len(FACETS) * MOST_VALUES}}
    found: Mapping[str, Any] = view.searcher.aggregate(way.query, {"facet": terms})
    counts: Counts = {name: {} for name in names}
    for bucket in found["facet"]["buckets"]:
        name, _, value = bucket["key"].partition(":")
        if name in counts:
            counts[name][value] = int(bucket["doc_count"])
    return counts
