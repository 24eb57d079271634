"""The promises of the search index."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contexts.search.fakes import an_entry
from tests.contexts.search.homes import Home, a_home

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, Found, SearchIndex
from marquee.contexts.search.stores.counting import counts_of

LANG = an_entry(
    1, "Metropolis", genres=("Science Fiction", "Drama"), year=1927, platforms=("Mubi",)
)
TARKOVSKY = an_entry(2, "Solaris", genres=("Science Fiction",), year=1972, popularity=40.0)
SODERBERGH = an_entry(3, "Solaris", genres=("Drama",), year=2002, popularity=20.0)
BANIONIS = an_entry(2, "Donatas Banionis", kind="person", popularity=9.0)
SHELF = (LANG, TARKOVSKY, SODERBERGH, BANIONIS)


async def find(index: SearchIndex, q: str, most: int = 40, **wanted: str) -> Found:
    filters = Filters({name: tuple(value.split("|")) for name, value in wanted.items()})
    return await index.find(Asked.of(q), filters, most=most)


async def keys(index: SearchIndex, q: str, **wanted: str) -> set[str]:
    return {entry.key for entry in (await find(index, q, **wanted)).entries}


async def pages(*entries: Entry) -> AsyncIterator[Sequence[Entry]]:
    yield entries


async def test_a_new_index_is_not_whole_until_it_was_built(home: Home) -> None:
    index = await home.index()
    assert not await index.is_whole()
    assert await find(index, "solaris") == Found([], 0, counts_of((), {}))
    await index.rebuild(pages(*SHELF))
    assert await index.is_whole()
    again = await home.index()
    assert await again.is_whole()
    assert (await find(again, "solaris")).total == 2


async def test_an_entry_is_given_back_as_it_was_put(index: SearchIndex) -> None:
    given_ = an_entry(
        7,
        'A "quoted" \t title 🎬',
        "第二",
        about=("x",),
        year=None,
        poster_url="/p.svg",
        known_for=("Y",),
    )
    await index.put([given_], ())
    assert (await find(index, "quoted title")).entries == [given_]


async def test_what_is_put_replaces_what_had_its_key(index: SearchIndex) -> None:
    await index.put(SHELF, ())
    await index.put([an_entry(2, "Stalker"), an_entry(2, "Stalker 2"), an_entry(9, "Stalker")], ())
    assert await keys(index, "stalker") == {"movie:2", "movie:9"}
    assert await keys(index, "solaris") == {"movie:3"}
    assert await keys(index, "banionis") == {"person:2"}


async def test_what_is_gone_is_found_no_more_and_may_be_gone_twice(
    index: SearchIndex,
) -> None:
    await index.put(SHELF, ())
    await index.put((), ["movie:2", "movie:77"])
    await index.put((), ["movie:2"])
    assert await keys(index, "solaris") == {"movie:3"}


async def test_a_word_that_is_gone_is_taken_for_a_slip_as_if_it_had_never_been(
    index: SearchIndex,
) -> None:
    wave = an_entry(1, "Heart Wave")
    await index.put([wave, an_entry(2, "Heat")], ())
    assert await keys(index, "wavz heat") == set()
    await index.put([an_entry(2, "Cold")], ())
    assert await keys(index, "wavz heat") == {"movie:1"}
    kept = await find(index, "wavz heat")
    await index.rebuild(pages(wave, an_entry(2, "Cold")))
    assert await find(index, "wavz heat") == kept


async def test_it_is_on_the_disk_when_put_returns(home: Home) -> None:
    index = await home.index()
    await index.rebuild(pages())
    await index.put(SHELF, ())
    await index.put((), ["movie:1"])
    again = await home.index()
    assert await keys(again, "solaris") == {"movie:2", "movie:3"}
    assert not await keys(again, "metropolis")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("solaris", {"movie:2", "movie:3"}),
        ("sol", {"movie:2", "movie:3"}),
        ("SÓLARIS!", {"movie:2", "movie:3"}),
        ("solarsi", {"movie:2", "movie:3"}),
        ("soalr", {"movie:2", "movie:3"}),
        ("banoinis", {"person:2"}),
        ("donatas ban", {"person:2"}),
        ("donats banionis", {"person:2"}),
        ("metropolsi", {"movie:1"}),
        ("mteropoils", {"movie:1"}),
        ("donatas banionis metropolis", {"person:2"}),
        ("zzzzzz", set()),
    ],
)
async def test_each_way_of_meaning_something_finds_it(
    index: SearchIndex, question: str, found: set[str]
) -> None:
    await index.put(SHELF, ())
    assert await keys(index, question) == found


async def test_what_is_badly_said_is_found_where_it_could_mean_nothing_else(
    index: SearchIndex,
) -> None:
    await index.put([an_entry(1, "The Long Goodbye", about=("Robert Altman",))], ())
    for question in (
        "robert altman goodbye 1999",
        "altmann godobye",
        "the lnog goodbye altmn",
        "good bye altman",
        "lon goodb",
        "tlg",
    ):
        assert await keys(index, question) == {"movie:1"}, question


async def test_filters_narrow_and_a_facet_ignores_its_own(index: SearchIndex) -> None:
    await index.put(SHELF, ())
    assert await keys(index, "solaris", genre="Drama") == {"movie:3"}
    assert await keys(index, "solaris", genre="Drama|Science Fiction") == {"movie:2", "movie:3"}
    assert await keys(index, "solaris", genre="Drama", decade="1970s") == set()
    found = await find(index, "solaris", genre="Drama")
    assert found.total == 1
    assert found.facets == {
        "kind": {"movie": 1},
        "genre": {"Drama": 1, "Science Fiction": 1},
        "decade": {"2000s": 1},
        "platform": {},
    }


async def test_a_filter_does_not_change_what_the_question_is_taken_to_mean(
    index: SearchIndex,
) -> None:
    heats = [an_entry(n, "Heat", year=1990) for n in range(1, 5)]
    await index.put([*heats, an_entry(9, "Heart Of Glass", year=1950)], ())
    assert await keys(index, "heat", decade="1950s") == set()


async def test_of_many_the_best_known_are_candidates(index: SearchIndex) -> None:
    await index.put([an_entry(n, "Alike", popularity=float(n % 97)) for n in range(1, 501)], ())
    found = await find(index, "alike", most=5)
    assert found.total == 500
    assert sorted(int(entry.id) for entry in found.entries) == [96, 193, 290, 387, 484]


async def test_the_others_come_best_known_first_and_none_twice(index: SearchIndex) -> None:
    await index.put([an_entry(n, "Alike", popularity=float(n)) for n in range(1, 31)], ())
    asked, known = Asked.of("alike"), [an_entry(30, "Alike", popularity=30.0)]
    rest = await index.others(asked, Filters(), known, skip=2, limit=4)
    assert [entry.id for entry in rest] == ["27", "26", "25", "24"]
    assert await index.others(asked, Filters(), known, skip=29, limit=4) == []


async def test_beginnings_are_of_names_only(index: SearchIndex) -> None:
    await index.put([*SHELF, an_entry(8, "Another", about=("solaris",))], ())
    found = await index.beginnings(Asked.of("sol"), most=10)
    assert {entry.key for entry in found} == {"movie:2", "movie:3"}


WORDS = st.sampled_from(
    ["the", "a", "sun", "sunset", "su", "red", "reds", "d", "desert", "2", "of", "amélie", "x"]
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
ENTRIES = st.builds(
    lambda id_, names, about, genres, year, points, kind: an_entry(
        id_,
        *names,
        kind=kind,
        about=tuple(about),
        genres=tuple(genres),
        year=year,
        popularity=points,
    ),
    st.integers(1, 12),
    st.lists(NAMES, min_size=1, max_size=2),
    st.lists(NAMES, max_size=2),
    st.lists(st.sampled_from(["Drama", "War"]), max_size=2),
    st.sampled_from([None, 1969, 1970, 2001]),
    st.sampled_from([0.0, 29.99999, 30.0, 49.9, 50.0, 61.5]),
    st.sampled_from(["movie", "person"]),
)


async def looked_through(index: SearchIndex, entries: list[Entry], questions: list[str]) -> None:
    with_keys = {entry.key: entry for entry in entries}
    await index.put(list(with_keys.values()), ())
    for q in questions:
        asked = Asked.of(q)
        plain = {one.key for one in with_keys.values() if Handles.of(one).answer(asked)}
        found = await index.find(asked, Filters(), most=40)
        assert plain <= {entry.key for entry in found.entries}
        assert found.total == len(found.entries)
        assert found.facets == counts_of(found.entries, {})
        few = await index.find(asked, Filters(), most=1)
        meant = [entry for entry in few.entries if not Handles.of(entry).answer(asked)]
        whole = [entry for entry in with_keys.values() if entry.key in plain]
        assert few.total == len(plain) + len(meant)
        assert few.facets == counts_of([*whole, *meant], {})


@settings(max_examples=40, deadline=None)
@given(st.lists(ENTRIES, max_size=14), st.lists(NAMES, min_size=1, max_size=4))
async def test_it_counts_and_finds_what_a_plain_look_through_all_finds(
    folder: Path, entries: list[Entry], questions: list[str]
) -> None:
    async with a_home("tantivy", Path(mkdtemp(dir=folder))) as home:
        await looked_through(await home.index(), entries, questions)


@pytest.mark.engine
@settings(max_examples=12, deadline=None)
@given(st.lists(ENTRIES, max_size=14), st.lists(NAMES, min_size=1, max_size=4))
async def test_on_opensearch_too_it_counts_and_finds_what_a_plain_look_through_all_finds(
    folder: Path, entries: list[Entry], questions: list[str]
) -> None:
    async with a_home("opensearch", folder) as home:
        await looked_through(await home.index(), entries, questions)
