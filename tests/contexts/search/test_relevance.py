"""Whether people find what they look for in the starter catalog, as they type."""

import os
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
import pytest_asyncio
from benchmarks.asking import begun, careless, drawn, slipped
from benchmarks.films import Films, rows
from tests.contexts.search.fakes import MemoryCatalog
from tests.contexts.search.homes import a_home
from tests.real import on

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import SearchService

pytestmark = pytest.mark.asyncio(loop_scope="module")
FULL = bool(os.environ.get("MARQUEE_TEST_FULL"))
ROWS = rows()
FEW = 2_500
"""Movies of the starter that are written to an engine that takes its time."""


@dataclass(frozen=True)
class Corner:
    """What can be found, and the places of some movies among it, drawn by votes."""

    search: SearchService
    films: Films
    places: Sequence[int]

    @property
    def titles(self) -> list[tuple[str, str]]:
        """As it is typed without care, and the key of its movie."""
        found = [(careless(ROWS[place]["title"]), f"movie:{place + 1}") for place in self.places]
        return [(title, key) for title, key in found if title]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=on("tantivy", "opensearch"))
async def corner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Corner]:
    films, is_all = Films(len(ROWS)), FULL or request.param == "tantivy"
    drawn_ = drawn(random.Random(7), ROWS, 1000 if FULL else 250 if is_all else 100)
    shown = {f"movie:{n + 1}" for n in (*drawn_, *range(0, len(ROWS), len(ROWS) // FEW))}
    people = {f"person:{films.number(name)}" for n in drawn_ for name in cast_of(ROWS[n])}

    async def pages() -> AsyncIterator[Sequence[Entry]]:
        every = films.entries()
        while some := list(islice(every, 5_000)):
            yield [one for one in some if is_all or one.key in shown or one.key in people]

    async with a_home(request.param, tmp_path_factory.mktemp("starter")) as home:
        index = await home.index()
        await index.rebuild(pages())
        yield Corner(SearchService(index, MemoryCatalog()), films, drawn_)


def cast_of(row: dict[str, Any]) -> list[str]:
    return row.get("cast") or []


def keys(hits: Sequence[Any]) -> list[str]:
    return [hit.entry.key for hit in hits]


async def searched(search: SearchService, q: str, most: int) -> list[str]:
    return keys((await search.search(q, Filters(), cursor=None, limit=10)).hits[:most])


async def share(search: SearchService, asked: Sequence[tuple[str, str]], most: int) -> float:
    found = [key in await searched(search, q, most) for q, key in asked]
    return sum(found) / len(found)


async def test_a_title_typed_without_care_finds_its_movie_first(
    corner: Corner,
) -> None:
    assert await share(corner.search, corner.titles, 1) >= 0.97


async def test_a_title_with_a_slip_finds_its_movie_among_the_first_three(
    corner: Corner,
) -> None:
    rng = random.Random(8)
    assert (
        await share(corner.search, [(slipped(rng, title), key) for title, key in corner.titles], 3)
        >= 0.93
    )


async def test_the_beginning_of_a_title_is_enough_for_the_first_five_suggestions(
    corner: Corner,
) -> None:
    found = [
        key in keys(await corner.search.suggest(begun(title), limit=5))
        for title, key in corner.titles
    ]
    assert sum(found) / len(found) >= 0.90


async def test_a_name_with_a_slip_finds_the_person_among_the_first_three(
    corner: Corner,
) -> None:
    rng = random.Random(9)
    casts = [cast_of(ROWS[place]) for place in corner.places]
    names = list(dict.fromkeys(rng.choice(cast) for cast in casts if cast))
    asked = [
        (slipped(rng, careless(name)), f"person:{corner.films.number(name)}") for name in names
    ]
    assert await share(corner.search, asked, 3) >= 0.95
