"""Which contexts listen to others, wherever they are served."""

from collections.abc import Mapping, Sequence

from marquee.contexts.auth.listeners import HEARS as AUTH
from marquee.contexts.catalog.listeners import HEARS as CATALOG
from marquee.contexts.reviews.listeners import HEARS as REVIEWS
from marquee.contexts.search.listeners import HEARS as SEARCH
from marquee.kit.events import Event

HEARS: Mapping[str, Sequence[type[Event]]] = {
    "auth": AUTH,
    "catalog": CATALOG,
    "reviews": REVIEWS,
    "search": SEARCH,
}
