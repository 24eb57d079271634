"""The lists of the catalog: kept in another edition, and asked while others change what they show."""

import asyncio
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from tests.contexts.catalog.house import ADMIN, House, a_corner, a_house, facts
from tests.real import on

from marquee.contexts.catalog.contract import PersonDocument
from marquee.contexts.catalog.ports import Question
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.stores import lists, open_lists, open_store
from marquee.kit.clock import SystemClock


async def test_a_snapshot_that_sorts_as_an_older_edition_did_is_not_taken(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("older")
    with monkeypatch.context() as older:
        older.setattr(lists, "SPEC", dataclasses.replace(lists.SPEC, edition=1))
        older.setattr(lists, "sort_title", str.casefold)
        async with a_house(folder) as house:
            await house.merge(*map(facts, ("Zulu", "Æon Flux", "Solaris")))
            page = await house.catalog.list_movies(Question(), sort="title")
            assert [one.title for one in page.items] == ["Solaris", "Zulu", "Æon Flux"]
    async with a_house(folder) as house:
        page = await house.catalog.list_movies(Question(), sort="title", limit=1)
        rest = await house.catalog.list_movies(Question(), sort="title", token=page.next)
    assert [one.title for one in (*page.items, *rest.items)] == ["Æon Flux", "Solaris", "Zulu"]


async def test_whoever_hears_of_a_change_is_told_of_people_as_they_are_after_it(
    house: House,
) -> None:
    titles = "ABCD"
    await house.merge(
        *(
            facts(title, 1990 + at, cast=["X"], imdb=(5.0, 1000 - at))
            for at, title in enumerate(titles)
        )
    )
    asked: list[asyncio.Task[Mapping[str, PersonDocument]]] = []

    def ask() -> None:
        asked.append(asyncio.create_task(house.catalog.people(ids=["1"])))

    cast("Any", house.room.outbox).watch(ask)
    for gone in range(1, 4):
        await house.catalog.delete_movie(ADMIN, str(gone), None)
        told = (await asked[-1])["1"]
        assert (told.movie_count, told.known_for) == (4 - gone, tuple(titles[gone:][:3]))


@pytest.mark.parametrize("engine", on("mongodb", "postgresql", "mariadb"))
async def test_also_of_one_that_another_process_made(engine: str, tmp_path: Path) -> None:
    async with a_corner(engine, tmp_path) as url:
        here, there = [
            CatalogService(
                store := await open_store(url),
                await open_lists(tmp_path / name, store),
                SystemClock(),
                await store.last_place(),
            )
            for name in ("here", "there")
        ]
        movies = [facts("A", 1990, cast=["X"]), facts("B", 1991, cast=["X"])]
        await here.merge(source="starter", movies=movies)
        assert (await there.people(ids=["1"]))["1"].movie_count == 2
        await here.delete_movie(ADMIN, "1", None)
        assert (await there.people(ids=["1"]))["1"].known_for == ("B",)
        await there.delete_movie(ADMIN, "2", None)
        assert (await here.people(ids=["1"]))["1"].movie_count == 0
        for one in (here, there):
            await one.close()
