"""A whole instance moved from files to engines of every kind, and back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.app.moving.club import a_club, moved
from tests.app.moving.test_move import the_past_is_known
from tests.contexts.search.homes import a_url, cleared
from tests.engines.own_redis import a_database as a_redis
from tests.mongo import a_database as a_mongo
from tests.real import fresh

from marquee.app.settings import Settings

pytestmark = pytest.mark.engine


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Settings]:
    """Each context on the engine that is made for it."""
    search = a_url()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(cleared, search)
        urls = {
            "accounts_url": stack.enter_context(fresh("postgresql", tmp_path)),
            "catalog_url": await stack.enter_async_context(a_mongo()),
            "reviews_url": stack.enter_context(fresh("mariadb", tmp_path)),
            "auth_url": stack.enter_context(a_redis()),
            "search_url": search,
        }
        yield Settings(data=tmp_path / "served", starter=False, of_contexts=urls)


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Settings]:
    """The same contexts on other engines."""
    async with AsyncExitStack() as stack:
        urls = {
            "accounts_url": stack.enter_context(fresh("mariadb", tmp_path)),
            "catalog_url": stack.enter_context(fresh("postgresql", tmp_path)),
            "reviews_url": stack.enter_context(fresh("postgresql", tmp_path)),
            "auth_url": stack.enter_context(fresh("mariadb", tmp_path)),
        }
        yield Settings(data=tmp_path / "other", starter=False, of_contexts=urls)


async def test_from_files_to_engines_and_back_is_an_equal_instance(
    source: Settings, served: Settings, before: dict[str, Any], tmp_path: Path
) -> None:
    there = await moved(source, served)
    back = await moved(served, Settings(data=tmp_path / "home", starter=False))
    assert back.tallies == there.tallies
    assert back.found == there.found
    async with a_club(served) as club:
        assert await club.answers() == before["answers"]
        await club.ask("GET", "/api/v1/me", 401, headers=before["ada"])
        await the_past_is_known(club)
    async with a_club(Settings(data=tmp_path / "home", starter=False)) as club:
        assert await club.answers() == before["answers"]
        await the_past_is_known(club)


async def test_from_engines_to_other_engines_is_an_equal_instance(
    source: Settings, served: Settings, other: Settings, before: dict[str, Any]
) -> None:
    there = await moved(source, served)
    assert (await moved(served, other)).tallies == there.tallies
    async with a_club(other) as club:
        assert await club.answers() == before["answers"]
        await the_past_is_known(club)
