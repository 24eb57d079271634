"""Kept answers are the same as made ones, and never older than the last commit."""

import httpx2

from marquee.app.building import Building
from marquee.contexts.catalog.contract import Catalog, MovieFacts

LIST = "/api/v1/movies?sort=title"


async def test_a_kept_answer_is_what_was_made(client: httpx2.AsyncClient) -> None:
    first, again = await client.get(LIST), await client.get(LIST)
    assert again.content == first.content
    ignored = {"x-request-id", "date"}
    assert {k: v for k, v in again.headers.items() if k not in ignored} == {
        k: v for k, v in first.headers.items() if k not in ignored
    }
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


async def test_a_commit_makes_it_anew(client: httpx2.AsyncClient, building: Building) -> None:
    before = (await client.get(LIST)).json()["total"]
    movies = [MovieFacts(title="Stalker", year=1979)]
    await building.contract(Catalog).merge(source="test", movies=movies)
    assert (await client.get(LIST)).json()["total"] == before + 1


async def test_a_kept_answer_is_not_sent_to_those_who_have_it(client: httpx2.AsyncClient) -> None:
    etag = (await client.get(LIST)).headers["etag"]
    for _ in range(2):
        answer = await client.get(LIST, headers={"if-none-match": etag})
        assert (answer.status_code, answer.content) == (304, b"")


async def test_a_kept_answer_speaks_of_https_to_those_who_came_by_it(
    client: httpx2.AsyncClient,
) -> None:
    for scheme in ("http", "https", "http"):
        headers = (await client.get(f"{scheme}://127.0.0.1{LIST}")).headers
        assert ("strict-transport-security" in headers) is (scheme == "https")


async def test_a_bad_token_is_refused_also_where_an_answer_is_kept(
    client: httpx2.AsyncClient,
) -> None:
    await client.get(LIST)
    answer = await client.get(LIST, headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


async def test_head_says_all_but_the_body(client: httpx2.AsyncClient) -> None:
    whole, head = await client.get(LIST), await client.head(LIST)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


async def test_every_answer_is_guarded(client: httpx2.AsyncClient) -> None:
    for path in ("/", "/films", LIST, "/nowhere", "/api/v1/nowhere", "/schema", "/docs", "/readyz"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src" in headers["content-security-policy"]
        assert headers["cache-control"]


async def test_the_figures_name_routes_not_paths(client: httpx2.AsyncClient) -> None:
    for movie in ("1", "2", "99812"):
        await client.get(f"/api/v1/movies/{movie}")
    await client.request("BREW", "/coffee")
    text = (await client.get("/metrics")).text
    route = 'route="/api/v1/movies/{movie_id}"'
    assert f'marquee_http_requests_total{{method="GET",{route},status="200"}} 2.0' in text
    assert "99812" not in text
    assert "BREW" not in text
    assert 'marquee_listener_behind_events{listener="search<-catalog"} 0.0' in text


async def test_it_says_whether_it_is_ready(client: httpx2.AsyncClient, building: Building) -> None:
    assert (await client.get("/livez")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).status_code == 200
    building.draining = True
    stopping = await client.get("/readyz")
    assert (stopping.status_code, stopping.headers["retry-after"]) == (503, "2")
    assert (await client.get("/livez")).status_code == 200
