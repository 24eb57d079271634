"""Every engine reviews can live on keeps the same promises."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marquee.contexts.reviews.events import ReviewPosted
from marquee.contexts.reviews.model import Author, Review
from marquee.contexts.reviews.ports import ReviewStore, Which
from marquee.contexts.reviews.stores import open_store
from marquee.kit.clock import rfc3339
from marquee.kit.errors import Conflict, Invalid, NotFound
from marquee.kit.events import Event, Heard
from marquee.kit.ids import new_id

START = datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)


@pytest.fixture
async def store(sql_url: str) -> AsyncIterator[ReviewStore]:
    opened = await open_store(sql_url)
    yield opened
    await opened.close()


def a_review(**changes: Any) -> Review:
    author = changes.pop("author", None) or f"author-{new_id()}"
    review = Review(
        id=new_id(),
        movie_id="1",
        author=Author(author, author, author.title()),
        rating=8,
        text="Fine.",
        html="<p>Fine.</p>",
        has_spoilers=False,
        active=True,
        created_at=START,
        updated_at=START,
        version=1,
    )
    return replace(review, **changes)


def posted(review: Review) -> list[Event]:
    return [
        ReviewPosted(
            review_id=review.id,
            movie_id=review.movie_id,
            author_id=review.author.id,
            rating=review.rating,
        )
    ]


async def test_it_gives_back_what_it_was_given(store: ReviewStore) -> None:
    odd = a_review(text="né \u202e 👩‍🚀 \x7f' -- %_ \\ {$ne: null}", author="ångström")
    await store.add(odd, [])
    assert await store.find(odd.id) == odd
    assert await store.find("nobody") is None


async def test_a_second_review_names_the_first_and_leaves_nothing(store: ReviewStore) -> None:
    first = a_review(author="ada")
    await store.add(first, posted(first))
    place = await store.last_place()
    second = a_review(author="ada")
    with pytest.raises(Conflict) as refused:
        await store.add(second, posted(second))
    assert refused.value.extra == {"review_id": first.id}
    assert await store.last_place() == place


async def test_of_64_at_once_one_is_kept(store: ReviewStore) -> None:
    tries = [a_review(author="ada") for _ in range(64)]
    results = await asyncio.gather(
        *(store.add(one, posted(one)) for one in tries), return_exceptions=True
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 63
    assert await store.count(Which(movie_id="1")) == await store.last_place() == 1


async def test_a_change_sees_what_stands_at_that_moment(store: ReviewStore) -> None:
    review = a_review(rating=1)
    await store.add(review, [])

    def up(current: Review) -> tuple[Review, Sequence[Event]]:
        return replace(current, version=current.version + 1), ()

    await asyncio.gather(*(store.change(review.id, up) for _ in range(50)))
    found = await store.find(review.id)
    assert found is not None
    assert found.version == 51


async def test_a_refused_change_changes_nothing(store: ReviewStore) -> None:
    review = a_review()
    await store.add(review, [])

    def refuse(_current: Review) -> tuple[Review, Sequence[Event]]:
        raise Invalid("no")

    with pytest.raises(Invalid):
        await store.change(review.id, refuse)
    with pytest.raises(NotFound):
        await store.change("nobody", refuse)
    assert await store.find(review.id) == review


async def every(store: ReviewStore, which: Which, sort: str, size: int) -> list[Review]:
    found: list[Review] = []
    after: Sequence[str | int] | None = None
    while page := (await store.page(which, sort=sort, after=after, limit=size))[0]:
        found += page
        place = (rfc3339(page[-1].created_at), page[-1].id)
        after = place if sort == "newest" else (page[-1].rating, *place)
    return found


@pytest.mark.parametrize("sort", ["newest", "highest", "lowest"])
async def test_pages_join_to_the_whole_in_order(store: ReviewStore, sort: str) -> None:
    reviews = [
        a_review(rating=1 + n % 3, created_at=START + timedelta(microseconds=n // 2))
        for n in range(25)
    ]
    for review in reviews:
        await store.add(review, [])
    sign = {"newest": 0, "highest": -1, "lowest": 1}[sort]
    newest = sorted(reviews, key=lambda r: (r.created_at, r.id), reverse=True)
    assert await every(store, Which(), sort, 4) == sorted(newest, key=lambda r: sign * r.rating)
    page, total = await store.page(Which(), sort="newest", after=None, limit=3, skip=4)
    assert (page, total) == (newest[4:7], len(newest))


async def test_a_hidden_review_is_in_no_listing_and_no_tally(store: ReviewStore) -> None:
    seen, hidden = a_review(rating=9), a_review(rating=2, active=False)
    for review in (seen, hidden):
        await store.add(review, [])
    assert await every(store, Which(movie_id="1"), "newest", 10) == [seen]
    assert await store.count(Which(active=None)) == 2
    [tally] = (await store.recount(["1", "2"])).values()
    assert (tally.count, tally.total, tally.histogram[8], sum(tally.histogram)) == (1, 9, 1, 1)


async def test_an_author_who_leaves_takes_their_reviews(store: ReviewStore) -> None:
    gone, stays = a_review(author="ada"), a_review(author="bo")
    for review in (gone, stays):
        await store.add(review, [])
    heard = Heard("accounts", 7, None)
    for _ in range(2):
        await store.hear(heard, gone=Which(author_id="ada", active=None))
    assert await every(store, Which(active=None), "newest", 10) == [stays]
    assert await store.last_place() == 1
    assert await store.author_named("ada") is None
    assert await store.heard_up_to("accounts") == 7


async def test_a_new_name_shows_everywhere(store: ReviewStore) -> None:
    review = a_review(author="ada")
    await store.add(review, [])
    await store.hear(Heard("accounts", 1, None), author=Author("ada", "Ada", "Countess"))
    found = await store.find(review.id)
    assert found is not None
    assert found.author.display_name == "Countess"
    assert await store.author_named("ADA") == Author("ada", "Ada", "Countess")


async def test_whom_and_what_reviews_are_of_comes_in_order_and_once(store: ReviewStore) -> None:
    for author, movie in (("bo", "2"), ("ada", "10"), ("ada", "2"), ("cy", "3")):
        await store.add(a_review(author=author, movie_id=movie), [])
    assert await store.movie_ids("", 2) == ["10", "2"]
    assert await store.movie_ids("2", 2) == ["3"]
    assert await store.author_ids("ada", 9) == ["bo", "cy"]


async def test_what_is_put_right_is_told_like_what_is_heard(store: ReviewStore) -> None:
    for author, movie in (("ada", "1"), ("ada", "2"), ("bo", "1")):
        await store.add(a_review(author=author, movie_id=movie), [])
    await store.put_right(author=Author("bo", "bo", "Bo Lee"))
    await store.put_right(gone=Which(author_id="ada", active=None))
    left, total = await store.page(Which(active=None), sort="newest", after=None, limit=9)
    assert ([one.author.display_name for one in left], total) == (["Bo Lee"], 1)
    await store.put_right(gone=Which(movie_id="1", active=None))
    assert await store.count(Which(active=None)) == 0
    assert await store.author_ids("", 9) == ["bo"]
    kinds = [sent.kind for sent in await store.events_after(0, 9)]
    assert kinds == ["reviews.ReviewDeleted"] * 3
