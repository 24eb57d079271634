"""Reviews as they are written, read and listed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Meta, Struct, UnsetType

from marquee.contexts.catalog.contract import MovieCard
from marquee.contexts.reviews.model import HIGHEST, LONGEST_TEXT, LOWEST, Review
from marquee.contexts.reviews.ports import Which
from marquee.contexts.reviews.service import Edit, ReviewService
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.errors import Invalid
from marquee.kit.paging import LIMIT, MOST, Page

Rating = Annotated[int, Meta(ge=LOWEST, le=HIGHEST, description="A whole number: ten half stars.")]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT, description="Markdown.")]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Limit = Annotated[int, Meta(ge=1, le=MOST)]
Sort = Literal["newest", "highest", "lowest"]
T = TypeVar("T")


class NewReview(Struct, forbid_unknown_fields=True, kw_only=True):
    movie_id: Id
    rating: Rating
    text: Text | None = None
    has_spoilers: bool = False


class ReviewPatch(Struct, forbid_unknown_fields=True, kw_only=True):
    rating: Rating | UnsetType = UNSET
    text: Text | UnsetType | None = UNSET
    has_spoilers: bool | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class Listing(Struct, forbid_unknown_fields=True, kw_only=True):
    sort: Sort = "newest"
    cursor: str | None = None
    limit: Limit = LIMIT


class Mine(Listing, forbid_unknown_fields=True, kw_only=True):
    movie_id: Id | None = None


class EveryReview(Listing, forbid_unknown_fields=True, kw_only=True):
    active: bool | None = None


class AuthorView(Struct):
    id: str
    username: str
    display_name: str


class MovieView(Struct):
    id: str
    title: str
    year: int | None
    poster_url: str


class ReviewView(Struct):
    """`html` is the text made safe to show; `movie` is null while the catalog does not answer."""

    id: str
    movie_id: str
    author: AuthorView
    rating: int
    text: str | None
    html: str | None
    has_spoilers: bool
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int
    movie: MovieView | None = None


def shown(review: Review, cards: Mapping[str, MovieCard] | None = None) -> ReviewView:
    card = (cards or {}).get(review.movie_id)
    return ReviewView(
        id=review.id,
        movie_id=review.movie_id,
        author=AuthorView(review.author.id, review.author.username, review.author.display_name),
        rating=review.rating,
        text=review.text,
        html=review.html,
        has_spoilers=review.has_spoilers,
        active=review.active,
        created_at=review.created_at,
        updated_at=review.updated_at,
        version=review.version,
        movie=MovieView(card.id, card.title, card.year, card.poster_url) if card else None,
    )


def posted(review: Review) -> Answer:
    location = {"location": f"/api/v1/reviews/{review.id}"}
    return Answer(shown(review), 201, location, etag=str(review.version))


def gone(_: object) -> Answer:
    return Answer(status=204)


def answer(review: Review) -> Answer:
    return Answer(shown(review), etag=str(review.version))


def writing_routes(reviews: ReviewService) -> list[HTTPRouteHandler]:
    @endpoint(
        "POST",
        "/api/v1/reviews",
        who="member",
        status=201,
        answers=ReviewView,
        errors=(404, 409),
        once=posted,
    )
    async def post_review(call: Call, body: NewReview) -> Answer:
        """Post a review: one per person and movie."""
        review = await reviews.post(
            call.member(),
            movie_id=body.movie_id,
            rating=body.rating,
            text=body.text,
            has_spoilers=body.has_spoilers,
        )
        return posted(review)

    @endpoint(
        "PATCH",
        "/api/v1/reviews/{review_id}",
        who="member",
        answers=ReviewView,
        errors=(404, 412),
        once=answer,
    )
    async def edit_review(call: Call, review_id: str, body: ReviewPatch) -> Answer:
        """Change a review of your own; a moderator any, and whether it is active."""
        edit = Edit(
            rating=_given(body.rating),
            text="" if body.text is None else _given(body.text),
            has_spoilers=_given(body.has_spoilers),
            active=_given(body.active),
        )
        versions = call.if_match(required=False)
        return answer(await reviews.edit(call.member(), review_id, edit, versions=versions))

    @endpoint("DELETE", "/api/v1/reviews/{review_id}", who="member", errors=(404, 412), once=gone)
    async def delete_review(call: Call, review_id: str) -> None:
        """Delete a review."""
        versions = call.if_match(required=False)
        await reviews.delete(call.member(), review_id, versions=versions)

    return [post_review, edit_review, delete_review]


def reading_routes(reviews: ReviewService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/reviews/{review_id}", answers=ReviewView, errors=(404,))
    async def get_review(call: Call, review_id: str) -> Answer:
        """One review."""
        review = await reviews.get(call.actor, review_id)
        cards = await reviews.cards([review])
        return Answer(shown(review, cards), version=review.version)

    return [get_review]


def listing_routes(reviews: ReviewService) -> list[HTTPRouteHandler]:
    async def page(which: Which, query: Listing) -> Page[ReviewView]:
        found = await reviews.listed(which, sort=query.sort, cursor=query.cursor, limit=query.limit)
        cards = await reviews.cards(found.items)
        return Page([shown(review, cards) for review in found.items], found.next, found.total)

    @endpoint(
        "GET", "/api/v1/movies/{movie_id}/reviews", cached=("reviews", "catalog"), errors=(404,)
    )
    async def reviews_of_movie(movie_id: str, query: Listing) -> Page[ReviewView]:
        """What people think of a movie."""
        found = await reviews.of_movie(
            movie_id, sort=query.sort, cursor=query.cursor, limit=query.limit
        )
        return Page([shown(review) for review in found.items], found.next, found.total)

    @endpoint(
        "GET", "/api/v1/users/{username}/reviews", cached=("reviews", "catalog"), errors=(404,)
    )
    async def reviews_of_user(username: str, query: Listing) -> Page[ReviewView]:
        """What somebody thinks of movies."""
        author = await reviews.author_named(username)
        return await page(Which(author_id=author.id), query)

    @endpoint("GET", "/api/v1/me/reviews", who="member")
    async def my_reviews(call: Call, query: Mine) -> Page[ReviewView]:
        """Your own reviews, hidden ones too."""
        which = Which(author_id=call.member().id, movie_id=query.movie_id, active=None)
        return await page(which, query)

    @endpoint("GET", "/api/v1/reviews")
    async def list_reviews(call: Call, query: EveryReview) -> Page[ReviewView]:
        """Everybody's reviews; for moderators hidden ones too, told by their field active."""
        moderator = call.actor is not None and call.actor.is_moderator
        if query.active is False and not moderator:
            raise Invalid("Only moderators list hidden reviews.", field="active")
        return await page(Which(active=query.active if moderator else True), query)

    return [reviews_of_movie, reviews_of_user, my_reviews, list_reviews]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
