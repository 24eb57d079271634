"""Signing in over HTTP: tokens, cookies and what a page must repeat (A2, A3, A4, A12)."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from structlog.testing import capture_logs
from tests.contexts.auth.house import PASSWORD, House, a_house

CREDENTIALS = {"login": "ada", "password": PASSWORD}
HOME, SECURE = "http://127.0.0.1:8000", "https://films.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def signed_in(caller: httpx2.AsyncClient) -> dict[str, str]:
    answer = await caller.post("/api/v1/auth/session", json=CREDENTIALS)
    assert answer.status_code == 200, answer.text
    return {"x-csrf-token": answer.json()["csrf_token"]}


async def test_logging_in_gives_tokens_and_refreshing_the_next(house: House) -> None:
    await house.register()
    pair = await house.log_in("ADA@example.org")
    assert set(pair) == {"access_token", "refresh_token", "expires_in", "token_type"}
    async with house.caller() as caller:
        answer = await caller.post(
            "/api/v1/auth/refresh", json={"refresh_token": pair["refresh_token"]}
        )
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        following = answer.json()
        assert following["refresh_token"] != pair["refresh_token"]
        out = await caller.post(
            "/api/v1/auth/logout", json={"refresh_token": following["refresh_token"]}
        )
        assert out.status_code == 204
    async with house.bearing(following) as ada:
        assert (await ada.get("/api/v1/me")).status_code == 401


async def test_an_unknown_login_is_answered_like_a_wrong_password(house: House) -> None:
    await house.register()
    for path in ("/api/v1/auth/login", "/api/v1/auth/session"):
        async with house.caller() as caller:
            known = await caller.post(path, json={"login": "ada", "password": "wrong it is"})
            unknown = await caller.post(path, json={"login": "eve", "password": "wrong it is"})
        assert known.status_code == unknown.status_code == 401
        assert known.content == unknown.content
        assert dict(known.headers) == dict(unknown.headers)


async def test_the_eleventh_failure_says_how_long_to_wait(house: House) -> None:
    await house.register()
    async with house.caller("127.0.0.1") as caller:
        answers = [
            await caller.post(
                "/api/v1/auth/login",
                json={"login": "ada", "password": "wrong it is"},
                headers={
                    "x-forwarded-for": f"203.0.113.{number}",
                    "forwarded": f"for=203.0.113.{number}",
                    "x-real-ip": f"203.0.113.{number}",
                },
            )
            for number in range(11)
        ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 300


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"login": "ada"}, "password"),
        ({"password": PASSWORD}, "login"),
        ({"login": "", "password": PASSWORD}, "login"),
        ({"login": "a" * 255, "password": PASSWORD}, "login"),
        ({"login": "ada", "password": "x" * 1_025}, "password"),
        ({"login": {"$ne": None}, "password": PASSWORD}, "login"),
        ({"login": "ada", "password": PASSWORD, "remember": True}, "remember"),
    ],
)
async def test_what_is_no_sign_in_names_the_field(
    house: House, body: dict[str, object], field: str
) -> None:
    async with house.caller() as caller:
        for path in ("/api/v1/auth/login", "/api/v1/auth/session"):
            answer = await caller.post(path, json=body)
            assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_at_home_a_browser_signs_in_with_a_warning(house: House) -> None:
    await house.register()
    for site in (HOME, "http://localhost:8000", "http://nas.local", "http://192.168.1.20:8000"):
        async with house.caller(site=site) as caller:
            with capture_logs() as logged:
                answer = await caller.post("/api/v1/auth/session", json=CREDENTIALS)
            assert answer.status_code == 200
            assert "HTTP" in answer.json()["warning"]
            assert [entry["log_level"] for entry in logged] == ["warning"]
            assert PASSWORD not in str(logged)
            session, csrf = answer.headers.get_list("set-cookie")
        assert session.startswith("marquee_session=")
        assert "HttpOnly" in session
        assert csrf.startswith("marquee_csrf=")
        assert "HttpOnly" not in csrf
        for cookie in (session, csrf):
            assert "samesite=lax" in cookie.lower()
            assert "path=/" in cookie.lower()
            assert "secure" not in cookie.lower()
            assert "domain" not in cookie.lower()


async def test_over_https_cookies_belong_to_this_host_alone(house: House) -> None:
    await house.register()
    async with house.caller(site=SECURE) as caller:
        answer = await caller.post("/api/v1/auth/session", json=CREDENTIALS)
    assert set(answer.json()) == {"user", "csrf_token"}
    assert answer.json()["user"]["username"] == "ada"
    assert "@" not in answer.text
    session, csrf = answer.headers.get_list("set-cookie")
    assert session.startswith("__Host-marquee_session=")
    assert csrf.startswith("__Host-marquee_csrf=")
    for cookie in (session, csrf):
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert session.split(";")[0].partition("=")[2] not in answer.text


async def test_a_public_name_by_plain_http_is_refused_with_the_reason(house: House) -> None:
    await house.register()
    async with house.caller(site="http://films.example") as caller:
        answer = await caller.post("/api/v1/auth/session", json=CREDENTIALS)
    assert answer.status_code == 403
    assert "MARQUEE_TRUSTED_PROXIES" in answer.json()["detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("site", [HOME, SECURE])
async def test_a_cookie_reads_but_changes_nothing_without_the_token(
    house: House, site: str
) -> None:
    await house.register()
    async with house.caller(site=site) as caller:
        csrf = await signed_in(caller)
        assert (await caller.get("/api/v1/me")).status_code == 200
        change = {"bio": "changed"}
        for headers in (
            {},
            {"x-csrf-token": ""},
            {"x-csrf-token": "x" * 43},
            {**csrf, "origin": "https://evil.example"},
            {**csrf, "origin": "null"},
            {**csrf, "sec-fetch-site": "cross-site"},
            {**csrf, "sec-fetch-site": "same-site"},
        ):
            refused = await caller.patch("/api/v1/me", json=change, headers=headers)
            assert refused.status_code == 403, headers
        plain = {**csrf, "content-type": "text/plain"}
        sent = await caller.patch("/api/v1/me", content=b'{"bio": "changed"}', headers=plain)
        assert sent.status_code == 415
        assert (await caller.get("/api/v1/me")).json()["bio"] == ""
        right = await caller.patch("/api/v1/me", json=change, headers={**csrf, "origin": site})
        assert right.status_code == 200


async def test_another_site_cannot_sign_a_visitor_in(house: House) -> None:
    await house.register()
    async with house.caller() as caller:
        answer = await caller.post(
            "/api/v1/auth/session", json=CREDENTIALS, headers={"origin": "https://evil.example"}
        )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_csrf_token_of_another_session_does_not_do(house: House) -> None:
    await house.register()
    async with house.caller() as one, house.caller() as two:
        csrf = await signed_in(one)
        await signed_in(two)
        refused = await two.patch("/api/v1/me", json={"bio": "x"}, headers=csrf)
    assert refused.status_code == 403


async def test_signing_out_takes_the_cookies_back(house: House) -> None:
    await house.register()
    async with house.caller() as caller:
        csrf = await signed_in(caller)
        cookie = caller.cookies["marquee_session"]
        out = await caller.delete("/api/v1/auth/session", headers=csrf)
        assert out.status_code == 204
        assert all("Max-Age=0" in c for c in out.headers.get_list("set-cookie"))
        assert "marquee_session" not in caller.cookies
        caller.cookies.set("marquee_session", cookie)
        assert (await caller.get("/api/v1/me")).status_code == 401


async def test_signing_in_anew_gives_another_cookie_and_ends_the_old_session(
    house: House,
) -> None:
    await house.register()
    async with house.caller() as caller:
        csrf = await signed_in(caller)
        first = caller.cookies["marquee_session"]
        again = await caller.post("/api/v1/auth/session", json=CREDENTIALS, headers=csrf)
        assert again.status_code == 200
        assert caller.cookies["marquee_session"] != first
        assert (await caller.get("/api/v1/auth/sessions")).json()["total"] == 1


async def test_ones_sessions_are_listed_and_ended_by_id(house: House) -> None:
    async with await house.signed_in("ada") as ada, await house.signed_in("eve") as eve:
        there = await house.log_in("ada", address="198.51.100.7")
        listed = (await ada.get("/api/v1/auth/sessions")).json()
        assert (listed["total"], listed["next"]) == (2, None)
        assert set(listed["items"][0]) == {
            "id", "kind", "current", "created_at", "last_seen_at", "user_agent", "address",
        }  # fmt: skip
        assert sorted(item["current"] for item in listed["items"]) == [False, True]
        other = next(item for item in listed["items"] if not item["current"])
        assert other["address"] == "198.51.100.7"
        path = f"/api/v1/auth/sessions/{other['id']}"
        assert (await eve.delete(path)).status_code == 404
        assert (await ada.delete(path)).status_code == 204
        assert (await ada.delete(path)).status_code == 404
        async with house.bearing(there) as gone:
            assert (await gone.get("/api/v1/me")).status_code == 401
        assert (await ada.get("/api/v1/me")).status_code == 200


async def test_a_new_password_keeps_this_session_and_ends_the_others(house: House) -> None:
    async with await house.signed_in() as ada:
        there = await house.log_in()
        wrong = await ada.post(
            "/api/v1/auth/password", json={"current": "wrong it is", "new": "another sentence"}
        )
        weak = await ada.post(
            "/api/v1/auth/password", json={"current": PASSWORD, "new": "password123"}
        )
        right = await ada.post(
            "/api/v1/auth/password", json={"current": PASSWORD, "new": "quite another sentence"}
        )
        assert (wrong.status_code, wrong.json()["field"]) == (422, "current")
        assert (weak.status_code, weak.json()["field"]) == (422, "new")
        assert right.status_code == 204
        assert (await ada.get("/api/v1/me")).status_code == 200
    async with house.bearing(there) as gone:
        assert (await gone.get("/api/v1/me")).status_code == 401
    async with house.caller() as caller:
        assert (await caller.post("/api/v1/auth/login", json=CREDENTIALS)).status_code == 401


async def test_the_public_keys_are_published(house: House) -> None:
    async with house.caller() as caller:
        answer = await caller.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    (key,) = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert "d" not in key


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/auth/password"),
        ("GET", "/api/v1/auth/sessions"),
        ("DELETE", "/api/v1/auth/sessions/x"),
    ],
)
async def test_strangers_have_no_sessions(house: House, method: str, path: str) -> None:
    async with house.caller() as caller:
        assert (await caller.request(method, path, json={})).status_code == 401


async def test_signing_out_without_being_in_is_well(house: House) -> None:
    async with house.caller() as caller:
        assert (await caller.delete("/api/v1/auth/session")).status_code == 204
