"""What clients of the older API get of the whole application."""

import httpx2

from marquee.app.building import Building
from marquee.contexts.catalog.contract import Catalog, MovieFacts

LIST = "/api/movies/?ordering=title"


async def test_its_links_lead_to_where_the_client_asked(
    client: httpx2.AsyncClient, building: Building
) -> None:
    movies = [MovieFacts(title=f"Film {n}", year=1990) for n in range(30)]
    await building.contract(Catalog).merge(source="test", movies=movies)
    for host in ("127.0.0.1", "films.example:8080", "[::1]:8000"):
        for _ in range(2):
            first = (await client.get(LIST, headers={"host": host})).json()
            assert first["next"] == f"http://{host}{LIST}&page=2"
    odd = await client.get(LIST, headers={"host": "films!example"})
    assert odd.json()["next"] == f"{LIST}&page=2"
    assert (await client.get(first["next"])).json()["count"] == 32


async def test_its_reviews_are_rated_in_stars(
    client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    review = {"movie_id": "1", "rating": 9}
    posted = (await client.post("/api/v1/reviews", json=review, headers=admin)).json()
    [listed] = (await client.get("/api/reviews/")).json()["results"]
    assert (listed["id"], listed["rating"]) == (posted["id"], 4.5)
    assert (await client.get(f"/api/reviews/{posted['id']}/")).json()["rating"] == 4.5


async def test_whatever_can_be_unchanged_says_so_in_the_document(
    client: httpx2.AsyncClient,
) -> None:
    document = (await client.get("/schema")).json()
    for path in ("/api/v1/movies/1", "/api/v1/reviews", "/api/v1/users/boss"):
        answer = await client.get(path, headers={"if-none-match": "*"})
        assert answer.status_code == 304
        shape = path.replace("/1", "/{movie_id}").replace("boss", "{username}")
        assert "304" in document["paths"][shape]["get"]["responses"]
    assert not {"Answer", "Cookie"} & set(document["components"]["schemas"])
