"""The catalog's tallies made right by counting, where it has missed what was told of reviews.

It may not ask reviews by itself, which ask the catalog: contexts that ask each other cannot be told
apart. Here both are known.
"""

from collections.abc import Iterable

import msgspec

from marquee.app.relay.pulling import Renewal
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.reviews.contract import Reviews
from marquee.kit.events import Heard, Outbox

AT_ONCE = 1_000
NONE = (0,) * 10
Counted = dict[str, tuple[int, ...]]


class _Told(msgspec.Struct):
    """What every event of reviews has."""

    movie_id: str


def retallying(catalog: CatalogService, reviews: Reviews) -> Renewal:
    async def retally(outbox: Outbox) -> int:
        """A count is that of a place when nothing was told of the movie meanwhile; else again."""
        shown = await _shown(catalog)
        counted: Counted = {}
        place, again = await outbox.last_place(), set(shown)
        while again:
            counted |= await _counted(reviews, again)
            now = await outbox.last_place()
            again = await _touched(outbox, place, now) & shown.keys()
            place = now
        differing = {movie: many for movie, many in counted.items() if many != shown[movie]}
        await catalog.retally(Heard("reviews", place, None), differing)
        return place

    return retally


async def _shown(catalog: CatalogService) -> Counted:
    found: Counted = {}
    after = "0"
    while page := await catalog.tallies(after=after, limit=AT_ONCE):
        found |= page
        after = list(page)[-1]
    return found


async def _counted(reviews: Reviews, movie_ids: Iterable[str]) -> Counted:
    found: Counted = {}
    asked = sorted(movie_ids)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        tallies = await reviews.recount(movie_ids=some)
        found |= {one: tallies[one].histogram if one in tallies else NONE for one in some}
    return found


async def _touched(outbox: Outbox, place: int, end: int) -> set[str]:
    """The movies that something was told of after `place`, up to `end`."""
    found = set()
    while place < end and (sent := await outbox.events_after(place, AT_ONCE)):
        found |= {msgspec.json.decode(one.body, type=_Told).movie_id for one in sent}
        place = sent[-1].place
    return found
