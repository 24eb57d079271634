"""Whether people find what they look for in the starter catalog, as they type."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from benchmarks.asking import begun, careless, drawn, slipped
from benchmarks.films import Films, rows
from tests.contexts.search.fakes import MemoryCatalog

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import SearchService
from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

SIZE = 1000 if os.environ.get("MARQUEE_TEST_FULL") else 250
ROWS = rows()


@pytest.fixture(scope="module")
def films() -> Films:
    return Films(len(ROWS))


@pytest.fixture(scope="module")
def search(films: Films, tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    async def pages() -> AsyncIterator[Sequence[Entry]]:
        yield list(films.entries())

    async def built() -> TantivySearchIndex:
        index = await TantivySearchIndex.open(tmp_path_factory.mktemp("starter"))
        await index.rebuild(pages())
        return index

    return SearchService(asyncio.run(built()), MemoryCatalog())


@pytest.fixture(scope="module")
def titles() -> list[tuple[str, str]]:
    """As it is typed without care, and the key of its movie."""
    places = drawn(random.Random(7), ROWS, SIZE)
    found = [(careless(ROWS[place]["title"]), f"movie:{place + 1}") for place in places]
    return [(title, key) for title, key in found if title]


def keys(hits: Sequence[Any]) -> list[str]:
    return [hit.entry.key for hit in hits]


async def searched(search: SearchService, q: str, most: int) -> list[str]:
    return keys((await search.search(q, Filters(), cursor=None, limit=10)).hits[:most])


async def share(search: SearchService, asked: Sequence[tuple[str, str]], most: int) -> float:
    found = [key in await searched(search, q, most) for q, key in asked]
    return sum(found) / len(found)


async def test_a_title_typed_without_care_finds_its_movie_first(
    search: SearchService, titles: list[tuple[str, str]]
) -> None:
    assert await share(search, titles, 1) >= 0.97


async def test_a_title_with_a_slip_finds_its_movie_among_the_first_three(
    search: SearchService, titles: list[tuple[str, str]]
) -> None:
    rng = random.Random(8)
    assert await share(search, [(slipped(rng, title), key) for title, key in titles], 3) >= 0.93


async def test_the_beginning_of_a_title_is_enough_for_the_first_five_suggestions(
    search: SearchService, titles: list[tuple[str, str]]
) -> None:
    found = [key in keys(await search.suggest(begun(title), limit=5)) for title, key in titles]
    assert sum(found) / len(found) >= 0.90


async def test_a_name_with_a_slip_finds_the_person_among_the_first_three(
    search: SearchService, films: Films
) -> None:
    rng = random.Random(9)
    casts = [ROWS[place].get("cast") or [] for place in drawn(rng, ROWS, SIZE)]
    names = list(dict.fromkeys(rng.choice(cast) for cast in casts if cast))
    asked = [(slipped(rng, careless(name)), f"person:{films.number(name)}") for name in names]
    assert await share(search, asked, 3) >= 0.95
