"""The lists of the catalog, in another edition than the one that was kept."""

import dataclasses

import pytest
from tests.contexts.catalog.house import a_house, facts

from marquee.contexts.catalog.ports import Question
from marquee.contexts.catalog.stores import lists


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
