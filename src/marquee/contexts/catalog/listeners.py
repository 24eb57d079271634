"""What the catalog does when others speak: it counts what members think."""

from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.reviews.events import (
    ReviewChanged,
    ReviewDeleted,
    ReviewHidden,
    ReviewPosted,
    ReviewShown,
)
from marquee.kit.events import Listener

HEARS = (ReviewPosted, ReviewChanged, ReviewDeleted, ReviewHidden, ReviewShown)


def listener(catalog: CatalogService) -> Listener:
    return catalog.hear
