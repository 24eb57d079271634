"""A12: another site's page can change nothing here, and cookies keep to themselves."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest
from tests.reliability import figures
from tests.reliability.cast import Cast
from tests.reliability.conftest import Open
from tests.reliability.operations import Operation, operations
from tests.reliability.site import PASSWORD, Site

SESSION = "/api/v1/auth/session"
FOREIGN = ("https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost:1")
FOREIGN += ("http://[", "//[", "http://a]b", "")


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    return Cast.gathered(site)


@pytest.fixture(scope="module")
def changing(site: Site, cast: Cast) -> list[Operation]:
    with site.client() as client:
        found = operations(client.get("/schema").json(), cast)
    return [one for one in found if one.method != "GET"]


class Browser:
    """Somebody signed in by a cookie; `csrf` is what the page repeats."""

    def __init__(self, site: Site, login: str) -> None:
        self.client = site.client(place=site.place())
        answer = self.client.post(SESSION, json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.signed_in: dict[str, Any] = answer.json()
        self.set_cookies = answer.headers.get_list("set-cookie")
        self.csrf = self.signed_in["csrf_token"]


@pytest.fixture
def admin(site: Site) -> Iterator[Browser]:
    browser = Browser(site, "boss")
    yield browser
    browser.client.close()


def everything(site: Site) -> list[str]:
    """All that could be changed by what is tried here."""
    with site.client("boss") as boss, site.client("bo") as bo:
        return [
            client.get(path, params={"limit": 100} if many else None).text
            for client, path, many in (
                (boss, "/api/v1/me", False),
                (bo, "/api/v1/me", False),
                (boss, "/api/v1/users", True),
                (boss, "/api/v1/reviews", True),
                (boss, "/api/v1/platforms", False),
                (boss, "/api/v1/movies", True),
                (boss, "/api/v1/people", True),
            )
        ]


def test_another_sites_page_changes_nothing(
    site: Site, changing: list[Operation], admin: Browser
) -> None:
    before = everything(site)
    tried = 0
    for operation in changing:
        for headers in (
            *({"origin": origin, "x-csrf-token": admin.csrf} for origin in FOREIGN),
            {"sec-fetch-site": "cross-site", "x-csrf-token": admin.csrf},
            {"sec-fetch-site": "same-site", "x-csrf-token": admin.csrf},
        ):
            answer = admin.client.request(
                operation.method, operation.address(), json=operation.body, headers=headers
            )
            assert answer.status_code == 403, (operation.name, headers, answer.text)
            assert "set-cookie" not in answer.headers
            tried += 1
    assert everything(site) == before
    figures.keep("A12", cross_site=tried, changes=0)


def test_a_form_or_plain_text_is_not_read_as_json(
    site: Site, changing: list[Operation], admin: Browser
) -> None:
    """What a page may send elsewhere without asking first: three media types, and none."""
    before = everything(site)
    tried = 0
    for operation in changing:
        if operation.body is None:
            continue
        for media in (
            "text/plain",
            "text/plain;application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
        ):
            headers = {"x-csrf-token": admin.csrf, **({"content-type": media} if media else {})}
            raw = httpx2.Request("POST", "http://x", json=operation.body).content
            answer = admin.client.request(
                operation.method, operation.address(), content=raw, headers=headers
            )
            assert answer.status_code == 415, (operation.name, media, answer.text)
            tried += 1
    assert everything(site) == before
    figures.keep("A12", wrong_media=tried)


def test_the_cookie_alone_changes_nothing(
    site: Site, changing: list[Operation], admin: Browser
) -> None:
    before = everything(site)
    with site.client(place=site.place()) as other:
        other.post(SESSION, json={"login": "bo", "password": PASSWORD})
        another = other.cookies["marquee_csrf"]
    tried = 0
    for operation in changing:
        for headers in ({}, {"x-csrf-token": ""}, {"x-csrf-token": another}):
            answer = admin.client.request(
                operation.method, operation.address(), json=operation.body, headers=headers
            )
            assert answer.status_code == 403, (operation.name, headers, answer.text)
            assert answer.json()["field"] == "X-CSRF-Token"
            tried += 1
    assert everything(site) == before
    figures.keep("A12", without_token=tried)


def test_the_page_itself_may(admin: Browser, site: Site) -> None:
    """The control: with the token, from this site, the same session does change things."""
    for headers in ({}, {"origin": site.url}, {"sec-fetch-site": "same-origin"}):
        answer = admin.client.patch(
            "/api/v1/me", json={"bio": "mine"}, headers={**headers, "x-csrf-token": admin.csrf}
        )
        assert answer.status_code == 200, answer.text
    gone = admin.client.delete(SESSION, headers={"x-csrf-token": admin.csrf})
    assert gone.status_code == 204
    assert admin.client.get("/api/v1/me").status_code == 401


def test_reading_changes_nothing(site: Site, cast: Cast, admin: Browser) -> None:
    """GET and HEAD have no effect, also where they ask what only another method does."""
    with site.client() as client:
        found = operations(client.get("/schema").json(), cast)
    before = everything(site)
    for operation in found:
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = admin.client.request(method, operation.address())
            assert answer.status_code < 500
        for header in ("x-http-method-override", "x-method-override", "x-http-method"):
            admin.client.get(operation.address(), headers={header: "DELETE"})
        admin.client.get(f"{operation.address()}?_method=DELETE")
    assert everything(site) == before


def test_no_other_origin_is_let_in(admin: Browser) -> None:
    """`watch` sees to it that no answer of any test has Access-Control-Allow-Origin."""
    preflight = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, authorization, x-csrf-token",
    }
    for origin in FOREIGN:
        for path in ("/api/v1/me", "/api/v1/movies", "/", "/schema", "/api/movies/"):
            asked = admin.client.options(path, headers={"origin": origin, **preflight})
            got = admin.client.get(path, headers={"origin": origin})
            for answer in (asked, got):
                allowed = [name for name in answer.headers if name.startswith("access-control-")]
                assert allowed == []
    figures.keep("A12", origins_let_in=0)


def flags(set_cookie: str) -> tuple[str, dict[str, Any]]:
    [(name, morsel)] = SimpleCookie(set_cookie).items()
    return name, {key: value for key, value in morsel.items() if value}


def test_cookies_keep_to_themselves(admin: Browser) -> None:
    told = dict(flags(line) for line in admin.set_cookies)
    assert set(told) == {"marquee_session", "marquee_csrf"}
    session, csrf = told["marquee_session"], told["marquee_csrf"]
    assert session["httponly"]
    assert all(one["samesite"].lower() == "lax" for one in (session, csrf))
    assert all(one["path"] == "/" for one in (session, csrf))
    assert all("domain" not in one for one in (session, csrf))
    assert "warning" in admin.signed_in
    cookie = admin.client.cookies["marquee_session"]
    assert cookie not in str(admin.signed_in)


def test_over_https_cookies_are_bound_to_the_host(a_site: Open) -> None:
    """Behind a proxy that is trusted and says so: `__Host-`, Secure, and HSTS."""
    site = a_site(trusted_proxies="127.0.0.1")
    site.start()
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    with site.client() as client:
        answer = client.post(
            SESSION, json={"login": "ada", "password": PASSWORD}, headers=forwarded
        )
    assert answer.status_code == 200, answer.text
    told = dict(flags(line) for line in answer.headers.get_list("set-cookie"))
    assert set(told) == {"__Host-marquee_session", "__Host-marquee_csrf"}
    assert all(one["secure"] for one in told.values())
    assert told["__Host-marquee_session"]["httponly"]
    assert "warning" not in answer.json()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_public_name_without_https_signs_nobody_in(site: Site) -> None:
    with site.client(place=site.place()) as client:
        answer = client.post(
            SESSION,
            json={"login": "ada", "password": PASSWORD},
            headers={"host": "films.example"},
        )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
