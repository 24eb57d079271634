"""The older API over HTTP."""

from tests.contexts.catalog.house import House, facts, get

MOVIES = "/api/v1/movies"


async def test_the_older_api_lists_by_page(house: House) -> None:
    await house.merge(
        *(facts(f"Film {n:02}", 1990, released_on=f"1990-01-{n:02}") for n in range(1, 26))
    )
    first = await get(house, "/api/movies/?ordering=-releaseDate")
    assert (first["count"], len(first["results"]), first["previous"]) == (25, 20, None)
    assert first["results"][0]["releaseDate"] == "1990-01-25"
    here = "http://127.0.0.1:8000/api/movies/?ordering=-releaseDate"
    assert first["next"] == f"{here}&page=2"
    second = await get(house, first["next"])
    assert [one["title"] for one in second["results"]] == [f"Film {n:02}" for n in range(5, 0, -1)]
    assert (second["next"], second["previous"]) == (None, f"{here}&page=1")
    await get(house, "/api/movies/?page=3", 404)
    await get(house, "/api/movies/?page=0", 422)
    await get(house, "/api/movies/?page=1e0", 422)
    await get(house, "/api/movies/?ordering=plot", 422)
    found = await get(house, "/api/movies/?search=FILM 2&ordering=-title")
    assert [one["title"] for one in found["results"]] == [f"Film {n}" for n in range(25, 19, -1)]


async def test_the_older_api_shows_one_of_each(house: House) -> None:
    await house.merge(
        facts(plot="A planet.", genres=("Drama",), cast=["X"], countries=("Soviet Union",))
    )
    movie = await get(house, "/api/movies/1/")
    assert (movie["overview"], movie["releaseDate"]) == ("A planet.", "1972")
    assert movie["productionCountries"] == ["Soviet Union"]
    assert (await get(house, "/api/people/"))["results"][0]["name"] == "X"
    assert (await get(house, "/api/people/1/"))["firstYear"] == 1972
    assert (await get(house, "/api/people/?search=y"))["count"] == 0
    assert (await get(house, "/api/genres/"))["results"] == [
        {"id": "drama", "name": "Drama", "count": 1}
    ]
    assert (await get(house, "/api/genres/drama/"))["count"] == 1
    for path in ("/api/movies/9/", "/api/people/9/", "/api/genres/nonsense/"):
        await get(house, path, 404)


async def test_old_clients_search_and_order_as_they_did(house: House) -> None:
    await house.merge(
        facts("A", 1990, cast=["Cy", "Bo"], genres=("War", "Drama"), plot="A harbor at night."),
        facts("B", 1991, cast=["Bo"], genres=("War",)),
    )

    async def names(path: str) -> list[str]:
        found = await get(house, path)
        return [one.get("title") or one["name"] for one in found["results"]]

    assert await names("/api/movies/?search=harbor") == ["A"]
    assert await names("/api/movies/?search=1991") == ["B"]
    assert await names("/api/genres/?ordering=name") == ["Drama", "War"]
    assert await names("/api/genres/?ordering=-count") == ["War", "Drama"]
    assert await names("/api/people/?ordering=name") == ["Bo", "Cy"]
    assert await names("/api/people/?ordering=-name") == ["Cy", "Bo"]
    assert await names("/api/people/?search=c&ordering=name") == ["Cy"]
    await get(house, "/api/people/?ordering=bogus", 422)
    await get(house, "/api/people/?ordering=name&page=2", 404)
