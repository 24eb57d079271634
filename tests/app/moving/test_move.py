"""A whole instance moved from one folder to another, and what people find there."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.app.moving.club import Club, a_club, a_film, moved

from marquee.app.contexts import CONTEXTS
from marquee.app.moving import places
from marquee.app.settings import Settings
from marquee.kit.moving import Portable


@pytest.fixture
def target(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "new", starter=False)


async def test_everybody_is_answered_the_same_afterwards(
    source: Settings, target: Settings, before: dict[str, Any]
) -> None:
    await moved(source, target)
    async with a_club(target) as club:
        assert await club.answers() == before["answers"]
        await the_past_is_known(club)


async def the_past_is_known(club: Club) -> None:
    """What no public answer shows: what is gone, hidden, suspended, edited."""
    boss = await club.sign_in("boss")
    reviews = await club.ask("GET", "/api/v1/reviews?active=false", headers=boss)
    assert [one["text"] for one in reviews["items"]] == ["hush"]
    await club.sign_in("bo", 403)
    report = await club.merge(
        a_film("Stalker", 1979, imdb_id="tt0079944"),
        a_film("Solaris", 1972, imdb_id="tt0069293", tagline="not the edited one"),
    )
    assert (report.created, report.updated) == (0, 0)


async def test_members_sign_in_with_their_passwords_and_old_sessions_are_refused(
    source: Settings, target: Settings, before: dict[str, Any]
) -> None:
    await moved(source, target)
    async with a_club(target) as club:
        await club.ask("GET", "/api/v1/me", 401, headers=before["ada"])
        ada = await club.sign_in("ada")
        assert (await club.ask("GET", "/api/v1/me", headers=ada))["username"] == "ada"


async def test_old_sessions_are_refused_where_the_signing_keys_are_the_same(
    source: Settings, target: Settings, before: dict[str, Any]
) -> None:
    keys = source.data / "auth" / "keys.json"
    await moved(source, replace(target, auth_key_file=keys))
    async with a_club(replace(target, auth_key_file=keys)) as club:
        await club.ask("GET", "/api/v1/me", 401, headers=before["ada"])


async def test_what_is_made_afterwards_takes_nobody_elses_id(
    source: Settings, target: Settings, before: dict[str, Any]
) -> None:
    await moved(source, target)
    async with a_club(target) as club:
        known = {path.rpartition("/")[2] for path in before["answers"]}
        await club.merge(a_film("Nostalgia", 1983))
        movies = (await club.ask("GET", "/api/v1/movies?limit=100"))["items"]
        fresh = next(one["id"] for one in movies if one["title"] == "Nostalgia")
        assert fresh == "5"
        assert fresh not in known
        boss = await club.sign_in("boss")
        new = {"name": "Another"}
        made = await club.ask("POST", "/api/v1/platforms", 201, json=new, headers=boss)
        assert made["id"] == "2"


async def test_life_goes_on_and_every_listener_hears_of_it(
    source: Settings, target: Settings
) -> None:
    await moved(source, target)
    async with a_club(target) as club:
        ada = await club.sign_in("ada")
        movies = (await club.ask("GET", "/api/v1/movies?limit=100"))["items"]
        mirror = next(one["id"] for one in movies if one["title"] == "Mirror")
        await club.review(ada, mirror, 10, text="again and again")
        await club.merge(a_film("Nostalgia", 1983))
        await club.building.relay.settle()
        assert (await club.ask("GET", f"/api/v1/movies/{mirror}"))["rating"]["count"] == 2
        found = await club.ask("GET", "/api/v1/search?q=nostalgia")
        assert [one["title"] for one in found["items"]] == ["Nostalgia"]


async def test_there_and_back_is_an_equal_instance(
    source: Settings, target: Settings, before: dict[str, Any], tmp_path: Path
) -> None:
    there = await moved(source, target)
    home = Settings(data=tmp_path / "home", starter=False)
    back = await moved(target, home)
    assert back.tallies == there.tallies
    assert {kind for (_, kind), one in there.tallies.items() if one.count} == {
        "accounts", "places", "movies", "marks", "people", "platforms", "counters", "authors",
        "reviews",
    }  # fmt: skip
    async with a_club(home) as club:
        assert await club.answers() == before["answers"]


async def test_a_move_that_is_made_again_finds_all_of_it_there(
    source: Settings, target: Settings
) -> None:
    first = await moved(source, target)
    assert await moved(source, target) == first


async def test_a_catalog_that_has_had_the_starter_is_not_given_it_again(
    source: Settings, target: Settings
) -> None:
    (source.data / "starter.loaded").write_text("a digest")
    await moved(source, target)
    assert (target.data / "starter.loaded").read_text() == "a digest"


async def test_services_of_one_machine_have_their_folders(source: Settings, tmp_path: Path) -> None:
    at = {f"{name}_at": f"grpc://127.0.0.1:{9000 + n}" for n, name in enumerate(CONTEXTS)}
    services = Settings(data=tmp_path / "many", starter=False, of_contexts=at)
    there = await moved(source, services)
    assert {path.name for path in services.data.glob("*/*.db")} >= {"accounts.db", "catalog.db"}
    assert (services.data / "accounts" / "accounts.db").is_file()
    assert (services.data / "keys.json").is_file()
    back = await moved(services, Settings(data=tmp_path / "home", starter=False))
    assert back.tallies == there.tallies


async def test_every_context_is_copied_or_known_to_be_not(source: Settings) -> None:
    async with a_club(source) as club:
        for name in places.COPIED:
            portable: Portable | None = club.building.rooms[name].portable
            assert portable is not None, f"{name} must say how it is moved"
            assert portable.kinds
    assert set(places.COPIED) | set(places.NOT_COPIED) == set(CONTEXTS)
