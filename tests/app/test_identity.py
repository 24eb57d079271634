"""Who is asking: known for a moment, and asked anew when anything has changed."""

import httpx2
import pytest

from marquee.app import identity
from marquee.app.building import Building
from marquee.contexts.auth.contract import Auth, Identity

PASSWORD = "a long walk by the water"
ME, SESSION = "/api/v1/me", "/api/v1/auth/session"
CSRF = "marquee_csrf"


@pytest.fixture
def asked(building: Building, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A token for each time that auth was asked."""
    auth, tokens = building.contract(Auth), list[str]()
    really = auth.identify

    async def identify(*, token: str, kind: str) -> Identity | None:
        tokens.append(token)
        return await really(token=token, kind=kind)

    monkeypatch.setattr(auth, "identify", identify)
    return tokens


async def test_a_token_is_looked_at_once_while_nothing_changes(
    client: httpx2.AsyncClient, admin: dict[str, str], asked: list[str]
) -> None:
    for _ in range(5):
        assert (await client.get(ME, headers=admin)).status_code == 200
    assert len(asked) == 1


async def test_it_is_looked_at_again_after_a_moment(
    client: httpx2.AsyncClient,
    admin: dict[str, str],
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identity, "KNOWN_FOR", 0.0)
    for _ in range(3):
        assert (await client.get(ME, headers=admin)).status_code == 200
    assert len(asked) == 3


async def test_a_session_that_ended_is_over_with_the_next_request(
    client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    login = {"login": "boss", "password": PASSWORD}
    other = (await client.post("/api/v1/auth/login", json=login)).json()
    there = {"authorization": f"Bearer {other['access_token']}"}
    assert (await client.get(ME, headers=there)).status_code == 200
    sessions = (await client.get("/api/v1/auth/sessions", headers=there)).json()["items"]
    mine = next(one for one in sessions if one["current"])
    gone = await client.delete(f"/api/v1/auth/sessions/{mine['id']}", headers=admin)
    assert gone.status_code == 204
    assert (await client.get(ME, headers=there)).status_code == 401
    assert (await client.get(ME, headers=admin)).status_code == 200


async def test_what_does_not_hold_is_never_remembered(
    client: httpx2.AsyncClient, asked: list[str]
) -> None:
    for _ in range(2):
        answer = await client.get(ME, headers={"authorization": "Bearer nothing"})
        assert answer.status_code == 401
    assert len(asked) == 2


async def a_browser(client: httpx2.AsyncClient) -> str:
    """Signed in, and then without the cookie that its pages read; the token that was in it."""
    answer = await client.post(SESSION, json={"login": "boss", "password": PASSWORD})
    assert answer.status_code == 200
    client.cookies.delete(CSRF)
    return str(answer.json()["csrf_token"])


@pytest.mark.parametrize("path", [ME, "/account", "/films"])
@pytest.mark.parametrize("wrong", ["", "made up"])
async def test_a_page_of_a_session_is_given_its_lost_token_again(
    client: httpx2.AsyncClient, path: str, wrong: str
) -> None:
    token = await a_browser(client)
    if wrong and path == ME:
        client.cookies.set(CSRF, wrong, domain="127.0.0.1", path="/")
    answer = await client.get(path, headers={"accept": "text/html" if path != ME else "*/*"})
    [told] = answer.headers.get_list("set-cookie")
    assert told.startswith(f"{CSRF}={token};")
    assert "HttpOnly" not in told
    assert "samesite=lax" in told.lower()
    assert "set-cookie" not in (await client.get(ME)).headers
    out = await client.delete(SESSION, headers={"x-csrf-token": client.cookies[CSRF]})
    assert out.status_code == 204


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_who_lost_the_token_is_refused_once_and_then_signs_in_or_out(
    client: httpx2.AsyncClient, method: str
) -> None:
    token = await a_browser(client)
    login = {"login": "boss", "password": PASSWORD} if method == "POST" else None
    refused = await client.request(method, SESSION, json=login)
    assert (refused.status_code, refused.json()["field"]) == (403, "X-CSRF-Token")
    assert client.cookies[CSRF] == token
    again = await client.request(method, SESSION, json=login, headers={"x-csrf-token": token})
    assert again.status_code in {200, 204}
    assert len(again.headers.get_list("set-cookie")) == 2


@pytest.mark.parametrize(
    "foreign",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
async def test_another_site_is_given_no_token_again(
    client: httpx2.AsyncClient, foreign: dict[str, str]
) -> None:
    await a_browser(client)
    for method in ("POST", "DELETE"):
        answer = await client.request(method, SESSION, json={}, headers=foreign)
        assert (answer.status_code, answer.json()["field"]) == (403, "Origin")
        assert "set-cookie" not in answer.headers


async def test_a_token_is_never_in_an_answer_that_others_may_have(
    client: httpx2.AsyncClient,
) -> None:
    await a_browser(client)
    for _ in range(2):
        answer = await client.get("/api/v1/movies")
        assert answer.headers["cache-control"].startswith("public")
        assert "set-cookie" not in answer.headers


async def test_a_page_is_given_to_whoever_shows_a_session_that_is_none(
    client: httpx2.AsyncClient,
) -> None:
    client.cookies.set("marquee_session", "made up", domain="127.0.0.1", path="/")
    answer = await client.get("/films", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
