"""What a question is taken to mean: a talk with an index, whichever it is.

What can be wished for together is, since an index that is far away answers each time anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.ranking import Asked, is_near
from marquee.contexts.search.ports import Found
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.counting import counts_of, passes, together, total
from marquee.contexts.search.stores.queries import Slips
from marquee.contexts.search.stores.wishes import (
    NONE,
    All,
    Best,
    Counted,
    Counts,
    Either,
    Exists,
    Place,
    Places,
    Query,
    Talk,
    Top,
    Wanted,
)

ENOUGH = 3
WANTING = 8
Makers = Sequence[Callable[[Asked], Query | None]]

LIKELY: Makers = (
    queries.run_together,
    queries.words_begun,
    queries.initials,
)
WILD: Makers = (queries.slipped_twice, queries.mostly)
NAMED: Makers = (queries.exact, queries.begins, queries.in_name)


def found(asked: Asked, wanted: Wanted, most: int) -> Talk[Found]:
    """As `SearchIndex.find` promises. Where it says hardly anything, more is taken for possible.

    A filter does not change what a question is taken to mean.
    """
    enough, typed = max(most, ENOUGH), queries.as_typed(asked)
    plain, is_spelled = yield [Top(typed, enough), Exists(queries.exact(asked))]
    if not plain.is_all:
        return (yield from _broad(asked, wanted, most, plain, is_spelled=is_spelled))
    slipped = yield from _meant(asked, enough, plain.places, is_spelled=is_spelled)
    entries = _entries(plain.places)
    return _told(entries, counts_of(entries, wanted), _besides(slipped, plain.places), wanted)


def _broad(
    asked: Asked, wanted: Wanted, most: int, typed: Best, *, is_spelled: bool
) -> Talk[Found]:
    """Where there are more than can be looked at, the best known of each part that fits a name."""
    enough, query = max(most, ENOUGH), queries.as_typed(asked)
    named = _made(asked, NAMED)
    slips = [] if is_spelled else _tops(_made(asked, [queries.slipped]), enough)
    narrow = [queries.filtered(one, wanted) for one in (query, *named)] if wanted else []
    counts, *bests = yield [
        Counted(asked, query, wanted),
        *_tops(named, enough),
        *slips,
        *_tops(narrow, most),
    ]
    end = len(named) + len(slips)
    plain = typed + _sum(bests[: len(named)])
    slipped = _besides(_sum(bests[len(named) : end]).places, plain.places)
    besides = [entry for entry in slipped if not Handles.of(entry).answer(asked)]
    shown = _sum(bests[end:]) if wanted else plain
    return _told(_entries(shown.places), counts, besides, wanted)


def _told(
    entries: Sequence[Entry], counts: Counts, besides: Sequence[Entry], wanted: Wanted
) -> Found:
    """`counts` are of all it says as it is typed; `besides` is all that it may mean besides."""
    counts = together(counts, counts_of(besides, wanted))
    shown = [entry for entry in (*entries, *besides) if passes(entry, wanted)]
    return Found(shown, total(counts, wanted), counts)


def beginnings(asked: Asked, most: int) -> Talk[list[Entry]]:
    """What somebody may be typing the beginning of."""
    places = _sum((yield _tops(_made(asked, NAMED), most))).places
    if len(places) < WANTING:
        begins, short = _made(asked, [queries.begins_slipped]), _made(asked, [queries.initials])
        bests = (yield _tops([*begins, *short], most)) if begins or short else ()
        begun = _sum(bests[: len(begins)]).places
        bests = [*bests, *(yield from _slipped(asked, begins, begun, most))]
        places = places | _sum(bests).places
    return _entries(places)


def _meant(
    asked: Asked, most: int, plain: Mapping[int, Place], *, is_spelled: bool
) -> Talk[Places]:
    """What may be meant by a question that says little as it is typed."""
    slipped = Places()
    if is_spelled:  # a name spelled right is no slip of the finger
        return slipped
    if len(plain) < ENOUGH:
        slipped = yield from _unsure(asked, most)
    elif only := _made(asked, [queries.slipped]):
        slipped = _sum((yield _tops(only, most))).places
    wild = _made(asked, WILD)
    if wild and not plain and not slipped:
        slipped = _sum((yield _tops(wild, most))).places
    return slipped


def _unsure(asked: Asked, most: int) -> Talk[Places]:
    """Names with a slip, words with one, words run together or only begun, initials."""
    likely, begins = _made(asked, LIKELY), _made(asked, [queries.begins_slipped])
    rooms = [Exists(place) for place in queries.places(asked)]
    said = yield [*_tops([*likely, *begins], most), *rooms]
    end = len(likely) + len(begins)
    bests, begun = said[:end], _sum(said[len(likely) : end]).places
    slips = yield from _slipped(asked, begins, begun, most)
    words = yield from _words_slipped(queries.words_slipped(asked, said[end:]), most)
    return _sum([*bests, *slips]).places | words


def _slipped(asked: Asked, begins: Sequence[Query], begun: Places, most: int) -> Talk[list[Best]]:
    """Names with a slip; where those begun with one are few, they are all there are."""
    whole = _made(asked, [queries.slipped])
    if not whole or (begins and len(begun) < most):
        return []
    return list((yield _tops(whole, most)))


def _words_slipped(slips: Sequence[Slips], most: int) -> Talk[Places]:
    """Where few hold the other words, those are looked through rather than all words there are."""
    found, far = Places(), [one for one in slips if not one.whole]
    near = [one for one in slips if one.whole]
    bests = (yield [Top(All(one.whole), most) for one in near]) if near else ()
    for one, best in zip(near, bests, strict=True):
        if len(best.places) < most:
            found |= {n: place for n, place in best.places.items() if _has(place, one.words)}
        else:
            far.append(one)
    if far:
        query = Either(tuple(queries.with_slips(one) for one in far))
        found |= _sum((yield [Top(query, most)])).places
    return found


def _has(place: Place, words: Sequence[str]) -> bool:
    everything = Handles.of(place.entry).everything
    return all(is_near(word, everything) for word in words)


def _made(asked: Asked, makers: Makers) -> list[Query]:
    made = [make(asked) for make in makers]
    return [query for query in made if query is not None]


def _tops(some: Iterable[Query], most: int) -> list[Top]:
    return [Top(query, most) for query in some]


def _sum(bests: Iterable[Any]) -> Best:
    return sum(bests, NONE)


def _entries(places: Mapping[int, Place]) -> list[Entry]:
    return [place.entry for place in places.values()]


def _besides(slipped: Mapping[int, Place], plain: Mapping[int, Place]) -> list[Entry]:
    return [place.entry for order, place in slipped.items() if order not in plain]
