"""Reviews over HTTP."""

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.reviews.routes.legacy import legacy_routes
from marquee.contexts.reviews.routes.reviews import listing_routes, reading_routes, writing_routes
from marquee.contexts.reviews.service import ReviewService


def routes(reviews: ReviewService) -> list[HTTPRouteHandler]:
    return [
        *writing_routes(reviews),
        *reading_routes(reviews),
        *legacy_routes(reviews),
        *listing_routes(reviews),
    ]


__all__ = ["routes"]
