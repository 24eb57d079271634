"""What people may do with reviews, and what is told of it."""

import base64
import json
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import msgspec
import pytest
from tests.contexts.reviews.fakes import ADA, BO, MIRA, FewMovies

from marquee.contexts.reviews.model import Review
from marquee.contexts.reviews.ports import ReviewStore, Which
from marquee.contexts.reviews.service import Edit, ReviewService
from marquee.contexts.reviews.stores import open_store
from marquee.kit.actor import Actor
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ReviewStore]:
    opened = await open_store(f"sqlite:///{tmp_path}/reviews.db")
    yield opened
    await opened.close()


@pytest.fixture
def reviews(store: ReviewStore) -> ReviewService:
    return ReviewService(store, FewMovies(), SystemClock())


async def post(reviews: ReviewService, actor: Actor = ADA, movie_id: str = "1") -> Review:
    return await reviews.post(actor, movie_id=movie_id, rating=8, text="Water.", has_spoilers=False)


async def told(store: ReviewStore) -> list[str]:
    return [sent.kind.partition(".")[2] for sent in await store.events_after(0, 100)]


async def test_a_review_needs_a_movie_that_exists(reviews: ReviewService) -> None:
    with pytest.raises(NotFound) as refused:
        await post(reviews, movie_id="99812")
    assert refused.value.field == "movie_id"


async def test_a_person_reviews_a_movie_once(reviews: ReviewService) -> None:
    first = await post(reviews)
    with pytest.raises(Conflict) as refused:
        await post(reviews)
    assert refused.value.extra["review_id"] == first.id
    await post(reviews, BO)
    await post(reviews, movie_id="2")


@pytest.mark.parametrize("rating", [0, 11, -1, 2**63])
async def test_a_rating_is_one_to_ten(reviews: ReviewService, rating: int) -> None:
    with pytest.raises(Invalid):
        await reviews.post(ADA, movie_id="1", rating=rating, text=None, has_spoilers=False)


async def test_somebody_elses_review_is_not_yours_to_change(reviews: ReviewService) -> None:
    review = await post(reviews)
    with pytest.raises(Forbidden):
        await reviews.edit(BO, review.id, Edit(rating=1), versions=None)
    with pytest.raises(Forbidden):
        await reviews.delete(BO, review.id, versions=None)
    edited = await reviews.edit(MIRA, review.id, Edit(rating=1), versions=None)
    assert (edited.rating, edited.author.id) == (1, ADA.id)


async def test_a_stale_edit_is_refused(reviews: ReviewService) -> None:
    review = await post(reviews)
    await reviews.edit(ADA, review.id, Edit(text="Ice."), versions=[1])
    with pytest.raises(Stale):
        await reviews.edit(ADA, review.id, Edit(text="Fire."), versions=[1])
    with pytest.raises(Stale):
        await reviews.delete(ADA, review.id, versions=[1])
    assert (await reviews.get(ADA, review.id)).text == "Ice."


async def test_what_is_hidden_stays_hidden_for_good(reviews: ReviewService) -> None:
    review = await post(reviews)
    with pytest.raises(Forbidden):
        await reviews.edit(ADA, review.id, Edit(active=False), versions=None)
    await reviews.edit(MIRA, review.id, Edit(active=False), versions=None)
    await reviews.edit(ADA, review.id, Edit(text="Again."), versions=None)
    with pytest.raises(Forbidden):
        await reviews.edit(ADA, review.id, Edit(active=True), versions=None)
    with pytest.raises(Forbidden):
        await reviews.delete(ADA, review.id, versions=None)
    with pytest.raises(Conflict):
        await post(reviews)
    assert not (await reviews.get(ADA, review.id)).active
    for stranger in (None, BO):
        with pytest.raises(NotFound):
            await reviews.get(stranger, review.id)
    with pytest.raises(NotFound):
        await reviews.edit(BO, review.id, Edit(rating=1), versions=None)
    shown = await reviews.edit(MIRA, review.id, Edit(active=True), versions=None)
    assert shown.active


async def test_each_change_is_told_with_what_it_does_to_the_tally(
    reviews: ReviewService, store: ReviewStore
) -> None:
    review = await post(reviews)
    await reviews.edit(ADA, review.id, Edit(rating=3), versions=None)
    await reviews.edit(MIRA, review.id, Edit(active=False, rating=4), versions=None)
    await reviews.edit(MIRA, review.id, Edit(active=True), versions=None)
    await reviews.delete(ADA, review.id, versions=None)
    events = [msgspec.json.decode(sent.body) for sent in await store.events_after(0, 100)]
    assert await told(store) == [
        "ReviewPosted",
        "ReviewChanged",
        "ReviewChanged",
        "ReviewHidden",
        "ReviewChanged",
        "ReviewShown",
        "ReviewDeleted",
    ]
    assert [(e.get("previous_rating"), e["rating"], e.get("is_active")) for e in events] == [
        (None, 8, None),
        (8, 3, True),
        (3, 4, True),
        (None, 4, None),
        (4, 4, False),
        (None, 4, None),
        (None, 4, None),
    ]


async def test_a_list_goes_on_without_the_catalog(store: ReviewStore) -> None:
    movies = FewMovies()
    reviews = ReviewService(store, movies, SystemClock())
    review = await post(reviews)
    assert (await reviews.cards([review]))["1"].title == "Solaris"
    movies.is_away = True
    assert await reviews.cards([review]) == {}


async def test_a_cursor_of_another_list_is_refused(reviews: ReviewService) -> None:
    for movie in ("1", "2", "3"):
        await post(reviews, movie_id=movie)
    page = await reviews.listed(Which(author_id=ADA.id), sort="newest", cursor=None, limit=2)
    assert (len(page.items), page.total) == (2, 3)
    rest = await reviews.listed(Which(author_id=ADA.id), sort="newest", cursor=page.next, limit=2)
    assert (len(rest.items), rest.next) == (1, None)
    for cursor in (page.next, "x", "%", "W10"):
        with pytest.raises(Invalid):
            await reviews.listed(Which(author_id=BO.id), sort="newest", cursor=cursor, limit=2)


@pytest.mark.parametrize("sort", ["newest", "highest", "lowest"])
async def test_a_cursor_is_a_place_in_the_list(reviews: ReviewService, sort: str) -> None:
    for movie in ("1", "2"):
        await post(reviews, movie_id=movie)
    token = (await reviews.listed(Which(), sort=sort, cursor=None, limit=1)).next
    assert token is not None
    mark, *place = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for at, odd in product(range(len(place)), ("not a date", "x", "2026-01-01", 0, 11)):
        made = json.dumps([mark, *(odd if at == n else value for n, value in enumerate(place))])
        forged = base64.urlsafe_b64encode(made.encode()).decode().rstrip("=")
        with pytest.raises(Invalid) as refused:
            await reviews.listed(Which(), sort=sort, cursor=forged, limit=1)
        assert refused.value.field == "cursor"


async def test_an_edit_that_changes_nothing_is_none(
    reviews: ReviewService, store: ReviewStore
) -> None:
    review = await post(reviews)
    before = await told(store)
    assert await reviews.edit(ADA, review.id, Edit(), versions=None) == review
    assert await reviews.edit(ADA, review.id, Edit(rating=8, text="Water."), versions=[1]) == review
    assert await told(store) == before


async def test_a_long_text_is_read_like_a_short_one(reviews: ReviewService) -> None:
    text = "*water* " * 200
    review = await reviews.post(ADA, movie_id="1", rating=8, text=text, has_spoilers=False)
    assert review.html is not None
    assert review.html.count("<em>water</em>") == 200
