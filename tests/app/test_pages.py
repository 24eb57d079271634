"""What a browser is given: the head of each page, the readable API, the documentation."""

import json
import re

import html5lib
import httpx2
import pytest

from marquee.app.bff import browsable

HTML = {"accept": "text/html,application/xhtml+xml"}


def elements(page: str, tag: str) -> list[dict[str, str]]:
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    return [{**node.attrib, "text": node.text or ""} for node in tree.iter(tag)]


async def found(client: httpx2.AsyncClient, title: str) -> str:
    items = (await client.get("/api/v1/movies?sort=title")).json()["items"]
    return str(next(item["id"] for item in items if item["title"].startswith(title)))


async def test_a_films_page_says_what_it_is_before_any_script(client: httpx2.AsyncClient) -> None:
    page = (await client.get(f"/films/{await found(client, 'Solaris')}", headers=HTML)).text
    assert [one["text"] for one in elements(page, "title")] == [
        "Solaris </script><b> (1972) · Marquee"
    ]
    metas = {
        one.get("property") or one.get("name"): one.get("content") for one in elements(page, "meta")
    }
    assert metas["og:type"] == "video.movie"
    assert metas["og:image"].startswith("http://127.0.0.1/posters/")
    assert "Andrei Tarkovsky" in metas["description"]
    [script] = [one for one in elements(page, "script") if one.get("type") == "application/ld+json"]
    schema = json.loads(script["text"])
    assert schema["@type"] == "Movie"
    assert schema["director"][0]["name"] == "Andrei Tarkovsky"
    assert elements(page, "b") == []


async def test_a_page_of_nothing_is_a_404_with_the_application_in_it(
    client: httpx2.AsyncClient,
) -> None:
    nothing = ["/films/99812", "/people/99812", "/members/nobody", "/nowhere", "/people"]
    nothing += ["/account/nowhere", "/admin/nowhere", "/admin/films/1/nowhere"]
    for path in nothing:
        answer = await client.get(path, headers=HTML)
        assert answer.status_code == 404
        assert "text/html" in answer.headers["content-type"]
    for path in ("/films", "/account", "/admin", "/admin/films/new", "/admin/messages"):
        assert (await client.get(path, headers=HTML)).status_code == 200


async def test_a_page_has_one_address_however_it_was_asked_for(client: httpx2.AsyncClient) -> None:
    path = f"/films/{await found(client, 'Solaris')}"
    for asked in (path, f"{path}/", f"{path}?from=afar"):
        page = (await client.get(asked, headers=HTML)).text
        links = {one.get("rel"): one.get("href") for one in elements(page, "link")}
        assert links["canonical"] == f"http://127.0.0.1{path}"


async def test_an_api_address_is_a_page_for_a_browser(client: httpx2.AsyncClient) -> None:
    movie = await found(client, "Solaris")
    answer = await client.get(f"/api/v1/movies/{movie}", headers=HTML)
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    links = {one.get("href") for one in elements(answer.text, "a")}
    assert any(str(link).startswith("/api/v1/people/") for link in links)
    assert elements(answer.text, "b") != []
    assert "</script><b>" not in answer.text
    methods = {one.get("data-method") for one in elements(answer.text, "form")}
    assert {"PATCH", "DELETE"} <= methods
    data = await client.get(f"/api/v1/movies/{movie}")
    assert data.headers["content-type"] == "application/json"


async def test_an_error_is_readable_too(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/movies?limit=0", headers=HTML)
    assert answer.status_code == 422
    assert "limit" in answer.text


async def test_the_document_holds_together(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/schema")).json()
    assert document["openapi"].startswith("3.1")
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert names <= set(document["components"]["schemas"])
    operations = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(operations) == len(set(operations)) > 50
    for path in ("/docs", "/docs/reference"):
        page = (await client.get(path)).text
        assert not re.search(r"(src|href)=\"https?:", page)


async def test_the_documents_readers_name_files_of_this_server(client: httpx2.AsyncClient) -> None:
    for name in ("swagger.js", "scalar.js", "api.css", "api.js", "tokens.css", "scheme.js"):
        assert (await client.get(f"/static/{name}")).status_code == 200
    for name in ("..%2Fdocs.py", "nothing.js"):
        assert (await client.get(f"/static/{name}")).status_code == 404


async def test_an_answer_too_long_to_look_at_is_shown_as_far_as_it_goes(
    client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    movie = await found(client, "Solaris")
    patch = {"plot": "é" * 9_000, "keywords": [f"{n} " + "é" * 90 for n in range(90)]}
    read = await client.get(f"/api/v1/movies/{movie}")
    headers = {**admin, "if-match": read.headers["etag"]}
    answer = await client.patch(f"/api/v1/movies/{movie}", json=patch, headers=headers)
    assert answer.status_code == 200, answer.text
    whole = (await client.get(f"/api/v1/movies/{movie}", headers=HTML)).text
    browsable.MOST_SHOWN, before = 5_000, browsable.MOST_SHOWN
    try:
        page = await client.get(f"/api/v1/movies/{movie}", headers=HTML)
    finally:
        browsable.MOST_SHOWN = before
    assert page.status_code == 200
    assert len(page.text) < len(whole)
    assert "…" in page.text


@pytest.mark.parametrize("path", ["/", "/films", "/films/1", "/docs", "/docs/reference"])
async def test_a_page_that_has_not_changed_is_not_sent_again(
    client: httpx2.AsyncClient, path: str
) -> None:
    whole = await client.get(path)
    again = await client.get(path, headers={"if-none-match": whole.headers["etag"]})
    assert (whole.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == whole.headers["etag"]
    assert again.headers["content-security-policy"] == whole.headers["content-security-policy"]
