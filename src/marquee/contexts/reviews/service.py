"""What one can do with reviews."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from marquee.contexts.catalog.contract import Catalog, MovieCard
from marquee.contexts.reviews.contract import Tally
from marquee.contexts.reviews.events import (
    ReviewChanged,
    ReviewDeleted,
    ReviewHidden,
    ReviewPosted,
    ReviewShown,
)
from marquee.contexts.reviews.model import (
    HIGHEST,
    LOWEST,
    Author,
    Review,
    clean_text,
    expect_version,
    html_of,
    may_delete,
    may_edit,
    may_moderate,
    may_see,
)
from marquee.contexts.reviews.ports import ReviewStore, Which
from marquee.kit import paging
from marquee.kit.actor import Actor
from marquee.kit.clock import Clock, is_rfc3339, rfc3339
from marquee.kit.errors import Invalid, NotFound, Unavailable
from marquee.kit.events import Event
from marquee.kit.ids import is_id, new_id
from marquee.kit.once import about_to_save
from marquee.kit.paging import Page

LONG = 1_000
PLACE = (is_rfc3339, is_id)


@dataclass(frozen=True)
class Edit:
    """What to change; a field left None stays. `text` "" takes the text away."""

    rating: int | None = None
    text: str | None = None
    has_spoilers: bool | None = None
    active: bool | None = None


class ReviewService:
    """Implements `contract.Reviews`."""

    def __init__(self, store: ReviewStore, catalog: Catalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock

    async def post(
        self, actor: Actor, *, movie_id: str, rating: int, text: str | None, has_spoilers: bool
    ) -> Review:
        """NotFound for an unknown movie; Conflict naming the first one for a second review."""
        check_rating(rating)
        text = clean_text(text)
        if movie_id not in await self._catalog.movies(ids=[movie_id]):
            raise NotFound(f"There is no movie {movie_id!r}.", field="movie_id")
        now = self._clock.now()
        review = Review(
            id=new_id(),
            movie_id=movie_id,
            author=Author(actor.id, actor.username, actor.display_name),
            rating=rating,
            text=text,
            html=await _html(text),
            has_spoilers=has_spoilers,
            active=True,
            created_at=now,
            updated_at=now,
            version=1,
        )
        about_to_save(review)
        posted = ReviewPosted(
            review_id=review.id, movie_id=movie_id, author_id=actor.id, rating=rating
        )
        await self._store.add(review, [posted])
        return review

    async def get(self, actor: Actor | None, review_id: str) -> Review:
        review = await self._store.find(review_id)
        if review is None or not may_see(actor, review):
            raise _unknown(review_id)
        return review

    async def edit(
        self, actor: Actor, review_id: str, edit: Edit, *, versions: Collection[int] | None
    ) -> Review:
        """The author changes what they said, a moderator anything; only they hide and show."""
        if edit.rating is not None:
            check_rating(edit.rating)
        text = clean_text(edit.text)
        html = await _html(text)

        def change(review: Review) -> tuple[Review, Sequence[Event]]:
            if not may_see(actor, review):
                raise _unknown(review_id)
            may_edit(actor, review)
            if edit.active is not None:
                may_moderate(actor)
            expect_version(review, versions)
            stated = replace(
                review,
                rating=review.rating if edit.rating is None else edit.rating,
                text=review.text if edit.text is None else text,
                html=review.html if edit.text is None else html,
                has_spoilers=(
                    review.has_spoilers if edit.has_spoilers is None else edit.has_spoilers
                ),
                active=review.active if edit.active is None else edit.active,
            )
            if stated == review:
                about_to_save(review)
                return review, []
            edited = replace(stated, updated_at=self._clock.now(), version=review.version + 1)
            about_to_save(edited)
            return edited, _told(review, edited)

        edited = await self._store.change(review_id, change)
        if edited is None:
            raise _unknown(review_id)
        return edited

    async def delete(
        self, actor: Actor, review_id: str, *, versions: Collection[int] | None
    ) -> None:
        def change(review: Review) -> tuple[None, Sequence[Event]]:
            if not may_see(actor, review):
                raise _unknown(review_id)
            may_delete(actor, review)
            expect_version(review, versions)
            about_to_save(None)
            return None, [deleted(review)]

        await self._store.change(review_id, change)

    async def listed(
        self, which: Which, *, sort: str, cursor: str | None, limit: int
    ) -> Page[Review]:
        question = ("reviews", which, sort)
        form = PLACE if sort == "newest" else (range(LOWEST, HIGHEST + 1), *PLACE)
        after = paging.after(question, cursor, form)
        found, total = await self._store.page(which, sort=sort, after=after, limit=limit + 1)
        shown = found[:limit]
        following = None
        if len(found) > limit:
            last = shown[-1]
            place = (rfc3339(last.created_at), last.id)
            following = paging.cursor(
                question, place if sort == "newest" else (last.rating, *place)
            )
        return Page(shown, following, total)

    async def numbered(
        self, page: int, size: int, *, mentioning: str, sort: str
    ) -> tuple[Sequence[Review], int]:
        """The active reviews on a page by its number from 1, and how many in all."""
        which, skip = Which(mentioning=mentioning or None), (page - 1) * size
        return await self._store.page(which, sort=sort, after=None, limit=size, skip=skip)

    async def of_movie(
        self, movie_id: str, *, sort: str, cursor: str | None, limit: int
    ) -> Page[Review]:
        """NotFound for an unknown movie."""
        if movie_id not in await self._catalog.movies(ids=[movie_id]):
            raise NotFound(f"There is no movie {movie_id!r}.")
        return await self.listed(Which(movie_id=movie_id), sort=sort, cursor=cursor, limit=limit)

    async def author_named(self, username: str) -> Author:
        """Somebody who has an account, as reviews know them."""
        author = await self._store.author_named(username)
        if author is None:
            raise NotFound(f"There is no member {username!r}.")
        return author

    async def cards(self, reviews: Sequence[Review]) -> dict[str, MovieCard]:
        """The movies these are about; none while the catalog does not answer."""
        try:
            return await self._catalog.movies(ids=sorted({each.movie_id for each in reviews}))
        except Unavailable:
            return {}

    async def recount(self, *, movie_ids: Sequence[str]) -> dict[str, Tally]:
        return await self._store.recount(movie_ids)


async def _html(text: str | None) -> str | None:
    """Long texts in a thread: there are some that take the Markdown reader a tenth of a second."""
    if text is None or len(text) < LONG:
        return html_of(text)
    return await asyncio.to_thread(html_of, text)


def check_rating(rating: int) -> None:
    if not LOWEST <= rating <= HIGHEST:
        raise Invalid(f"A rating is a whole number from {LOWEST} to {HIGHEST}.", field="rating")


def deleted(review: Review) -> ReviewDeleted:
    return ReviewDeleted(
        review_id=review.id,
        movie_id=review.movie_id,
        author_id=review.author.id,
        rating=review.rating,
        was_active=review.active,
    )


def _told(before: Review, now: Review) -> list[Event]:
    """First what changed, with the standing it had; then whether it still counts."""
    told: list[Event] = [
        ReviewChanged(
            review_id=now.id,
            movie_id=now.movie_id,
            author_id=now.author.id,
            previous_rating=before.rating,
            rating=now.rating,
            is_active=before.active,
        )
    ]
    if before.active != now.active:
        kind = ReviewShown if now.active else ReviewHidden
        told.append(
            kind(
                review_id=now.id,
                movie_id=now.movie_id,
                author_id=now.author.id,
                rating=now.rating,
            )
        )
    return told


def _unknown(review_id: str) -> NotFound:
    return NotFound(f"There is no review {review_id!r}.")
