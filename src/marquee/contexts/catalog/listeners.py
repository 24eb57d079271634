"""What the catalog does when others speak: it counts what members think."""

from marquee.contexts.catalog.events import LISTED
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.reviews.events import (
    ReviewChanged,
    ReviewDeleted,
    ReviewHidden,
    ReviewPosted,
    ReviewShown,
)
from marquee.kit.events import Listener

MIRRORED = tuple(LISTED.values())
"""What another process tells of the same store, by which this one's lists are kept."""
HEARS = (ReviewPosted, ReviewChanged, ReviewDeleted, ReviewHidden, ReviewShown)


def listener(catalog: CatalogService) -> Listener:
    return catalog.hear
