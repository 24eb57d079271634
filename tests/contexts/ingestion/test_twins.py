"""Which rows are one movie, and which are not."""

# ruff: noqa: RUF001 - dashes and quotes that look alike are what it is about

import msgspec
import pytest

from marquee.contexts.ingestion.model.rows import Row
from marquee.contexts.ingestion.model.spellings import respelled, spellings
from marquee.contexts.ingestion.model.tidying import tidied
from marquee.contexts.ingestion.model.twins import merge_twins


def a_row(title: str, year: int, *cast: str, **more: object) -> Row:
    return msgspec.convert({"title": title, "year": year, "cast": cast, **more}, Row)


CAST = ("Ann Lee", "Bo Ray", "Cy Mill")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_row("TIN·Y", 2008, *CAST), a_row("TIN-Y", 2008, "Bo Ray")),
        (a_row("Tin & Clay", 2008), a_row("Tin and Clay", 2008, *CAST)),
        (a_row("The Tin", 2008, *CAST), a_row("Tin", 2009, *CAST)),
        (a_row("Tin", 2006, *CAST), a_row("Tin", 2008, *CAST[1:])),
        (a_row("Tin Ship", 1997, *CAST), a_row("Tin Ship 3D", 2012, *CAST)),
        (
            a_row("Tin Man Three", 2013, *CAST, runtime=130, rating=7.2),
            a_row("Tin Man 3", 2013, *CAST, "Di Fox", runtime=195, imdb_id="tt0000001"),
        ),
        (
            a_row("Tr1ck", 1995, *CAST, "Di Fox", imdb_id="tt0000001"),
            a_row("Trick", 1995, *CAST[1:]),
        ),
        (
            a_row("The Tin Boat", 2009, *CAST, tmdb_id=4, alternative_titles=["Tin Radio"]),
            a_row("Tin Radio", 2009, "Ann Lee", imdb_id="tt0000001", runtime=135),
        ),
        (
            a_row("The Hunter", 2012, *CAST, original_title="Jager"),
            a_row("Jager", 2012, "Ann Lee"),
        ),
        (
            a_row("Tin Wars: Episode V - Lost", 1980, *CAST, imdb_id="tt0000001"),
            a_row("Tin Wars: Lost", 1980, *CAST),
        ),
        (
            a_row("Alpha", 2007, runtime=96, budget=55_000_000, imdb_id="tt0000001",
                  countries=["Canada"], genres=["Drama"], languages=["en"]),
            a_row("Omega", 2007, runtime=95, budget=55_000_000, tmdb_id=4,
                  countries=["Canada"], genres=["Drama"], languages=["en"]),
        ),
        (
            a_row("Tin Wars: Episode IV - Old Tin", 1977, "Ann Lee", runtime=125, budget=11_000_000,
                  imdb_id="tt0000001", keywords=["tin", "star", "princess"]),
            a_row("Tin Wars", 1977, *CAST, runtime=121, budget=11_000_000, tmdb_id=4,
                  keywords=["star", "robot", "tin"]),
        ),
    ],
)  # fmt: skip
def test_twins_become_one(one: Row, other: Row) -> None:
    for rows in ([one, other], [other, one]):
        merged, twins = merge_twins(rows)
        assert len(merged) == 1
        assert len(twins) == 1
        assert {*merged[0].cast} == {*one.cast, *other.cast}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_row("Tin", 2007, *CAST), a_row("Tin", 2010, "Ann Lee", "Di Rector", "Ed Fox")),
        (a_row("Tin", 2007, *CAST), a_row("Tin", 2007, "Di Rector")),
        (a_row("Tin", 2007, *CAST), a_row("Tin", 1967, *CAST)),
        (
            a_row("Tin", 2007, *CAST, imdb_id="tt0000001"),
            a_row("Tin", 2007, *CAST, imdb_id="tt0000002"),
        ),
        (
            a_row("Tin", 2007, *CAST, tmdb_id=1),
            a_row("Tin", 2007, *CAST, tmdb_id=2),
        ),
        (
            a_row("Tin Man", 1984, *CAST, imdb_id="tt0000001"),
            a_row("Tin Man 2", 1984, *CAST),
        ),
        (a_row("Tin Man Rides", 1941, *CAST), a_row("Tin Man", 1941, *CAST)),
        (
            a_row("Tin Wars: The Clay", 1977, "Ann Lee", runtime=125, budget=11_000_000,
                  imdb_id="tt0000001", keywords=["clay", "star"]),
            a_row("Tin Wars", 1977, *CAST, runtime=121, budget=11_000_000, tmdb_id=4,
                  keywords=["star", "robot", "tin"]),
        ),
    ],
)  # fmt: skip
def test_remakes_sequels_and_namesakes_stay_two(one: Row, other: Row) -> None:
    assert merge_twins([one, other]) == ([one, other], [])


def test_a_twin_keeps_the_ids_and_the_other_name() -> None:
    known = a_row("Insurgence", 2015, *CAST, imdb_id="tt0000001", tmdb_id=3, votes=9, rating=7.0)
    plain = a_row("The Tin Series: Insurgence", 2015, *CAST, "Ed Fox")
    (both,), _ = merge_twins([plain, known])
    assert (both.title, both.imdb_id, both.tmdb_id) == ("Insurgence", "tt0000001", 3)
    assert both.alternative_titles == ("The Tin Series: Insurgence",)
    assert both.cast == (*CAST, "Ed Fox")


def test_a_re_release_goes_into_the_first_release() -> None:
    first = a_row("Tin Ship", 1997, *CAST)
    again = a_row("Tin Ship (3D re-release)", 2012, *CAST, "Ed Fox")
    made = tidied([again, first])
    assert [(row.title, row.year) for row in made.rows] == [("Tin Ship", 1997)]


def test_a_name_is_spelled_one_way() -> None:
    rows = [
        a_row("A", 2000, "Andy García", "Min-sik Choi"),
        a_row("B", 2001, "Andy Garcia", "Choi Min-sik"),
        a_row("C", 2002, "Andy García", "Choi Min-sik"),
    ]
    chosen = spellings(rows)
    assert chosen == {"Andy Garcia": "Andy García", "Min-sik Choi": "Choi Min-sik"}
    assert respelled(rows[1], chosen).cast == ("Andy García", "Choi Min-sik")


def test_working_titles_and_mere_showings_are_left_out() -> None:
    made = tidied(
        [
            a_row("Untitled Tin sequel", 2023),
            a_row("Tin & Tin 2 – Re-released in 3-D", 2010),
            a_row("Tin", 2010),
        ]
    )
    assert [row.title for row in made.rows] == ["Tin"]
    assert len(made.left_out) == 2


def test_words_apart_and_in_one_are_both_kept_to_be_found_by() -> None:
    (both,), _ = merge_twins([a_row("Old Tin", 2013, *CAST, votes=9), a_row("Oldtin", 2013, *CAST)])
    assert (both.title, both.alternative_titles) == ("Old Tin", ("Oldtin",))
    (both,), _ = merge_twins([a_row("TIN·Y", 2008, *CAST), a_row("TIN-Y", 2008, *CAST)])
    assert both.alternative_titles == ()
