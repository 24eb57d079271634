"""Wherever the index lives, it answers the same, to the letter and the point."""

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from benchmarks.asking import begun, careless, slipped
from benchmarks.films import Films
from tests.contexts.search.fakes import MemoryCatalog
from tests.contexts.search.homes import Home, a_home

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import SearchService

FILTERS = (
    Filters(),
    Filters({"genre": ("Drama", "Comedy")}),
    Filters({"kind": ("movie",), "decade": ("1990s", "2000s"), "platform": ("Mubi", "Max")}),
)


def questions(entries: Sequence[Entry]) -> list[str]:
    rng = random.Random(5)
    found: list[str] = []
    for one in rng.sample(entries, 12):
        name = careless(one.names[0]) or "x"
        about = careless(rng.choice(one.about or ("war",))) or "x"
        found += [name, slipped(rng, name), begun(name), name[: rng.randint(1, 3)]]
        found += [
            slipped(rng, about),
            f"{about} {name.split()[-1]}",
            f"{slipped(rng, name)} {about}",
        ]
    return found


async def answers(home: Home, entries: Sequence[Entry]) -> list[Any]:
    async def pages() -> AsyncIterator[Sequence[Entry]]:
        yield entries

    index = await home.index()
    await index.rebuild(pages())
    search = SearchService(index, MemoryCatalog())
    found: list[Any] = []
    for n, q in enumerate(questions(entries)):
        cursor, filters = None, FILTERS[n % len(FILTERS)]
        for _ in range(3):
            page = await search.search(q, filters, cursor=cursor, limit=15)
            found.append((q, page))
            cursor = page.next
            if cursor is None:
                break
        found.append((q, await search.suggest(q, limit=8)))
    return found


@pytest.mark.engine
async def test_opensearch_answers_as_tantivy_does(tmp_path: Path) -> None:
    entries = list(Films(400).entries())
    async with a_home("tantivy", tmp_path / "near") as near, a_home("opensearch", tmp_path) as far:
        assert await answers(far, entries) == await answers(near, entries)
