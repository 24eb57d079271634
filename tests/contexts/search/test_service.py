"""What one can find, and how the index follows the catalog."""

import pytest
from tests.contexts.search.fakes import a_film, a_person
from tests.contexts.search.house import House, titles

from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import DEEPEST, Hits
from marquee.kit.errors import Invalid

ANY = Filters()


async def ask(house: House, q: str, limit: int = 20, cursor: str | None = None) -> Hits:
    return await house.search.search(q, ANY, cursor=cursor, limit=limit)


async def test_the_best_fit_comes_first_then_the_better_known(house: House) -> None:
    await house.rebuilt(
        a_film(1, "Heat", popularity=20.0),
        a_film(2, "Heat", popularity=50.0),
        a_film(3, "Heat Wave", popularity=50.0),
        a_film(4, "White Heat", popularity=50.0),
        a_film(5, "Else", keywords=("heat",), popularity=50.0),
    )
    hits = (await ask(house, "heat")).hits
    assert titles(hits) == ["Heat", "Heat", "Heat Wave", "White Heat", "Else"]
    assert [hit.entry.id for hit in hits[:2]] == ["2", "1"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


async def test_a_name_spelled_right_is_no_slip_of_the_finger(house: House) -> None:
    await house.rebuilt(a_film(1, "Heat"), a_film(2, "Heart", popularity=60.0))
    assert titles((await ask(house, "heat")).hits) == ["Heat"]
    assert titles((await ask(house, "hheat")).hits) == ["Heat"]
    assert titles((await ask(house, "heatr")).hits) == ["Heart", "Heat"]


@pytest.mark.parametrize("many", [7, 130, 260])
async def test_page_by_page_every_match_comes_once(house: House, many: int) -> None:
    await house.rebuilt(*(a_film(n, f"Alike {n % 9}", popularity=n % 7) for n in range(1, many)))
    seen, cursor = [], None
    while True:
        page = await ask(house, "alike", 19, cursor)
        assert page.total == many - 1
        seen += [hit.entry.id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == many - 1


async def test_nobody_is_led_deeper_than_is_of_use(house: House) -> None:
    await house.rebuilt(*(a_film(n, "Alike") for n in range(1, DEEPEST + 150)))
    count, cursor = 0, None
    while True:
        page = await ask(house, "alike", 100, cursor)
        count += len(page.hits)
        cursor = page.next
        if cursor is None:
            break
    assert count == DEEPEST
    assert page.total == DEEPEST + 149


async def test_a_cursor_belongs_to_its_question(house: House) -> None:
    await house.rebuilt(*(a_film(n, "Alike") for n in range(1, 5)))
    token = (await ask(house, "alike", 2)).next
    assert token is not None
    assert len((await ask(house, " ALIKE!", 2, token)).hits) == 2
    for question, cursor in (("alik", token), ("alike", token[:-2]), ("alike", "!")):
        with pytest.raises(Invalid) as refused:
            await ask(house, question, 2, cursor)
        assert refused.value.field == "cursor"


async def test_a_question_without_letters_finds_nothing(house: House) -> None:
    await house.rebuilt(a_film(1, "?!"), a_film(2, "Film"))
    for q in ("", " ", "?!", "\u200b", "🎬"):
        assert (await ask(house, q)).total == 0
        assert await house.search.suggest(q, limit=5) == []


async def test_suggestions_are_names_that_begin_so(house: House) -> None:
    await house.rebuilt(
        a_film(1, "The Matrix", popularity=60.0),
        a_film(2, "Matrimony", popularity=5.0),
        a_film(3, "Else", keywords=("matrix",), popularity=60.0),
        a_person(1, "Anna Matrosova", 4.0),
    )
    found = await house.search.suggest("matr", limit=5)
    assert titles(found) == ["The Matrix", "Matrimony", "Anna Matrosova"]
    assert titles(await house.search.suggest("matr", limit=1)) == ["The Matrix"]
    assert titles(await house.search.suggest("matirm", limit=5)) == ["Matrimony"]


async def test_where_no_name_begins_so_what_a_search_finds_is_suggested(house: House) -> None:
    await house.rebuilt(a_person(1, "Quentin Tarantino", 60.0), a_film(2, "Else"))
    assert titles(await house.search.suggest("tarrantino", limit=5)) == ["Quentin Tarantino"]


@pytest.mark.parametrize(
    ("asked", "title"), [("twelve monkeys", "12 Monkeys"), ("7 samurai", "Seven Samurai")]
)
async def test_a_number_is_found_however_it_is_spelled(
    house: House, asked: str, title: str
) -> None:
    await house.rebuilt(a_film(1, title, popularity=40.0), a_film(2, "Samurai Cop"))
    assert titles((await ask(house, asked)).hits)[0] == title
    assert titles(await house.search.suggest(asked[:-3], limit=5))[0] == title


async def test_a_doctor_is_one_however_he_is_written(house: House) -> None:
    await house.rebuilt(
        a_film(1, "Doctor Strange", popularity=50.0),
        a_film(2, "Dr. Strangelove", popularity=50.0),
    )
    for asked in ("doctor strange", "dr strange"):
        assert titles((await ask(house, asked)).hits)[0] == "Doctor Strange"


async def test_a_filter_does_not_make_a_number_another(house: House) -> None:
    await house.rebuilt(a_film(1, "Seven Days"), a_film(2, "7 Days", genres=("Drama",)))
    only = Filters({"genre": ("Drama",)})
    found = await house.search.search("seven days", only, cursor=None, limit=5)
    assert not found.hits


async def test_facets_count_all_that_matches_most_frequent_first(house: House) -> None:
    await house.rebuilt(
        *(a_film(n, "Alike", 1990 + n % 3 * 10, genres=("War",)) for n in range(1, 200)),
        a_film(900, "Alike", 2000, genres=("War", "Drama")),
    )
    hits = await house.search.search("alike", ANY, cursor=None, limit=1)
    found = {name: [(one.value, one.count) for one in row] for name, row in hits.facets.items()}
    assert found["genre"] == [("War", 200), ("Drama", 1)]
    assert found["decade"] == [("2000s", 68), ("1990s", 66), ("2010s", 66)]
    assert found["kind"] == [("movie", 200)]
