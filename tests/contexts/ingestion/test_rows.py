"""Rows of the starter's format: checked, cleaned, told."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contexts.ingestion.test_words import MESSY

from marquee.contexts.catalog.contract import CreditFact, ExternalRating
from marquee.contexts.ingestion.model.rows import BadRow, Part, Row, checked, cleaned
from marquee.contexts.ingestion.model.telling import facts

FEW = st.lists(MESSY, max_size=3).map(tuple)
NUMBER = st.none() | st.integers(0, 2**53)
ROWS = st.builds(
    Row,
    title=MESSY,
    year=st.none() | st.integers(1870, 2100),
    original_title=st.none() | MESSY,
    original_language=st.none() | MESSY | st.sampled_from(["de", "cn", "xx"]),
    alternative_titles=FEW,
    genres=FEW,
    directors=FEW,
    cast=st.lists(MESSY | st.builds(Part, name=MESSY), max_size=3).map(tuple),
    runtime=NUMBER,
    rating=st.none() | st.floats(0, 10),
    votes=NUMBER,
    languages=FEW,
    countries=FEW,
    certificate=st.none() | MESSY,
    budget=NUMBER,
    revenue=NUMBER,
    keywords=FEW,
    release_date=st.none() | st.dates().map(str),
    plot=st.none() | MESSY,
    metascore=st.none() | st.integers(0, 100),
)


def a_row(**fields: object) -> Row:
    return msgspec.convert({"title": "Tin Moon", "year": 1999, **fields}, Row)


@given(ROWS)
def test_a_clean_row_is_clean_for_good(row: Row) -> None:
    once = cleaned(row)
    assert cleaned(once) == once
    assert facts(once).title == once.title


def test_every_rule_meets_in_one_row() -> None:
    row = cleaned(
        a_row(
            title="Tin Moon, The (film)",
            genres=["Sci-Fi", "Erotic", "Drama", "drama"],
            cast=["Ann Lee", "and", "Ann Lee"],
            languages=["English", "None"],
            original_language="cn",
            countries=["USA", "United States of America", "Official site"],
            keywords=["moon ", "nudity"],
            budget=5,
            runtime=0,
            release_date="1990-01-01",
        )
    )
    assert row == a_row(
        title="The Tin Moon",
        genres=["Science Fiction", "Drama"],
        cast=["Ann Lee"],
        languages=["yue", "en"],
        original_language="yue",
        countries=["United States"],
        keywords=["moon"],
    )


def test_a_war_that_is_only_a_part_of_a_word_is_none() -> None:
    assert cleaned(a_row(title="The Benchwarmers", genres=["Comedy", "War"])).genres == ("Comedy",)
    assert cleaned(a_row(title="War Horse", genres=["War"])).genres == ("War",)


def test_german_articles_lead_in_german_movies_alone() -> None:
    assert cleaned(a_row(title="Blechtrommel, Die", original_language="de")).title == (
        "Die Blechtrommel"
    )
    assert cleaned(a_row(title="Run, Die", original_language="en")).title == "Run, Die"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " "}, "title: missing"),
        ({"title": "x" * 401}, "title: longer than 400 characters"),
        ({"year": 1700}, "year: 1700 is not a year of movies (1870 to 2100)"),
        ({"year": 3000}, "year: 3000 is not a year of movies (1870 to 2100)"),
        ({"rating": 11}, "rating: 11.0 is out of range"),
        ({"votes": -1}, "votes: -1 is out of range"),
        ({"metascore": 101}, "metascore: 101 is out of range"),
        ({"budget": 2**70}, f"budget: {2**70} is out of range"),
        ({"revenue": 10**300}, f"revenue: 1{'0' * 38}… is out of range"),
        ({"runtime": -5}, "runtime: -5 is out of range"),
        ({"tmdb_id": 0}, "tmdb_id: 0 is out of range"),
        ({"imdb_id": "nm12"}, "imdb_id: 'nm12' is not an IMDb id (tt and digits)"),
        ({"release_date": "soon"}, "release_date: 'soon' is not a day (YYYY-MM-DD)"),
        ({"plot": "x" * 20_001}, "plot: longer than 20,000 characters"),
        ({"cast": ["x"] * 2_001}, "cast: more than 2,000 entries"),
    ],
)
def test_what_no_movie_can_have_is_refused_by_field(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(BadRow) as bad:
        checked(a_row(**fields))
    assert str(bad.value) == reason


def test_a_row_tells_the_catalog_all_it_knows() -> None:
    told = facts(
        a_row(
            rating=8.1,
            votes=900,
            rating_as_of="2017-01",
            metascore=77,
            directors=["Di Rector"],
            cast=["Ann Lee", {"name": "Bo Ray", "character": "The Cat", "tmdb_id": 7}],
            crew=[{"name": "Cy Mill", "job": "Editor", "department": "Editing"}],
            runtime=99,
            release_date="1999-05-01",
        )
    )
    assert told.cast == (
        CreditFact("Ann Lee"),
        CreditFact("Bo Ray", character="The Cat", tmdb_id=7),
    )
    assert told.crew == (
        CreditFact("Di Rector", "Director", "Directing"),
        CreditFact("Cy Mill", "Editor", "Editing"),
    )
    assert told.external_ratings == (
        ExternalRating("IMDb", 8.1, 10, 900, "2017-01"),
        ExternalRating("Metacritic", 77, 100, None, "2017-01"),
    )
    assert (told.runtime_minutes, told.released_on) == (99, "1999-05-01")
