"""Whatever a movie says, every engine the catalog can live on says it again, to the last bit."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.contexts.catalog.house import START, open_on
from tests.real import on

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model.merging import Change, Named, Sought
from marquee.contexts.catalog.model.movie import (
    Carrier,
    CastMember,
    CrewMember,
    Ids,
    Movie,
    Record,
    rated,
    settled,
)
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.ports import CatalogStore, Saving

ODD_TEXTS = [
    "🎬 👩‍👩‍👧‍👦 Ωmega",
    "$title",
    "a.b.$c",
    "'; DROP TABLE movies; --",
    '{}[]"\\/',
    "one\ntwo\u2028three",
    "(1972)",
    "%_*?.+^",
    "\U0010ffff\ue000",
    "\U0001d516\U0001d52c",
    "e\u0301",
]
ODD_NUMBERS = [2**53 + 1, 2**62, 1, 2**31, 2**31 - 1]


@pytest.fixture(params=on("sqlite", "postgresql", "mariadb", "mongodb"))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CatalogStore]:
    async with open_on(request.param, tmp_path) as opened:
        yield opened


def a_full_movie(id_: int = 1, **more: Any) -> Movie:
    return Movie(
        id=str(id_),
        updated_at=START,
        **{
            "title": "Solaris",
            "original_title": "Солярис",
            "alternative_titles": ("Solyaris", ""),
            "year": 1972,
            "released_on": "1972-05-13",
            "genres": ("Drama", "Science Fiction"),
            "plot": "A planet\nthinks.",
            "budget": 2**53 + 1,
            "cast": (CastMember("1", "Natalya Bondarchuk", "Hari"), CastMember("2", "", None)),
            "crew": (CrewMember("3", "Andrei Tarkovsky", "Director", "Directing"),),
            "platforms": (Carrier("1", "Mubi", None), Carrier("2", "Max", "https://max.example")),
            "ids": Ids("tt0069293", 593),
            "external_ratings": (
                ExternalRating("imdb", 8.1, 10.0, 99_999, "2026-02-01"),
                ExternalRating("rotten", 0.1 + 0.2, 1e-9, None, None),
            ),
            **more,
        },
    )


def a_full_record(movie: Movie, **more: Any) -> Record:
    return Record(settled(movie), **{"origins": {"*": "starter|x"}, "edited": 1, **more})


async def kept(store: CatalogStore, *records: Record) -> None:
    await store.save(Saving(changes=[Change(None, record) for record in records]))


async def test_the_json_is_the_very_same(store: CatalogStore) -> None:
    full = rated(settled(a_full_movie(1)), (0, 1, 0, 2, 0, 3, 0, 4, 0, 5))
    bare = Movie(id="2", title="?", updated_at=START)
    await kept(store, Record(full, {}, 1), Record(bare, {}, 1))
    expected = {int(movie.id): msgspec.json.encode(movie) for movie in (full, bare)}
    assert await store.documents([1, 2]) == expected
    assert await store.document(1) == (2, expected[1])
    assert sorted(await store.mentioning("", "")) == sorted(expected.values())


@pytest.mark.parametrize("micros", [0, 1, 999, 1000, 123_456, 999_999])
async def test_a_moment_is_kept_to_the_microsecond(store: CatalogStore, micros: int) -> None:
    moment: datetime = START + timedelta(microseconds=micros)
    record = a_full_record(replace(a_full_movie(), updated_at=moment))
    await kept(store, record)
    assert await store.records([1]) == {1: record}
    found = await store.document(1)
    assert found is not None
    assert found[1] == msgspec.json.encode(record.movie)


async def test_odd_texts_and_numbers_come_back_as_they_were(store: CatalogStore) -> None:
    texts = {
        at: a_full_record(
            a_full_movie(at, title=text, original_title=text, plot=text, tagline=text or None),
            origins={text: text, "a.b": "$c", "$d": "", "": "x"},
            told=(text,),
            former=((text, None), (text, 1972)),
            also=((text, 0),),
        )
        for at, text in enumerate(ODD_TEXTS, 1)
    }
    numbers = {
        at: a_full_record(a_full_movie(at, budget=number, revenue=number, runtime_minutes=None))
        for at, number in enumerate(ODD_NUMBERS, 100)
    }
    records = texts | numbers
    await kept(store, *records.values())
    assert await store.records(list(records)) == records
    expected = {id_: msgspec.json.encode(record.movie) for id_, record in records.items()}
    assert await store.documents(list(records)) == expected
    for id_, record in texts.items():
        key = (record.former[0][0], None)
        marks = await store.marks(Sought(frozenset(), frozenset(), frozenset([key])))
        assert [mark.id for mark in marks] == [id_]
        assert set(record.former) <= set(marks[0].keys)


async def test_what_marks_say_of_unknown_years_is_kept_apart(store: CatalogStore) -> None:
    titles = [("solaris", 1972), ("solaris", None), ("solaris (1972)", None), ("solaris ()", 1972)]
    records = [
        a_full_record(a_full_movie(id_), former=(key,), also=(key,))
        for id_, key in enumerate(titles, 1)
    ]
    await kept(store, *records)
    for id_, key in enumerate(titles[1:], 2):
        found = await store.marks(Sought(frozenset(), frozenset(), frozenset([key])))
        assert [mark.id for mark in found] == [id_]
        assert key in found[0].keys
        assert key in found[0].aliases


async def test_odd_names_are_found_by_whole_and_by_beginning(store: CatalogStore) -> None:
    names = ["$where", "a.b", "émile zola", "ωmega 🎬", "()[]{}.*", "x\ue000y"]
    people = [
        Person(id=id_, name=name.upper(), names=(name, f"{name} also"), departments=("Acting",))
        for id_, name in enumerate(names, 1)
    ]
    await store.save(Saving(people=people))
    for person in people:
        named = Named(frozenset([person.names[1]]), frozenset(), frozenset())
        assert await store.people_named(named) == [person]
        assert await store.people_called(person.names[0][:3]) == [person.id]
    assert await store.people_called("zol") == [3]
    assert await store.people_called("émile z") == [3]
    assert await store.people_called("ola") == []


async def test_a_search_reads_nothing_but_text_in_what_it_is_given(store: CatalogStore) -> None:
    movies = [a_full_movie(1, title="Price: $title", plot="a.c"), a_full_movie(2, plot="abc")]
    await kept(store, *map(a_full_record, movies))

    async def ids(text: str) -> list[str]:
        found = await store.mentioning("no such title", text)
        return [msgspec.json.decode(one)["id"] for one in found]

    assert await ids("a.c") == ["1"]
    assert await ids("ABC") == ["2"]
    assert await ids("$plot") == []
    assert await ids("[") == []
    assert await ids("1972-05") == ["1", "2"]
