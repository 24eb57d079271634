"""The rules of the catalog, on paper."""

import pytest

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model import figures
from marquee.contexts.catalog.model.editing import checked
from marquee.contexts.catalog.model.movie import Ids
from marquee.contexts.catalog.model.people import Person, Sight, are_one, chosen, fits
from marquee.contexts.catalog.model.tallies import deltas
from marquee.contexts.reviews.events import (
    ReviewChanged,
    ReviewDeleted,
    ReviewHidden,
    ReviewPosted,
    ReviewShown,
)
from marquee.kit.errors import Invalid

NINE = ExternalRating("imdb", 9.0, 10, 1000)


def histogram(*ratings: int) -> list[int]:
    return [ratings.count(stars) for stars in range(1, 11)]


def test_the_score_weighs_the_world_as_five_members() -> None:
    assert figures.score(NINE, histogram(4, 10)) == (5 * 9.0 + 14) / 7
    assert figures.score(NINE, histogram()) == 9.0


def test_an_external_rating_is_brought_to_ten() -> None:
    of_hundred = ExternalRating("critics", 80, 100)
    assert figures.score(of_hundred, histogram()) == pytest.approx(8.0)


def test_without_an_external_rating_a_neutral_one_stands_in() -> None:
    assert figures.score(None, histogram(10)) == (5 * 6.0 + 10) / 6
    assert figures.score(None, histogram()) is None


def test_imdb_counts_before_others() -> None:
    others = [ExternalRating("critics", 10, 10, 10**9), NINE, ExternalRating("a", 1, 10)]
    assert figures.external_rating(others) == NINE
    spelled = ExternalRating("IMDb", 7.0, 10)
    assert figures.external_rating([others[0], spelled]) == spelled
    assert figures.external_rating(others[::2]) == others[0]


def test_popularity_follows_votes_and_then_members() -> None:
    assert figures.popularity(0, 0) == 0
    assert figures.popularity(2000, 0) > figures.popularity(1000, 3) > figures.popularity(1000, 0)
    assert figures.popularity(0, 2) > figures.popularity(0, 1) > 0


def a_person(**more: object) -> Person:
    given = {"id": 1, "name": "Harrison Ford", "names": ("harrison ford",), **more}
    return Person(**given)  # type: ignore[arg-type]


def test_a_life_too_far_away_is_somebody_elses() -> None:
    silent = a_person(first_year=1915, last_year=1928, departments=("Acting",))
    assert fits(silent, Sight("Harrison Ford", 1963, "Acting"))
    assert not fits(silent, Sight("Harrison Ford", 1964, "Acting"))
    assert not fits(silent, Sight("Harrison Ford", 1950, "Directing"))
    assert fits(silent, Sight("Harrison Ford", None, "Acting"))


def test_ids_decide_before_lives() -> None:
    known = a_person(imdb_id="nm0000148", first_year=1966, last_year=2023)
    assert chosen([known], Sight("H. Ford", 1915, "Acting", imdb_id="nm0000148")) is known
    assert chosen([known], Sight("Harrison Ford", 1990, "Acting", imdb_id="nm0001230")) is None


def test_two_become_one_when_their_lives_meet() -> None:
    young = a_person(first_year=1958, last_year=1969, departments=("Acting",))
    old = a_person(id=2, first_year=1995, last_year=2020, departments=("Acting",))
    assert are_one(young, old)
    assert not are_one(young, a_person(id=2, first_year=2005, last_year=2020))
    assert not are_one(young, a_person(id=2, first_year=1960, last_year=1961, gone=True))


def test_a_tally_follows_every_turn_of_a_review() -> None:
    about = {"review_id": "r", "movie_id": "1", "author_id": "a"}
    story = [
        ReviewPosted(**about, rating=8),
        ReviewChanged(**about, previous_rating=8, rating=3, is_active=True),
        ReviewHidden(**about, rating=3),
        ReviewChanged(**about, previous_rating=3, rating=9, is_active=False),
        ReviewShown(**about, rating=9),
    ]
    assert deltas(story) == {"1": histogram(9)}
    assert deltas([*story, ReviewDeleted(**about, rating=9, was_active=True)]) == {}
    hidden = [*story[:3], ReviewDeleted(**about, rating=3, was_active=False)]
    assert deltas(hidden) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   \x00"),
        ("title", "x" * 501),
        ("year", 1869),
        ("year", 2101),
        ("runtime_minutes", 0),
        ("budget", 2**63),
        ("released_on", "2008-7-16"),
        ("released_on", "20080716"),
        ("released_on", "2008-02-30"),
        ("languages", ("English",)),
        ("genres", tuple(map(str, range(21)))),
        ("plot", "x" * 10_001),
        ("poster_url", "http://example.org/x.jpg"),
        ("poster_url", "https://user:secret@example.org/x.jpg"),
        ("poster_url", "javascript:alert(1)"),
        ("poster_url", "https://[::1/x.jpg"),
        ("poster_url", "https:///x.jpg"),
        ("poster_url", "https://example.org:port/x.jpg"),
        ("external_ratings", (ExternalRating("a", 11, 10),)),
        ("external_ratings", (ExternalRating("a", 1, 10), ExternalRating("a", 2, 10))),
        ("external_ratings", (ExternalRating("a", float("nan"), 10),)),
    ],
)
def test_a_value_that_cannot_be_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        checked({field: value})
    assert caught.value.field is not None
    assert caught.value.field.startswith(field)


def test_ids_are_checked_by_part() -> None:
    with pytest.raises(Invalid) as caught:
        checked({"ids": Ids("0468569", None)})
    assert caught.value.field == "ids.imdb"
    with pytest.raises(Invalid) as caught:
        checked({"ids": Ids(None, 0)})
    assert caught.value.field == "ids.tmdb"
