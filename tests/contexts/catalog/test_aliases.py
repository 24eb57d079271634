"""A movie found by one of its alternative titles, where nothing else finds it."""

import sqlite3
from pathlib import Path

from tests.contexts.catalog.house import ADMIN, House, a_house, facts

from marquee.contexts.catalog.contract import MovieFacts

OTHER = "Solyaris"


def known(**more: object) -> MovieFacts:
    return facts(alternative_titles=(OTHER,), **more)


async def test_a_row_is_matched_by_an_alternative_title(house: House) -> None:
    await house.merge(known(imdb_id="tt0069293"))
    row = facts("The Solyaris", runtime_minutes=167)
    report = await house.merge(row, source="other")
    assert (report.created, report.updated) == (0, 1)
    again = await house.merge(row, source="other")
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    movie = await house.movie()
    assert (movie["title"], movie["runtime_minutes"]) == ("Solaris", 167)


async def test_a_title_before_an_alternative_one(house: House) -> None:
    await house.merge(known(imdb_id="tt0000001"), facts(OTHER, imdb_id="tt0000002"))
    await house.merge(facts(OTHER, runtime_minutes=90), source="other")
    assert (await house.movie("1"))["runtime_minutes"] is None
    assert (await house.movie("2"))["runtime_minutes"] == 90


async def test_the_year_must_be_the_same(house: House) -> None:
    await house.merge(known(), facts(OTHER, 2002))
    assert len(await house.everything()) == 2


async def test_ids_that_differ_outweigh_an_alternative_title(house: House) -> None:
    await house.merge(known(imdb_id="tt0000001"))
    report = await house.merge(facts(OTHER, imdb_id="tt0000002"), source="other")
    assert report.created == 1


async def test_an_alternative_title_of_two_is_nobodys(house: House) -> None:
    await house.merge(known(imdb_id="tt0000001"), known(imdb_id="tt0000002"))
    report = await house.merge(facts(OTHER), source="other")
    again = await house.merge(facts(OTHER), source="other")
    assert (report.created, again.created) == (1, 0)


async def test_what_was_found_so_once_is_found_so_again(house: House) -> None:
    """Though another movie has come by the title since, and the year has changed."""
    await house.merge(known(year=None, tmdb_id=1))
    await house.merge(facts(OTHER, None, tagline="One."), source="other")
    await house.merge(facts(tmdb_id=1), facts(OTHER, None, imdb_id="tt2", tmdb_id=2))
    report = await house.merge(facts(OTHER, None, tagline="Two."), source="other")
    assert (report.created, report.updated) == (0, 1)
    movie = await house.movie("1")
    assert (movie["year"], movie["tagline"]) == (1972, "Two.")


async def test_what_an_admin_deleted_does_not_come_back_by_another_title(house: House) -> None:
    await house.merge(known())
    await house.catalog.delete_movie(ADMIN, "1", None)
    report = await house.merge(facts(OTHER), source="other")
    assert (report.created, len(report.skipped)) == (0, 1)


async def test_it_is_found_by_a_title_it_got_since(house: House) -> None:
    await house.merge(facts(imdb_id="tt0069293"))
    await house.merge(facts(OTHER, imdb_id="tt0069293"), facts(OTHER), source="other")
    assert len(await house.everything()) == 1


async def test_a_store_from_before_there_were_aliases_gets_them(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.merge(facts("Stalker", 1979), known(imdb_id="tt0069293"))
    with sqlite3.connect(tmp_path / "catalog.db") as made:
        before = made.execute("SELECT movie_id, aliases FROM marks").fetchall()
        made.execute("ALTER TABLE marks DROP COLUMN aliases")
        made.execute("UPDATE alembic_version SET version_num = '0001'")
    made.close()
    async with a_house(tmp_path) as house:
        report = await house.merge(facts(OTHER), source="other")
        assert report.created == 0
    with sqlite3.connect(tmp_path / "catalog.db") as made:
        assert made.execute("SELECT movie_id, aliases FROM marks").fetchall() == before
    made.close()
