"""What sources say, laid over the catalog."""

import pytest
from tests.contexts.catalog.house import ADMIN, House, facts, names, plain

from marquee.contexts.catalog.contract import CreditFact, ExternalRating, MovieFacts
from marquee.kit.errors import Invalid


async def test_the_parts_of_the_report_add_up(house: House) -> None:
    rows = [facts("A"), facts("B"), facts("A"), facts("", None), facts("C", 3000)]
    report = await house.merge(*rows)
    assert (report.created, report.updated, report.unchanged) == (2, 0, 1)
    assert [skip.index for skip in report.skipped] == [3, 4]
    assert "neither a title nor an id" in report.skipped[0].reason
    assert "3000" in report.skipped[1].reason


async def test_a_number_that_is_too_large_for_an_id_is_said_to_be(house: House) -> None:
    report = await house.merge(facts("A", tmdb_id=2**31), facts("B", tmdb_id=2**31 - 1))
    assert [(skip.index, skip.reason) for skip in report.skipped] == [
        (0, "The TMDB id is not from 1 to 2147483647.")
    ]


async def test_twice_is_once(house: House) -> None:
    rows = [
        facts("Solaris", cast=["Donatas Banionis", "Natalya Bondarchuk"], imdb=(8.0, 90_000)),
        facts("WALL·E", 2008, imdb_id="tt0910970", directors=["Andrew Stanton"]),
        facts("WALL-E", 2008, cast=["Ben Burtt"]),
    ]
    first = await house.merge(*rows)
    before, told = await house.everything(), await house.told()
    again = await house.merge(*rows)
    assert (first.created, first.updated) == (2, 1)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert await house.everything() == before
    assert await house.told() == told


async def test_the_same_movie_is_found_by_id_title_and_original_title(house: House) -> None:
    await house.merge(facts("The Hunt", 2012, original_title="Jagten", imdb_id="tt2106476"))
    await house.merge(
        facts("Jagten", 2012, tmdb_id=103663),
        facts("Hunt, The", 2012, runtime_minutes=115),
        facts("Renamed", 1999, imdb_id="tt2106476", tagline="The lie is spreading."),
        source="other",
    )
    (movie,) = await house.everything()
    assert movie["ids"] == {"imdb": "tt2106476", "tmdb": 103663}
    assert movie["runtime_minutes"] == 115
    assert movie["tagline"] == "The lie is spreading."
    assert (movie["title"], movie["year"]) == ("The Hunt", 2012)
    assert movie["alternative_titles"] == ["Renamed"]


async def test_a_title_that_became_the_original_one_is_no_alternative_any_more(
    house: House,
) -> None:
    await house.merge(
        facts("Solaris", tmdb_id=593),
        facts("Solyaris", tmdb_id=593),
        facts("Solaris", tmdb_id=593, original_title="Solyaris"),
    )
    (movie,) = await house.everything()
    assert (movie["original_title"], movie["alternative_titles"]) == ("Solyaris", [])


async def test_movies_whose_ids_differ_never_merge(house: House) -> None:
    await house.merge(facts(imdb_id="tt0000001"), facts(imdb_id="tt0000002"))
    assert len(await house.everything()) == 2
    report = await house.merge(facts(imdb_id="tt0000001", tmdb_id=5), facts(tmdb_id=6))
    assert len(await house.everything()) == 2
    conflict = await house.merge(facts(imdb_id="tt0000002", tmdb_id=5))
    assert (report.created, conflict.created) == (0, 0)
    assert "another's" in conflict.skipped[0].reason


async def test_an_id_that_belongs_to_another_id_here_is_skipped(house: House) -> None:
    await house.merge(facts(imdb_id="tt0000001", tmdb_id=5))
    report = await house.merge(facts("Else", 1990, imdb_id="tt0000001", tmdb_id=6))
    assert "do not belong together" in report.skipped[0].reason
    assert len(await house.everything()) == 1


async def test_another_year_is_another_movie(house: House) -> None:
    await house.merge(facts("Solaris", 1972), facts("Solaris", 2002), facts("Solaris", None))
    assert len(await house.everything()) == 3


async def test_a_row_with_only_an_id_adds_to_what_is_there(house: House) -> None:
    await house.merge(facts(imdb_id="tt0069293"))
    ratings = (ExternalRating("imdb", 8.0, 10, 95_000),)
    known = MovieFacts("", imdb_id="tt0069293", external_ratings=ratings)
    unknown = MovieFacts("", imdb_id="tt9999999", external_ratings=ratings)
    report = await house.merge(known, unknown, source="imdb")
    assert (report.updated, len(report.skipped)) == (1, 1)
    assert "not in the catalog" in report.skipped[0].reason
    assert (await house.movie())["score"] == 8.0


async def test_others_fill_gaps_and_change_nothing(house: House) -> None:
    await house.merge(facts(runtime_minutes=167, genres=("Drama",)), source="one")
    await house.merge(
        facts(runtime_minutes=115, genres=("Horror",), plot="A planet."), source="two"
    )
    movie = await house.movie()
    assert (movie["runtime_minutes"], movie["genres"]) == (167, ["Drama"])
    assert movie["plot"] == "A planet."


async def test_a_source_corrects_itself_and_takes_nothing_back(house: House) -> None:
    await house.merge(facts(runtime_minutes=167, genres=("Drama",)), source="one")
    await house.merge(facts(runtime_minutes=166), source="one")
    movie = await house.movie()
    assert (movie["runtime_minutes"], movie["genres"]) == (166, ["Drama"])


async def test_the_newer_rating_of_one_kind_counts_in_any_order(house: House) -> None:
    old = facts(external_ratings=(ExternalRating("imdb", 8.1, 10, 100, "2017-01-01"),))
    new = facts(external_ratings=(ExternalRating("imdb", 7.9, 10, 90, "2024-01-01"),))
    for row, source in ((new, "b"), (old, "a"), (new, "b")):
        await house.merge(row, source=source)
    (rating,) = (await house.movie())["external_ratings"]
    assert rating["value"] == 7.9


async def test_two_people_of_one_name_and_different_lives_stay_two(house: House) -> None:
    await house.merge(
        facts("Blade Runner", 1982, cast=["Harrison Ford"]),
        facts("Golf Widows", 1928, cast=["Harrison Ford"]),
        facts("Hawthorne of the U.S.A.", 1919, cast=["Harrison Ford"]),
        facts("Dead Heat", 1966, cast=["Harrison Ford"]),
    )
    modern, early, earliest, young = await house.everything()
    assert modern["cast"][0]["person_id"] == young["cast"][0]["person_id"]
    assert early["cast"][0]["person_id"] == earliest["cast"][0]["person_id"]
    assert modern["cast"][0]["person_id"] != early["cast"][0]["person_id"]


async def test_one_life_read_from_both_ends_is_one_person(house: House) -> None:
    await house.merge(
        facts("The Bridges of Madison County", 1995, cast=["Clint Eastwood"]),
        facts("Ambush at Cimarron Pass", 1958, cast=["Clint Eastwood"]),
    )
    late, early = await house.everything()
    assert late["cast"] != early["cast"]
    await house.merge(facts("Magnum Force", 1973, cast=["Clint Eastwood"]))
    late, early, _ = await house.everything()
    assert late["cast"] == early["cast"]
    assert ("PersonDeleted", "2") in [
        (kind, body.get("person_id")) for kind, body in await house.told()
    ]
    assert list(await house.catalog.person_ids(after="0", limit=9)) == ["1"]


async def test_people_with_different_ids_stay_two(house: House) -> None:
    await house.merge(
        facts("One", 1990, cast=[CreditFact("Chris Evans", imdb_id="nm0262635")]),
        facts("Two", 1991, cast=[CreditFact("Chris Evans", imdb_id="nm0262637")]),
    )
    assert len(await house.catalog.person_ids(after="0", limit=9)) == 2


async def test_an_admins_edit_outlives_imports(house: House) -> None:
    row = facts(plot="Theirs.", genres=("Drama",), cast=["Donatas Banionis"], awards="One.")
    await house.merge(row)
    edit = {"plot": "Ours.", "genres": (), "awards": None}
    await house.catalog.change_movie(ADMIN, "1", edit, None)
    again = await house.merge(row)
    movie = await house.movie()
    assert again.unchanged == 1
    assert (movie["plot"], movie["genres"], movie["awards"]) == ("Ours.", [], None)
    assert names(movie["cast"]) == ["Donatas Banionis"]


async def test_a_movie_that_was_renamed_is_still_meant_by_its_old_title(house: House) -> None:
    row = facts("Solaris", 1972, genres=("Drama",))
    await house.merge(row)
    await house.catalog.change_movie(ADMIN, "1", {"title": "Solyaris", "year": 1971}, None)
    again = await house.merge(row)
    other = await house.merge(facts("Solyaris", 1971, runtime_minutes=167), source="other")
    (movie,) = await house.everything()
    assert (again.unchanged, other.updated) == (1, 1)
    assert (movie["title"], movie["year"], movie["runtime_minutes"]) == ("Solyaris", 1971, 167)


async def test_a_row_that_added_nothing_is_known_again(house: House) -> None:
    await house.merge(facts("Solaris", original_title="Solyaris", imdb_id="tt0000001"))
    bare = facts("Solyaris", genres=("Drama",))
    await house.merge(facts("Solaris", imdb_id="tt0000001", genres=("War",)))
    first = await house.merge(bare, source="b")
    told = await house.told()
    await house.merge(facts("Solyaris", imdb_id="tt0000002"))
    again = await house.merge(bare, source="b")
    assert (first.unchanged, again.unchanged) == (1, 1)
    assert len(told) == 2
    assert [one["genres"] for one in await house.everything()] == [["War"], []]


async def test_what_an_admin_deleted_stays_deleted(house: House) -> None:
    rows = [facts(imdb_id="tt0069293"), facts("Stalker", 1979)]
    await house.merge(*rows)
    for movie_id in ("1", "2"):
        await house.catalog.delete_movie(ADMIN, movie_id, None)
    report = await house.merge(*rows, facts("Solaris", 1972, imdb_id="tt0307479"))
    assert [skip.reason for skip in report.skipped] == ["An admin has deleted this movie."] * 2
    assert all(skip.is_unwanted for skip in report.skipped)
    assert report.created == 1
    assert (await house.everything())[0]["ids"]["imdb"] == "tt0307479"


async def test_an_admin_may_bring_back_what_was_deleted(house: House) -> None:
    await house.merge(facts(imdb_id="tt0069293"))
    await house.catalog.delete_movie(ADMIN, "1", None)
    movie = await house.catalog.create_movie(ADMIN, {"title": "Solaris", "year": 1972})
    report = await house.merge(facts(imdb_id="tt0069293", runtime_minutes=167))
    assert (movie.id, report.updated) == ("2", 1)
    assert (await house.movie("2"))["runtime_minutes"] == 167


async def test_a_deleted_person_does_not_come_back(house: House) -> None:
    row = facts(cast=["and", "Donatas Banionis"])
    await house.merge(row)
    await house.catalog.delete_person(ADMIN, "1")
    before = plain(await house.everything())
    again = await house.merge(row, facts("Other", 1975, cast=["And"]))
    assert again.created == 1
    assert names((await house.movie("1"))["cast"]) == ["Donatas Banionis"]
    assert (await house.movie("2"))["cast"] == []
    assert plain(await house.everything())[:1] == before


async def test_a_renamed_person_is_still_meant_by_the_old_name(house: House) -> None:
    row = facts(cast=["Ellen Page"])
    await house.merge(row, facts("Other", 1975, cast=["Ellen Page"]))
    await house.catalog.change_person(ADMIN, "1", name="Elliot Page")
    again = await house.merge(row, facts("Third", 1976, cast=["Ellen Page"]))
    assert (again.unchanged, again.created) == (1, 1)
    assert [names(one["cast"]) for one in await house.everything()] == [["Elliot Page"]] * 3


async def test_a_batch_is_told_in_one_event(house: House) -> None:
    await house.merge(facts("A", cast=["X", "Y"]), facts("B", cast=["Y"]))
    ((kind, body),) = await house.told()
    assert kind == "MoviesChanged"
    assert body["movie_ids"] == ["1", "2"]
    assert body["person_ids"] == ["1", "2"]


async def test_text_is_cleaned_on_the_way_in(house: House) -> None:
    await house.merge(
        facts(
            "Dragon\x00, The ",
            plot="a\x00\n b \ud800",
            genres=("Drama", "Drama", ""),
            cast=["  ", "A \x07B"],
        )
    )
    movie = await house.movie()
    assert (movie["title"], movie["plot"], movie["genres"]) == ("The Dragon", "a\nb", ["Drama"])
    assert names(movie["cast"]) == ["A B"]


@pytest.mark.parametrize("source", ["", "a|b", "x" * 51])
async def test_a_source_has_a_name(house: House, source: str) -> None:
    with pytest.raises(Invalid):
        await house.merge(facts(), source=source)


async def test_a_batch_is_bounded(house: House) -> None:
    with pytest.raises(Invalid):
        await house.catalog.merge(source="x", movies=[facts()] * 1001)


async def test_a_real_poster_replaces_the_drawn_one(house: House) -> None:
    await house.merge(facts())
    drawn = (await house.movie())["poster_url"]
    await house.merge(facts(poster_url="https://image.example.org/a.jpg"), source="tmdb")
    movie = await house.movie()
    assert drawn.startswith("/posters/1/")
    assert movie["poster_url"] == "https://image.example.org/a.jpg"
    assert movie["field_url"].startswith("/fields/1/")
