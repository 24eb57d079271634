"""Whatever was forgotten meanwhile: who lost what they had heard is right again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import SHAPES, Near, a_movie, near

from marquee.app.housekeeping import Chore
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.reviews.contract import Reviews
from marquee.engines.sql import SqlStore

LOST = "DELETE FROM inbox WHERE source IN ('accounts', 'catalog', 'reviews')"
SPOILED = (
    "UPDATE authors SET display_name = 'Somebody else'",
    "UPDATE reviews SET rating = 1",
    """INSERT INTO reviews SELECT 'ghost', 'gone', author_id, rating, text, html, has_spoilers,
        active, created_at, updated_at, version FROM reviews LIMIT 1""",
)
TITLES = ("Solaris", "Stalker", "Mirror")


@dataclass
class LongAfter:
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=365)


async def tidy(town: Near) -> None:
    """All say what they have heard, then all drop what is old, long after."""
    buildings = {id(each): each for each in town.buildings.values()}.values()
    for building in buildings:
        await building.relay.report()
    for building in buildings:
        for name, room in building.rooms.items():
            if room.outbox is not None:
                await Chore(building, name, room, LongAfter()).run()


async def change(town: Near, context: str, *sql: str) -> None:
    """As it is after something of its store was lost."""
    store = town.buildings[context].rooms[context].inbox
    assert isinstance(store, SqlStore)

    def work(connection: Any) -> None:
        for one in sql:
            connection.exec_driver_sql(one)

    await store._db.write(work)


async def review(town: Near, who: dict[str, str], movie: str, rating: int) -> None:
    new = {"movie_id": movie, "rating": rating}
    answer = await town.ask("POST", "/api/v1/reviews", json=new, headers=who)
    assert answer.status_code == 201, answer.text


async def shown(town: Near, movie: str) -> tuple[int, ...]:
    answer = await town.ask("GET", f"/api/v1/movies/{movie}")
    return tuple(answer.json()["rating"]["histogram"])


@pytest.mark.parametrize("shape", list(SHAPES))
async def test_who_lost_what_they_had_heard_is_right_again(shape: str, tmp_path: Path) -> None:
    async with near(shape, tmp_path, None) as town:
        await town.open_with(*[a_movie(title, 1970 + n) for n, title in enumerate(TITLES)])
        ada, bo = await town.join("ada"), await town.join("bo")
        movies = list(await town.contract(Catalog).movie_ids(after="0", limit=9))
        for n, movie in enumerate(movies):
            await review(town, ada, movie, 3 + n)
        await review(town, bo, movies[0], 9)
        boss = await town.join_as_admin("boss")
        await town.settle()
        path = f"/api/v1/movies/{movies[2]}"
        seen = {"if-match": (await town.ask("GET", path)).headers["etag"]}
        gone = await town.ask("DELETE", path, headers={**boss, **seen})
        assert gone.status_code == 204, gone.text
        await town.ask(
            "DELETE", "/api/v1/me", json={"password": "a long walk by the water"}, headers=bo
        )
        await town.settle()
        await tidy(town)
        for context in ("accounts", "catalog", "reviews"):
            outbox = town.buildings[context].rooms[context].outbox
            assert outbox is not None
            assert 0 < await outbox.forgotten_up_to() < await outbox.last_place()
    async with near(shape, tmp_path, None) as town:  # as they stand, nobody has missed anything
        await town.settle()
        assert not any(sum(each.relay.missed().values()) for each in town.buildings.values())
        await change(town, "reviews", LOST, *SPOILED)
        await change(town, "catalog", LOST)
        await change(town, "auth", LOST)
    async with near(shape, tmp_path, None) as town:
        await town.settle()
        missed: dict[str, int] = {}
        for building in town.buildings.values():
            missed |= building.relay.missed()
        assert missed == {"auth": 1, "catalog": 1, "reviews": 2, "search": 0}
        ada = await town.sign_in("ada")
        mine = (await town.ask("GET", "/api/v1/me/reviews", headers=ada)).json()
        assert sorted(each["movie"]["id"] for each in mine["items"]) == movies[:2]
        assert {each["author"]["display_name"] for each in mine["items"]} != {"Somebody else"}
        assert "ghost" not in {each["id"] for each in mine["items"]}
        counted = await town.contract(Reviews).recount(movie_ids=movies)
        assert [await shown(town, one) for one in movies[:2]] == [
            counted[one].histogram for one in movies[:2]
        ]
        assert counted[movies[0]].histogram[0] == 1
