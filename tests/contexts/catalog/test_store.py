"""Every engine the catalog can live on keeps the same promises."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace
from tests.contexts.catalog.house import START, a_corner, open_on
from tests.real import fresh, on

from marquee.contexts.catalog.events import MoviesChanged
from marquee.contexts.catalog.model.merging import Change, Named, Sought
from marquee.contexts.catalog.model.movie import Ids, Movie, Record, rated, settled
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import CatalogStore, Counters, Saving
from marquee.contexts.catalog.stores import open_store
from marquee.kit.errors import Conflict, Invalid, MarqueeError, Stale
from marquee.kit.events import Heard

ENGINES = ("sqlite", "postgresql", "mariadb", "mongodb")


@pytest.fixture(params=on(*ENGINES))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CatalogStore]:
    async with open_on(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture(params=on("postgresql", "mariadb"))
def served(request: pytest.FixtureRequest) -> str:
    """An engine that several processes write to."""
    found: str = request.param
    return found


def a_record(id_: int = 1, title: str = "Solaris", year: int | None = 1972, **more: Any) -> Record:
    movie = Movie(id=str(id_), title=title, year=year, updated_at=START, **more)
    return Record(settled(movie), {"*": "starter|x"}, 1)


def a_person(id_: int = 1, name: str = "Andrei Tarkovsky", **more: Any) -> Person:
    return Person(id=id_, name=name, **{"names": (name.casefold(),), **more})


async def add(store: CatalogStore, *records: Record) -> None:
    await store.save(Saving(changes=[Change(None, record) for record in records]))


def sought(*, imdb: str = "", tmdb: int = 0, key: Any = None) -> Sought:
    return Sought(
        frozenset([imdb] if imdb else ()),
        frozenset([tmdb] if tmdb else ()),
        frozenset([key] if key else ()),
    )


async def test_it_gives_back_what_it_was_given(store: CatalogStore) -> None:
    record = a_record(plot="A planet\nthinks.", ids=Ids("tt0069293", 593))
    await add(store, record)
    assert await store.records([1, 2]) == {1: record}
    found = await store.document(1)
    assert found is not None
    assert found[0] == 1
    assert json.decode(found[1], type=Movie) == record.movie
    assert await store.documents([2, 1]) == {1: found[1]}
    card = (await store.cards([1]))[1]
    assert (card.title, card.year, card.poster_url, card.version) == (
        "Solaris",
        1972,
        record.movie.poster_url,
        1,
    )
    assert await store.document(2) is None


async def test_movies_are_listed_by_number(store: CatalogStore) -> None:
    await add(store, *(a_record(id_) for id_ in (10, 2, 9)))
    assert await store.movie_ids(0, 2) == [2, 9]
    assert await store.movie_ids(9, 5) == [10]


async def test_a_movie_is_known_by_its_ids_and_titles(store: CatalogStore) -> None:
    await store.marks(sought(imdb="tt0069293"))
    await add(
        store,
        a_record(1, original_title="Солярис", ids=Ids("tt0069293", 593)),
        a_record(2, "Stalker", None),
    )
    for asked in (
        sought(imdb="tt0069293"),
        sought(tmdb=593),
        sought(key=("solaris", 1972)),
        sought(key=("солярис", 1972)),
    ):
        assert [mark.id for mark in await store.marks(asked)] == [1]
    assert [mark.id for mark in await store.marks(sought(key=("stalker", None)))] == [2]
    assert await store.marks(sought(key=("solaris", 2002))) == []


async def test_what_it_is_known_by_follows_its_changes(store: CatalogStore) -> None:
    before = a_record()
    await add(store, before)
    movie = replace(before.movie, title="Solyaris", ids=Ids("tt1", None), version=2)
    await store.save(Saving(changes=[Change(before, Record(movie, {"*": "!"}, 2))]))
    (mark,) = await store.marks(sought(imdb="tt1"))
    assert mark.keys == (("solyaris", 1972),)
    assert await mentioning(store, "solyaris") == [1]
    assert await mentioning(store, "solaris") == []


async def test_a_deleted_movie_is_known_as_gone(store: CatalogStore) -> None:
    record = a_record(ids=Ids("tt1", None))
    await add(store, record)
    await store.save(Saving(changes=[Change(record, None)]))
    assert await store.records([1]) == {}
    assert await mentioning(store, "solaris") == []
    (mark,) = await store.marks(sought(imdb="tt1"))
    assert mark.gone
    await store.save(Saving(forgiven=[1]))
    assert await store.marks(sought(imdb="tt1")) == []


async def test_what_has_changed_meanwhile_is_not_overwritten(store: CatalogStore) -> None:
    before = a_record()
    await add(store, before)
    first = Record(rated(before.movie, (0,) * 9 + (1,)), before.origins, 1)
    second = Record(replace(before.movie, title="Lost", version=2), before.origins, 2)
    await store.save(Saving(changes=[Change(before, first)]))
    other = Change(None, a_record(2))
    for change in (Change(before, second), Change(before, None)):
        with pytest.raises(Stale):
            await store.save(Saving(changes=[other, change]))
    assert await store.records([1, 2]) == {1: first}


async def test_no_number_is_given_twice(store: CatalogStore) -> None:
    none, one = Counters(0, 0, 0), Counters(3, 2, 1)
    await store.save(Saving(counters=none, given=one))
    assert await store.counters() == one
    with pytest.raises(Stale):
        await store.save(Saving(changes=[Change(None, a_record(1))], counters=none, given=one))
    assert await store.records([1]) == {}


async def test_events_are_told_with_the_change_and_heard_once(store: CatalogStore) -> None:
    event = MoviesChanged(batch_id="b", movie_ids=("1",))
    heard = [Heard("reviews", 4, None), Heard("reviews", 7, None)]
    await store.save(Saving(changes=[Change(None, a_record())], heard=heard, events=[event]))
    assert await store.heard_up_to("reviews") == 7
    assert [sent.id for sent in await store.events_after(0, 9)] == [event.id]
    with pytest.raises(Stale):
        await store.save(Saving(changes=[Change(None, a_record(2))], heard=heard))
    assert await store.records([2]) == {}
    assert await store.last_place() == 1


async def test_people_are_found_by_name_alias_and_id(store: CatalogStore) -> None:
    await store.people_named(Named(frozenset(["x"]), frozenset(), frozenset()))
    page = a_person(
        1,
        "Elliot Page",
        names=("elliot page", "ellen page"),
        imdb_id="nm0680983",
        tmdb_id=27578,
        first_year=1997,
        last_year=2023,
        departments=("Acting", "Production"),
    )
    gone = a_person(2, "and", gone=True)
    given = Counters(0, 2, 0)
    await store.save(Saving(people=[page, gone], counters=Counters(0, 0, 0), given=given))
    for named in (
        Named(frozenset(["ellen page"]), frozenset(), frozenset()),
        Named(frozenset(), frozenset(["nm0680983"]), frozenset()),
        Named(frozenset(), frozenset(), frozenset([27578])),
    ):
        assert await store.people_named(named) == [page]
    assert await store.people_named(Named(frozenset(["and"]), frozenset(), frozenset())) == [gone]
    assert await store.people([1, 2]) == {1: page}
    assert await store.person_ids(0, 9) == [1]
    assert await store.count_people() == 1
    changed = replace(page, last_year=2024, version=2)
    await store.save(Saving(people=[changed]))
    assert await store.people([1]) == {1: changed}
    await store.save(Saving(absorbed=[1]))
    assert await store.people([1]) == {}


async def test_people_are_listed_by_name_both_ways(store: CatalogStore) -> None:
    people = [a_person(1, "Bea"), a_person(2, "Ann"), a_person(3, "Bea"), a_person(4, "Cy")]
    await store.save(Saving(people=people))

    async def ids(after: tuple[str, int] | None, limit: int, *, descending: bool) -> list[int]:
        found = await store.people_by_name(after, limit, descending=descending)
        return [person.id for person in found]

    assert await ids(None, 9, descending=False) == [2, 1, 3, 4]
    assert await ids(("bea", 1), 2, descending=False) == [3, 4]
    assert await ids(None, 9, descending=True) == [4, 1, 3, 2]
    assert await ids(("bea", 1), 1, descending=True) == [3]


async def mentioning(store: CatalogStore, text: str) -> list[int]:
    return [int(json.decode(one)["id"]) for one in await store.mentioning(text, text)]


async def test_a_plot_and_a_release_date_are_searched_too(store: CatalogStore) -> None:
    wolf, moon = a_record(1, "Wolf", 1994), a_record(2, "Moon", 2009)
    told = replace(moon.movie, plot="A Man alone on the far side.", released_on="2009-06-12")
    await add(store, wolf, replace(moon, movie=told))
    assert await mentioning(store, "man alone") == [2]
    assert await mentioning(store, "2009-06") == [2]
    assert await mentioning(store, "1994") == [1]
    assert await mentioning(store, "o") == [1, 2]


async def test_a_search_takes_wildcards_as_they_are(store: CatalogStore) -> None:
    people = [a_person(1, "a%c"), a_person(2, "x abc"), a_person(3, "x_y"), a_person(4, "xzy")]
    await store.save(Saving(people=people))
    await add(store, a_record(1, "100% Wolf"), a_record(2, "1000 Wolves"))
    assert await store.people_called("a%") == [1]
    assert await store.people_called("ab") == [2]
    assert await store.people_called("x_") == [3]
    assert await store.people_called("\\") == []
    assert await mentioning(store, "100 w") == [1]
    assert await mentioning(store, "%") == []


async def test_platforms_have_names_of_their_own(store: CatalogStore) -> None:
    one = Platform(id=1, name="Mubi", url="https://mubi.com")
    counters = Counters(0, 0, 0)
    await store.save(Saving(platforms=[one], counters=counters, given=Counters(0, 0, 1)))
    assert await store.platforms() == [one]
    with pytest.raises(Conflict) as caught:
        await store.save(Saving(platforms=[Platform(id=2, name="MUBI")]))
    assert caught.value.field == "name"
    renamed = replace(one, name="MUBI", version=2)
    await store.save(Saving(platforms=[renamed]))
    assert await store.platforms() == [renamed]
    await store.save(Saving(gone_platforms=[1]))
    assert await store.platforms() == []


async def test_many_are_read_at_once(store: CatalogStore) -> None:
    await add(store, *(a_record(id_) for id_ in range(1, 1001)))
    ids = list(range(1, 40_000))
    assert len(await store.cards(ids)) == 1000
    assert len(await store.documents(ids)) == 1000


@pytest.mark.parametrize("engine", on(*ENGINES))
async def test_it_is_all_there_when_it_is_opened_again(engine: str, tmp_path: Path) -> None:
    async with a_corner(engine, tmp_path) as url:
        store = await open_store(url)
        await add(store, a_record(ids=Ids("tt1", None)))
        await store.save(Saving(people=[a_person()]))
        await store.close()
        store = await open_store(url)
        assert [mark.id for mark in await store.marks(sought(imdb="tt1"))] == [1]
        named = Named(frozenset(["andrei tarkovsky"]), frozenset(), frozenset())
        assert [person.id for person in await store.people_named(named)] == [1]
        await store.close()


async def test_two_stores_of_one_database_see_each_other(tmp_path: Path, served: str) -> None:
    with fresh(served, tmp_path) as url:
        one, other = await open_store(url), await open_store(url)
        person = a_person()
        await one.save(Saving(people=[person], given=Counters(0, 1, 0)))
        await add(one, a_record(ids=Ids("tt1", None)))
        named = Named(frozenset(["andrei tarkovsky"]), frozenset(), frozenset())
        assert await other.people_named(named) == [person]
        assert [mark.id for mark in await other.marks(sought(imdb="tt1"))] == [1]
        known = Counters(0, 1, 0)
        grown = replace(person, names=(*person.names, "a. tarkovsky"), version=2)
        await other.save(Saving(people=[grown], counters=known))
        assert await one.people_named(named) == [grown]
        with pytest.raises(Stale):
            await one.save(Saving(people=[replace(person, name="Late", version=2)], counters=known))
        assert await one.people([1]) == {1: grown}
        await one.close()
        await other.close()


async def test_large_documents_are_saved_together(store: CatalogStore) -> None:
    await add(store, *(a_record(id_, plot="🎬" * 10_000) for id_ in range(1, 301)))
    assert len(await store.movie_ids(0, 1000)) == 300


@pytest.mark.parametrize("url", ["nosuch://host/db", "", "sqlite:catalog.db", "mongodb://host"])
async def test_an_unknown_engine_is_refused(url: str) -> None:
    with pytest.raises(MarqueeError) as caught:
        await open_store(url)
    assert isinstance(caught.value, Invalid)
