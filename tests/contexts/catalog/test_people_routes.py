"""People, platforms and genres over HTTP."""

from tests.contexts.catalog.house import ADMIN, House, facts, get

from marquee.contexts.catalog.model.movie import Ids

MOVIES = "/api/v1/movies"


async def test_platforms_are_made_and_carry_movies(house: House) -> None:
    await house.merge(facts())
    async with house.caller("admin") as admin:
        made = await admin.post(
            "/api/v1/platforms", json={"name": "Mubi", "url": "https://mubi.com"}
        )
        assert made.status_code == 201
        twin = await admin.post("/api/v1/platforms", json={"name": "MUBI"})
        assert (twin.status_code, twin.json()["field"]) == (409, "name")
        carried = await admin.put("/api/v1/platforms/1/movies/1", json={})
        assert carried.json()["platforms"] == [
            {"id": "1", "name": "Mubi", "url": "https://mubi.com"}
        ]
        missing = await admin.put("/api/v1/platforms/1/movies/9", json={})
        assert missing.status_code == 404
        renamed = await admin.patch("/api/v1/platforms/1", json={"name": "MUBI!"})
        assert renamed.json()["movie_count"] == 1
    listed = await get(house, "/api/v1/platforms")
    assert [one["name"] for one in listed["items"]] == ["MUBI!"]
    assert (await get(house, f"{MOVIES}?platform=mubi!"))["total"] == 1
    assert (await get(house, f"{MOVIES}?platform=1&facets=platform"))["facets"] == {
        "platform": [{"value": "MUBI!", "count": 1}]
    }
    async with house.caller("admin") as admin:
        assert (await admin.delete("/api/v1/platforms/1/movies/1")).status_code == 204
        assert (await admin.delete("/api/v1/platforms/1")).status_code == 204
    await get(house, "/api/v1/platforms/1", 404)


async def test_a_person_is_shown_with_everything_they_did(house: House) -> None:
    await house.merge(
        facts("Old", 1960, cast=["X"], genres=("Drama",)),
        facts("New", 1975, directors=["X"], cast=["X"], genres=("Drama", "War")),
        facts("Undated", None, cast=["X"]),
    )
    person = await get(house, "/api/v1/people/1")
    assert [one["movie"]["title"] for one in person["filmography"]] == ["New", "Old", "Undated"]
    assert person["filmography"][0]["roles"] == [
        {"department": "Acting", "job": "Actor", "character": None},
        {"department": "Directing", "job": "Director", "character": None},
    ]
    assert person["career"] == {
        "first_year": 1960,
        "last_year": 1975,
        "departments": ["Acting", "Directing"],
        "genres": [{"value": "Drama", "count": 2}, {"value": "War", "count": 1}],
    }
    assert person["movie_count"] == 3
    for id_ in ("2", "x", "0", "٣", "9" * 30):
        await get(house, f"/api/v1/people/{id_}", 404)


async def test_people_are_made_renamed_and_deleted(house: House) -> None:
    async with house.caller("admin") as admin:
        made = await admin.post("/api/v1/people", json={"name": "X", "ids": {"imdb": "nm0000148"}})
        assert (made.status_code, made.json()["id"]) == (201, "1")
        renamed = await admin.patch("/api/v1/people/1", json={"name": "Y"})
        assert renamed.json() == {
            "id": "1",
            "name": "Y",
            "ids": {"imdb": "nm0000148", "tmdb": None},
            "version": 2,
        }
        stale = await admin.patch(
            "/api/v1/people/1", json={"name": "Z"}, headers={"if-match": '"1"'}
        )
        assert stale.status_code == 412
        bad = await admin.patch("/api/v1/people/1", json={"name": " "})
        assert (bad.status_code, bad.json()["field"]) == (422, "name")
        assert (await get(house, "/api/v1/people?q=y"))["total"] == 1
        assert (await admin.delete("/api/v1/people/1")).status_code == 204
    assert (await get(house, "/api/v1/people"))["total"] == 0


async def test_genres_have_counts(house: House) -> None:
    await house.merge(facts("A", genres=("War", "Science Fiction")), facts("B", genres=("War",)))
    assert await get(house, "/api/v1/genres") == {
        "items": [
            {"id": "science-fiction", "name": "Science Fiction", "count": 1},
            {"id": "war", "name": "War", "count": 2},
        ],
        "next": None,
        "total": 2,
    }


async def test_a_person_can_be_found_again_by_an_id_an_admin_gave(house: House) -> None:
    person = await house.catalog.create_person(ADMIN, name="X", ids=Ids("nm0000148"))
    await house.catalog.change_person(ADMIN, str(person.id), ids=Ids("nm0000149"))
    found = await get(house, f"/api/v1/people/{person.id}")
    assert found["ids"]["imdb"] == "nm0000149"


async def test_a_persons_entity_tag_is_good_for_changing_them(house: House) -> None:
    await house.merge(facts("Solaris", cast=["X"]))
    async with house.caller("admin") as admin:
        read = await admin.get("/api/v1/people/1")
        stamp = {"if-match": read.headers["etag"]}
        body = {"name": "Y"}
        assert (await admin.patch("/api/v1/people/1", json=body, headers=stamp)).status_code == 200
        again = await admin.patch("/api/v1/people/1", json={"name": "Z"}, headers=stamp)
        assert again.status_code == 412
        same = await admin.get("/api/v1/people/1", headers={"if-none-match": read.headers["etag"]})
        assert same.json()["name"] == "Y"


async def test_an_id_belongs_to_one_person(house: House) -> None:
    async with house.caller("admin") as admin:
        body = {"name": "X", "ids": {"imdb": "nm0000001"}}
        assert (await admin.post("/api/v1/people", json=body)).status_code == 201
        taken = await admin.post("/api/v1/people", json={**body, "name": "Y"})
        assert (taken.status_code, taken.json()["field"]) == (409, "ids.imdb")
        assert taken.json()["person_id"] == "1"
        other = await admin.post("/api/v1/people", json={"name": "Y"})
        moved = await admin.patch("/api/v1/people/2", json={"ids": {"imdb": "nm0000001"}})
        assert (other.status_code, moved.status_code) == (201, 409)


async def test_genres_and_platforms_come_in_pages_too(house: House) -> None:
    await house.merge(facts("A", genres=("Drama", "War", "Comedy")))
    for name in ("A", "B", "C"):
        await house.catalog.create_platform(ADMIN, name=name, about=None, url=None)
    for path in ("/api/v1/genres", "/api/v1/platforms"):
        whole = await get(house, path)
        first = await get(house, f"{path}?limit=2")
        rest = await get(house, f"{path}?limit=2&cursor={first['next']}")
        assert first["items"] + rest["items"] == whole["items"]
        assert (whole["total"], rest["next"], whole["next"]) == (3, None, None)
