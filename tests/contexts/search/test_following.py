"""How the index follows what the catalog says, and is built anew from it."""

import asyncio
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contexts.search.fakes import MemoryCatalog, a_film, a_person
from tests.contexts.search.homes import Home, a_home
from tests.contexts.search.house import House, a_house, titles

from marquee.contexts.catalog.events import MovieDeleted, MoviesChanged, PersonDeleted
from marquee.contexts.search.ports import Filters, SearchIndex
from marquee.contexts.search.service import Hits, SearchService
from marquee.kit.errors import Unavailable

ANY = Filters()


async def ask(house: House, q: str) -> Hits:
    return await house.search.search(q, ANY, cursor=None, limit=20)


async def test_the_index_follows_the_catalog(house: House) -> None:
    house.catalog.put(a_film(1, "Solaris"), a_film(2, "Stalker"), a_person(1))
    await house.search.follow(["1", "2"], ["1"])
    assert titles((await ask(house, "tarkovsky")).hits) == ["Andrei Tarkovsky"]
    house.catalog.put(a_film(1, "Mirror"))
    del house.catalog.films["2"]
    await house.search.follow(["1", "2", "1", "77"], ["77"])
    assert titles((await ask(house, "mirror")).hits) == ["Mirror"]
    assert (await ask(house, "stalker")).total == 0
    assert (await ask(house, "solaris")).total == 0


async def test_following_nothing_changes_nothing(house: House) -> None:
    before = house.search.generation
    await house.search.follow([], ["77"])
    assert (await ask(house, "a")).total == 0
    await house.search.follow([], [])
    assert house.catalog.asked > 0
    assert house.search.generation >= before


async def test_the_generation_grows_with_what_can_be_found(house: House) -> None:
    house.catalog.put(a_film())
    first = house.search.generation
    await house.search.follow(["1"], [])
    second = house.search.generation
    await house.search.rebuild()
    assert first < second < house.search.generation


async def test_the_listener_writes_the_effect_before_it_keeps_the_place(house: House) -> None:
    house.catalog.put(a_film(1, "Solaris"), a_person(4))
    changed = MoviesChanged(batch_id="b", movie_ids=("1",), person_ids=("4",))
    house.catalog.is_away = True
    with pytest.raises(Unavailable):
        await house.hear(changed)
    assert house.room.inbox is not None
    assert await house.room.inbox.heard_up_to("catalog") == 0
    house.catalog.is_away, house.places = False, 0
    await house.hear(changed)
    assert await house.room.inbox.heard_up_to("catalog") == 1
    assert (await ask(house, "solaris")).total == 1
    assert (await ask(house, "tarkovsky")).total == 1


async def test_what_is_heard_twice_has_its_effect_once(house: House) -> None:
    house.catalog.put(a_film(1), a_film(2, "Solaris"), a_person(1))
    del house.catalog.films["2"]
    events = [
        MoviesChanged(batch_id="b", movie_ids=("1", "2"), person_ids=("1",)),
        MovieDeleted(movie_id="2"),
        PersonDeleted(person_id="9"),
    ]
    await house.hear(*events)
    house.places = 0
    await house.hear(*events, *events)
    assert (await ask(house, "solaris")).total == 1


async def test_searching_goes_on_while_the_index_is_built_anew(house: House) -> None:
    await house.rebuilt(*(a_film(n, "Alike") for n in range(1, 4000)))
    building = asyncio.create_task(house.search.rebuild())
    totals = set()
    while not building.done():
        totals.add((await ask(house, "alike")).total)
    assert (await building).movies == 3999
    assert totals == {3999}


async def test_a_rebuild_that_fails_leaves_what_was_there(home: Home, house: House) -> None:
    await house.rebuilt(a_film())
    house.catalog.is_away = True
    with pytest.raises(Unavailable):
        await house.search.rebuild()
    assert (await ask(house, "solaris")).total == 1
    house.catalog.is_away = False
    report = await house.search.rebuild()
    assert (report.movies, report.people) == (1, 0)
    assert len(await home.names()) == 1


async def test_what_changes_during_a_rebuild_is_heard_after_it(house: House) -> None:
    await house.rebuilt(*(a_film(n, "Alike") for n in range(1, 3000)))
    building = asyncio.create_task(house.search.rebuild())
    await asyncio.sleep(0)
    house.catalog.put(a_film(1, "Changed"))
    await house.search.follow(["1"], [])
    assert building.done()
    assert titles((await ask(house, "changed")).hits) == ["Changed"]


async def test_a_missing_index_is_built_from_the_catalog_at_the_start(home: Home) -> None:
    catalog = MemoryCatalog()
    catalog.put(a_film())
    async with a_house(home.folder, catalog, url=home.url) as house:
        assert (await ask(house, "solaris")).total == 1


async def test_where_the_catalog_is_away_at_the_start_the_index_waits_for_it(
    home: Home,
) -> None:
    catalog = MemoryCatalog(is_away=True)
    catalog.put(a_film())
    async with a_house(home.folder, catalog, url=home.url) as house:
        assert (await ask(house, "solaris")).total == 0
        catalog.is_away = False
        (mend,) = house.room.jobs
        await mend.run()
        assert (await ask(house, "solaris")).total == 1
        calls = catalog.asked
        await mend.run()
        assert catalog.asked == calls


NAMES = ["The Red Sun", "Red Desert", "Desert", "Sun", "Sunset 2", "Désert Rouge", "A"]
PEOPLE = ["Anna Red", "Bo Sun", "Anna Sunder"]
Step = tuple[str, int, str, float]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("film"),
            st.integers(1, 9),
            st.sampled_from(NAMES),
            st.sampled_from([0.0, 12.5, 40.0, 55.0]),
        ),
        st.tuples(
            st.just("person"),
            st.integers(1, 4),
            st.sampled_from(PEOPLE),
            st.sampled_from([0.0, 90.0]),
        ),
        st.tuples(st.just("no film"), st.integers(1, 9), st.just(""), st.just(0.0)),
        st.tuples(st.just("no person"), st.integers(1, 4), st.just(""), st.just(0.0)),
    ),
    max_size=25,
)
QUESTIONS = ("red", "sun", "desret", "the red", "anna", "s", "rouge drama", "sunste", "1970s")


@settings(max_examples=20, deadline=None)
@given(STEPS, st.integers(1, 5))
async def test_built_anew_it_answers_as_the_one_that_followed(
    folder: Path, steps: list[Step], together: int
) -> None:
    async with a_home("tantivy", Path(mkdtemp(dir=folder))) as home:
        await followed_and_built_anew(await home.index(), steps, together)


@pytest.mark.engine
@settings(max_examples=4, deadline=None)
@given(STEPS, st.integers(3, 5))
async def test_on_opensearch_too_it_answers_as_the_one_that_followed(
    folder: Path, steps: list[Step], together: int
) -> None:
    async with a_home("opensearch", folder) as home:
        await followed_and_built_anew(await home.index(), steps, together)


async def followed_and_built_anew(index: SearchIndex, steps: list[Step], together: int) -> None:
    catalog = MemoryCatalog()
    search = SearchService(index, catalog)
    films: list[str] = []
    people: list[str] = []
    for n, (what, id_, name, points) in enumerate(steps):
        if what == "film":
            genres = ("Drama",) if n % 2 else ("War", "Drama")
            catalog.put(
                a_film(
                    id_, name, 1960 + 10 * (n % 3), popularity=points, genres=genres, people=PEOPLE
                )
            )
        elif what == "person":
            catalog.put(a_person(id_, name, points))
        elif what == "no film":
            catalog.films.pop(str(id_), None)
        else:
            catalog.persons.pop(str(id_), None)
        (films if "film" in what else people).append(str(id_))
        if n % together == 0:
            await search.follow(films, people)
            films, people = [], []
    await search.follow(films, people)
    followed = await answers(search)
    await search.rebuild()
    assert await answers(search) == followed


async def answers(search: SearchService) -> list[Any]:
    found: list[Any] = []
    for q in QUESTIONS:
        for filters in (ANY, Filters({"genre": ("War",)})):
            cursor = None
            while True:
                page = await search.search(q, filters, cursor=cursor, limit=3)
                found.append(page)
                cursor = page.next
                if cursor is None:
                    break
        found.append(await search.suggest(q, limit=5))
    return found
