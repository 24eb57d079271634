"""The read-only API of before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.contexts.reviews.model import Review
from marquee.contexts.reviews.service import ReviewService
from marquee.engines.web import Call, endpoint
from marquee.kit.errors import NotFound

PAGE = 20
HALF_STARS = 2
"""To a star."""
SORTS = {
    "": "newest",
    "-createdAt": "newest",
    "createdAt": "oldest",
    "-rating": "highest",
    "rating": "lowest",
}
MOST_PAGES = 1_000_000


class LegacyPage(Struct, forbid_unknown_fields=True, kw_only=True):
    page: Annotated[int, Meta(ge=1, le=MOST_PAGES)] = 1
    search: Annotated[str, Meta(max_length=200)] = ""
    ordering: Literal["", "createdAt", "-createdAt", "rating", "-rating"] = ""


class LegacyReview(Struct):
    """`rating` is in stars, up to five, as the older API had it; a half star is one of our ten."""

    id: str
    movie: str
    user: str
    rating: float
    comment: str | None
    createdAt: datetime  # noqa: N815 - the older API's name


class LegacyReviews(Struct):
    count: int
    next: str | None
    previous: str | None
    results: Sequence[LegacyReview]


def legacy_routes(reviews: ReviewService) -> list[HTTPRouteHandler]:
    @endpoint(
        "GET",
        "/api/reviews/",
        cached=("reviews",),
        names_host=True,
        answers=LegacyReviews,
        errors=(404,),
    )
    async def legacy_reviews(call: Call, query: LegacyPage) -> LegacyReviews:
        """Reviews as the older API listed them."""
        return await _page(call, reviews, query)

    @endpoint("GET", "/api/reviews/{review_id}/", cached=("reviews",), errors=(404,))
    async def legacy_review(review_id: str) -> LegacyReview:
        """One review as the older API showed it."""
        return _as_legacy(await reviews.get(None, review_id))

    return [legacy_reviews, legacy_review]


async def _page(call: Call, reviews: ReviewService, query: LegacyPage) -> LegacyReviews:
    page = query.page
    found, total = await reviews.numbered(
        page, PAGE, mentioning=query.search.strip(), sort=SORTS[query.ordering]
    )
    if not found and page > 1:
        raise NotFound("There is no such page.", field="page")
    asked = {"search": query.search, "ordering": query.ordering}
    said = {name: value for name, value in asked.items() if value}

    def link(number: int) -> str:
        return f"{call.origin}/api/reviews/?{urlencode({**said, 'page': number})}"

    return LegacyReviews(
        count=total,
        next=link(page + 1) if page * PAGE < total else None,
        previous=link(page - 1) if page > 1 else None,
        results=[_as_legacy(review) for review in found],
    )


def _as_legacy(review: Review) -> LegacyReview:
    return LegacyReview(
        id=review.id,
        movie=review.movie_id,
        user=review.author.username,
        rating=review.rating / HALF_STARS,
        comment=review.text,
        createdAt=review.created_at,
    )
