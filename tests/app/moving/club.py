"""A film club with a past: whatever may be lost on a move is in it somewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.moving.move import Done, move
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, CreditFact, ExternalRating, MovieFacts

PASSWORD = "a long walk by the water"
ODD = "Ünïçødé  «Ω» 🎬 ' \" \\ % _ ; -- </b> שלום e\u0301"
ASKED = (
    "/api/v1/movies?sort=title&limit=100",
    "/api/v1/movies?sort=rating&limit=100",
    "/api/v1/people?limit=100",
    "/api/v1/platforms",
    "/api/v1/genres",
    "/api/v1/users/ada",
    "/api/v1/users/ada/reviews",
    "/api/v1/search?q=solyaris",
    "/api/v1/search?q=tarkovsky",
    "/api/movies/",
    "/api/reviews/",
    "/api/people/",
)
"""Besides every movie with its reviews, and every person."""


@dataclass
class Club:
    building: Building
    client: httpx2.AsyncClient

    async def ask(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        answer = await self.client.request(method, path, **given)
        assert answer.status_code == status, (path, answer.text)
        return answer.json() if answer.content else None

    async def sign_in(self, name: str, status: int = 200) -> dict[str, str]:
        login = {"login": name, "password": PASSWORD}
        answer = await self.ask("POST", "/api/v1/auth/login", status, json=login)
        return {"authorization": f"Bearer {answer.get('access_token')}"}

    async def join(self, name: str) -> dict[str, str]:
        new = {"username": name, "email": f"{name}@films.example", "password": PASSWORD}
        await self.ask("POST", "/api/v1/accounts", 201, json=new)
        return await self.sign_in(name)

    async def review(self, who: dict[str, str], movie: str, stars: int, **more: Any) -> str:
        body = {"movie_id": movie, "rating": stars, **more}
        return str((await self.ask("POST", "/api/v1/reviews", 201, json=body, headers=who))["id"])

    async def of_version(self, path: str, boss: dict[str, str]) -> dict[str, str]:
        answer = await self.client.get(path)
        return {**boss, "if-match": answer.headers["etag"]}

    async def merge(self, *movies: MovieFacts) -> Any:
        return await self.building.contract(Catalog).merge(source="club", movies=movies)

    async def answers(self) -> dict[str, Any]:
        """What everybody is answered, by address."""
        found = {path: await self.ask("GET", path) for path in ASKED}
        for one in found["/api/v1/movies?sort=title&limit=100"]["items"]:
            for path in (f"/api/v1/movies/{one['id']}", f"/api/v1/movies/{one['id']}/reviews"):
                found[path] = await self.ask("GET", path)
        for one in found["/api/v1/people?limit=100"]["items"]:
            path = f"/api/v1/people/{one['id']}"
            found[path] = await self.ask("GET", path)
        return found


@asynccontextmanager
async def a_club(settings: Settings) -> AsyncIterator[Club]:
    """Of these settings, as a server has it open; whatever was told is heard in the end."""
    async with opened(settings) as building:
        transport = httpx2.ASGITransport(app=web(building))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield Club(building, client)
            await building.relay.settle()


def a_film(title: str, year: int | None, **more: Any) -> MovieFacts:
    known: dict[str, Any] = {
        "genres": ("Drama",),
        "cast": (CreditFact("Natalya Bondarchuk", "Hari"),),
        "crew": (CreditFact("Andrei Tarkovsky", "Director", "Directing"),),
        "external_ratings": (ExternalRating("IMDb", 8.1, 10.0, 90_001, "2017-01"),),
    }
    return MovieFacts(title=title, year=year, **{**known, **more})


async def fill(club: Club) -> dict[str, str]:
    """A year of the club's life; the headers of ada's session."""
    await club.building.contract(Accounts).create_admin(
        username="boss", email="boss@films.example", password=PASSWORD
    )
    boss = await club.sign_in("boss")
    await club.merge(
        a_film("Solaris", 1972, imdb_id="tt0069293", alternative_titles=("Solyaris",)),
        a_film("Stalker", 1979, imdb_id="tt0079944", plot=ODD, tagline="\t"),
        a_film(ODD, None, cast=(CreditFact(ODD), CreditFact("Anatoly Solonitsyn"))),
        a_film("Mirror", 1975, original_title="Zerkalo", budget=622_000),
    )
    await club.building.relay.settle()
    ids = {
        one["title"]: one["id"]
        for one in (await club.ask("GET", "/api/v1/movies?limit=100"))["items"]
    }
    ada = await _reviewed(club, boss, ids)
    await _edited(club, boss, ids)
    await club.building.relay.settle()
    return ada


async def _reviewed(club: Club, boss: dict[str, str], ids: dict[str, str]) -> dict[str, str]:
    ada, bo, cy, dee = [await club.join(name) for name in ("ada", "bo", "cy", "dee")]
    about = {"display_name": ODD[:28].strip(), "bio": ODD}
    await club.ask("PATCH", "/api/v1/me", json=about, headers=ada)
    await club.review(ada, ids["Solaris"], 9, text=f"**{ODD}**\n\n> and more", has_spoilers=True)
    hidden = await club.review(bo, ids["Solaris"], 2, text="hush")
    gone = await club.review(cy, ids["Stalker"], 5)
    await club.review(cy, ids["Mirror"], 7)
    await club.review(dee, ids["Mirror"], 8, text="soon gone")
    hide = {"active": False}
    await club.ask("PATCH", f"/api/v1/reviews/{hidden}", json=hide, headers=boss)
    await club.ask("DELETE", f"/api/v1/reviews/{gone}", 204, headers=cy)
    suspended = {"is_active": False}
    await club.ask("PATCH", "/api/v1/users/bo", json=suspended, headers=boss)
    await club.ask("DELETE", "/api/v1/me", 204, json={"password": PASSWORD}, headers=dee)
    return ada


async def _edited(club: Club, boss: dict[str, str], ids: dict[str, str]) -> None:
    path = f"/api/v1/movies/{ids['Solaris']}"
    how = await club.of_version(path, boss)
    await club.ask("PATCH", path, json={"tagline": ODD, "runtime_minutes": 167}, headers=how)
    stalker = f"/api/v1/movies/{ids['Stalker']}"
    how = await club.of_version(stalker, boss)
    await club.ask("DELETE", stalker, 204, headers=how)
    people = (await club.ask("GET", "/api/v1/people?limit=100"))["items"]
    person = next(one["id"] for one in people if one["name"] == "Anatoly Solonitsyn")
    await club.ask("DELETE", f"/api/v1/people/{person}", 204, headers=boss)
    new = {"name": "Kino «2»", "url": "https://kino.example"}
    kino = (await club.ask("POST", "/api/v1/platforms", 201, json=new, headers=boss))["id"]
    at = f"/api/v1/platforms/{kino}/movies/{ids['Solaris']}"
    answer = await club.client.put(at, json={}, headers=boss)
    assert answer.is_success, answer.text


async def moved(source: Settings, target: Settings) -> Done:
    return await move(source, target, lambda _plan: None)
