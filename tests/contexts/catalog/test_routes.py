"""The catalog over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest
from tests.contexts.catalog.house import ADMIN, House, facts, get

MOVIES = "/api/v1/movies"


async def test_a_movie_is_shown_with_all_its_fields(house: House) -> None:
    await house.merge(facts(imdb_id="tt0069293", cast=["X"], imdb=(8.0, 100)))
    async with house.caller() as caller:
        answer = await caller.get(f"{MOVIES}/1")
        again = await caller.get(f"{MOVIES}/1", headers={"if-none-match": answer.headers["etag"]})
    movie = answer.json()
    assert answer.headers["etag"] == f'"{movie["version"]}"'
    assert answer.headers["cache-control"] == "public, no-cache"
    assert again.status_code == 304
    mark = movie.pop("poster_url").removeprefix("/posters/1/")
    assert movie.pop("field_url") == f"/fields/1/{mark}"
    assert movie == {
        "id": "1",
        "title": "Solaris",
        "original_title": None,
        "alternative_titles": [],
        "year": 1972,
        "released_on": None,
        "runtime_minutes": None,
        "genres": [],
        "languages": [],
        "countries": [],
        "certificate": None,
        "plot": None,
        "tagline": None,
        "keywords": [],
        "awards": None,
        "budget": None,
        "revenue": None,
        "cast": [{"person_id": "1", "name": "X", "character": None}],
        "crew": [],
        "platforms": [],
        "ids": {"imdb": "tt0069293", "tmdb": None},
        "rating": {"average": None, "count": 0, "histogram": [0] * 10},
        "external_ratings": [
            {"source": "imdb", "value": 8.0, "out_of": 10, "votes": 100, "as_of": None}
        ],
        "score": 8.0,
        "popularity": 20.0432,
        "updated_at": "2026-03-01T12:00:00Z",
        "version": 1,
    }


async def test_a_list_shows_what_a_card_needs(house: House) -> None:
    await house.merge(facts(directors=["Andrei Tarkovsky"], genres=("Drama",), imdb=(8.0, 100)))
    page = await get(house, f"{MOVIES}?facets=genre,decade&genre=drama")
    (item,) = page.pop("items")
    assert page == {
        "next": None,
        "total": 1,
        "facets": {
            "genre": [{"value": "Drama", "count": 1}],
            "decade": [{"value": "1970s", "count": 1}],
        },
    }
    item.pop("poster_url")
    assert item == {
        "id": "1",
        "title": "Solaris",
        "original_title": None,
        "year": 1972,
        "runtime_minutes": None,
        "genres": ["Drama"],
        "directors": ["Andrei Tarkovsky"],
        "rating": {"average": None, "count": 0},
        "score": 8.0,
        "external_rating": {"source": "imdb", "value": 8.0, "out_of": 10, "votes": 100},
        "popularity": 20.0432,
    }


async def test_several_genres_are_all_required_and_a_comma_means_any(house: House) -> None:
    await house.merge(
        facts("A", genres=("Drama", "Science Fiction")), facts("B", genres=("Drama",))
    )
    assert (await get(house, f"{MOVIES}?genre=Drama&genre=science%20fiction"))["total"] == 1
    assert (await get(house, f"{MOVIES}?genre=Drama,Science Fiction"))["total"] == 2
    assert (await get(house, f"{MOVIES}?genre=Nonsense"))["total"] == 0
    assert (await get(house, f"{MOVIES}?person=99&platform=Nowhere&language=xx"))["total"] == 0


async def test_people_are_asked_for_by_their_ids_as_they_are(house: House) -> None:
    await house.merge(facts(cast=["X"]))
    assert (await get(house, f"{MOVIES}?person=1"))["total"] == 1
    for other in ("01", "+1", "1.0", "99", "x", "9" * 30):
        assert (await get(house, f"{MOVIES}?person={quote(other)}"))["total"] == 0, other


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=plot", "sort"),
        ("sort=", "sort"),
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("cursor=nonsense", "cursor"),
        ("year_from=99999999999999999999", "year_from"),
        ("rating_min=nan", "rating_min"),
        ("rating_min=11", "rating_min"),
        ("runtime_max=x", "runtime_max"),
        ("genre=", "genre"),
        ("genre=,", "genre"),
        ("platform=,", "platform"),
        ("person=", "person"),
        ("person=,", "person"),
        ("year=2e3", "year"),
        ("limit=10.0", "limit"),
        ("decade=1995", "decade"),
        ("facets=plot", "facets"),
        ("nonsense=1", "nonsense"),
    ],
)
async def test_a_bad_question_is_named(house: House, query: str, field: str) -> None:
    problem = await get(house, f"{MOVIES}?{query}", 422)
    assert problem["field"] == field


async def test_a_cursor_leads_on(house: House) -> None:
    await house.merge(*(facts(f"T{n}") for n in range(5)))
    first = await get(house, f"{MOVIES}?limit=3&sort=title")
    second = await get(house, f"{MOVIES}?limit=3&sort=title&cursor={first['next']}")
    assert [one["title"] for one in first["items"] + second["items"]] == [f"T{n}" for n in range(5)]
    assert second["next"] is None


async def test_an_admin_creates_changes_and_deletes(house: House) -> None:
    body = {"title": "Solaris", "year": 1972, "cast": [{"name": "X"}], "ids": {"imdb": "tt0069293"}}
    async with house.caller("admin") as admin:
        made = await admin.post(MOVIES, json=body)
        assert (made.status_code, made.headers["location"]) == (201, f"{MOVIES}/1")
        taken = await admin.post(MOVIES, json=body)
        assert (taken.status_code, taken.json()["field"]) == (409, "ids.imdb")
        bare = await admin.patch(f"{MOVIES}/1", json={"plot": "A planet."})
        assert bare.status_code == 428
        stamp = {"if-match": made.headers["etag"]}
        changed = await admin.patch(f"{MOVIES}/1", json={"plot": "A planet."}, headers=stamp)
        assert (changed.json()["plot"], changed.json()["version"]) == ("A planet.", 2)
        stale = await admin.patch(f"{MOVIES}/1", json={"plot": None}, headers=stamp)
        assert stale.status_code == 412
        now = {"if-match": changed.headers["etag"]}
        assert (await admin.delete(f"{MOVIES}/1", headers=stamp)).status_code == 412
        assert (await admin.delete(f"{MOVIES}/1")).status_code == 428
        assert (await admin.delete(f"{MOVIES}/1", headers=now)).status_code == 204
        assert (await admin.delete(f"{MOVIES}/1", headers=now)).status_code == 404
    await get(house, f"{MOVIES}/1", 404)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ('"999", "1"', 200),
        ('"1", "999"', 200),
        ('W/"1"', 200),
        ("*", 200),
        ('"999"', 412),
        ('"0", "2"', 412),
        ('"x"', 412),
    ],
)
async def test_one_of_the_versions_that_were_read_must_be_there(
    house: House, sent: str, status: int
) -> None:
    await house.merge(facts(cast=["X"]))
    await house.catalog.create_platform(ADMIN, name="Mubi", about=None, url=None)
    changes = {f"{MOVIES}/1": "plot", "/api/v1/people/1": "name", "/api/v1/platforms/1": "about"}
    async with house.caller("admin") as admin:
        for path, member in changes.items():
            answer = await admin.patch(path, json={member: "A"}, headers={"if-match": sent})
            assert answer.status_code == status, path


async def test_what_is_read_can_be_sent_back(house: House) -> None:
    await house.merge(facts(cast=["X"], directors=["Y"], imdb=(8.0, 100)))
    platform = await house.catalog.create_platform(ADMIN, name="Mubi", about=None, url=None)
    await house.catalog.carry(ADMIN, str(platform.id), "1", url=None, carries=True)
    before = await house.movie()
    own = {"id", "rating", "score", "popularity", "updated_at", "version"} | {
        "poster_url",
        "field_url",
    }
    body = {name: value for name, value in before.items() if name not in own}
    async with house.caller("admin") as admin:
        answer = await admin.patch(f"{MOVIES}/1", json=body, headers={"if-match": "*"})
    after = answer.json()
    assert {**after, "version": before["version"]} == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "x", "year": 2**70}, "year"),
        ({"title": "x", "year": "1972"}, "year"),
        ({"title": "x", "runtime_minutes": True}, "runtime_minutes"),
        ({"title": "x", "version": 3}, "version"),
        ({"title": "x", "released_on": "soon"}, "released_on"),
        ({"title": "x", "ids": {"imdb": "x"}}, "ids.imdb"),
        ({"title": "x", "cast": [{"person_id": "x"}]}, "cast[0].person_id"),
        ({"title": "x", "platforms": ["9"]}, "platforms[0]"),
        ({"title": "x", "poster_url": "http://x.org/a"}, "poster_url"),
        ({"title": "x", "languages": ["English"]}, "languages"),
        ({"title": "x", "genres": ["x" * 51]}, "genres"),
    ],
)
async def test_a_bad_movie_is_named(house: House, body: dict[str, Any], field: str) -> None:
    async with house.caller("admin") as admin:
        answer = await admin.post(MOVIES, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", MOVIES),
        ("PATCH", f"{MOVIES}/1"),
        ("DELETE", f"{MOVIES}/1"),
        ("POST", "/api/v1/people"),
        ("PATCH", "/api/v1/people/1"),
        ("DELETE", "/api/v1/people/1"),
        ("POST", "/api/v1/platforms"),
        ("PATCH", "/api/v1/platforms/1"),
        ("DELETE", "/api/v1/platforms/1"),
        ("PUT", "/api/v1/platforms/1/movies/1"),
        ("DELETE", "/api/v1/platforms/1/movies/1"),
    ],
)
async def test_only_admins_may_write(house: House, method: str, path: str) -> None:
    async with house.caller() as nobody, house.caller("member") as member:
        assert (await nobody.request(method, path, json={})).status_code == 401
        assert (await member.request(method, path, json={})).status_code == 403


async def test_the_same_key_creates_one_movie(house: House) -> None:
    async with house.caller("admin") as admin:
        key = {"idempotency-key": "k1"}
        first = await admin.post(MOVIES, json={"title": "X"}, headers=key)
        again = await admin.post(MOVIES, json={"title": "X"}, headers=key)
        other = await admin.post(MOVIES, json={"title": "Y"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert len(await house.everything()) == 1


async def test_a_poster_is_kept_for_ever_under_its_version(house: House) -> None:
    await house.merge(facts())
    movie = await house.movie()
    async with house.caller("admin") as caller:
        poster = await caller.get(movie["poster_url"])
        field = await caller.get(movie["field_url"])
        await caller.patch(f"{MOVIES}/1", json={"title": "Stalker"}, headers={"if-match": "*"})
        outdated = await caller.get(movie["poster_url"])
        other = await caller.get("/posters/1/x.png")
        nobody = await caller.get("/posters/9/x.svg")
    for answer in (poster, field):
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.text.startswith("<svg")
    assert outdated.headers["cache-control"] == "public, no-cache"
    assert outdated.text != poster.text
    assert (other.status_code, nobody.status_code) == (404, 404)
    assert (await house.movie())["poster_url"] != movie["poster_url"]


async def test_a_change_asked_for_twice_with_one_key_is_made_once(house: House) -> None:
    await house.merge(facts("Solaris", cast=["X"]))
    await house.catalog.create_platform(ADMIN, name="Mubi", about=None, url=None)
    asked = [
        ("PATCH", f"{MOVIES}/1", {"plot": "A planet."}),
        ("PATCH", "/api/v1/people/1", {"name": "Y"}),
        ("PATCH", "/api/v1/platforms/1", {"about": "Films."}),
        ("PUT", "/api/v1/platforms/1/movies/1", {}),
        ("DELETE", "/api/v1/platforms/1/movies/1", None),
        ("DELETE", "/api/v1/platforms/1", None),
        ("DELETE", "/api/v1/people/1", None),
        ("DELETE", f"{MOVIES}/1", None),
    ]
    async with house.caller("admin") as admin:
        for number, (method, path, body) in enumerate(asked):
            headers = {"if-match": "*", "idempotency-key": f"k{number}"}
            first = await admin.request(method, path, json=body, headers=headers)
            again = await admin.request(method, path, json=body, headers=headers)
            assert first.status_code in {200, 204}, (path, first.text)
            assert (again.status_code, again.content) == (first.status_code, first.content), path
            assert again.headers["idempotency-replayed"] == "true", path
        other = await admin.patch(
            f"{MOVIES}/1", json={"plot": "B"}, headers={"if-match": "*", "idempotency-key": "k0"}
        )
        assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")


async def test_nothing_unknown_is_taken_inside_a_rating(house: House) -> None:
    rating = {"source": "imdb", "value": 8.0, "out_of": 10, "votes": 5}
    async with house.caller("admin") as admin:
        body = {"title": "T", "external_ratings": [{**rating, "bogus": 1}]}
        refused = await admin.post(MOVIES, json=body)
        assert (refused.status_code, refused.json()["field"]) == (422, "external_ratings[0].bogus")
        made = await admin.post(MOVIES, json={"title": "T", "external_ratings": [rating]})
    assert made.json()["external_ratings"][0]["value"] == 8.0
