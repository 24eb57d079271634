"""What a person is told when something is not as it should be."""

import json

import pytest
from playwright.sync_api import Page, Route, expect
from tests.screens.conftest import PASSWORD, Site
from tests.screens.looking import film, settle, sign_in, told, violations


def refuse(page: Page, status: int, code: str, detail: str, retry_after: int | None) -> None:
    """The API answers films with this from now on."""
    body = {"status": status, "code": code, "detail": detail, "request_id": "7f3a19c2"}
    headers = {"content-type": "application/problem+json"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)

    def answer(route: Route) -> None:
        route.fulfill(status=status, headers=headers, body=json.dumps(body))

    page.route("**/api/v1/movies*", answer)


def test_a_busy_server_says_so_and_is_asked_again(page: Page, site: Site) -> None:
    refuse(page, 503, "unavailable", "The store did not answer.", 1)
    page.goto(f"{site.url}/films")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The store did not answer. This page asks again every 1 second.")
    expect(alert).to_contain_text("7f3a19c2")
    assert violations(page) == []
    page.unroute("**/api/v1/movies*")
    expect(page.locator(".grid a.poster")).to_have_count(10)
    expect(page.locator(".head .count")).to_contain_text("10")


def test_who_asks_too_often_is_told_for_how_long_to_wait(page: Page, site: Site) -> None:
    refuse(page, 429, "too_many_requests", "Wait a little.", 240)
    page.goto(site.url)
    expect(page.get_by_role("alert")).to_contain_text("Try again in 4 minutes.")
    expect(page.get_by_role("alert").get_by_role("button", name="Try again")).to_be_visible()
    assert violations(page) == []


def test_a_server_that_is_gone_is_found_again(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/films")
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{site.url}/films?genre=Comedy")
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer")
    page.unroute("**/api/**")
    count = page.locator(".head .count").get_by_text("3")
    # On a busy machine the page may have asked again by itself before it is told to.
    page.get_by_role("button", name="Try again").or_(count).first.click()
    expect(count).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/films", "/search?q=x", "/people/1", "/members/boss", "FILM"]
)
def test_a_page_that_is_still_coming_has_nothing_wrong(page: Page, site: Site, path: str) -> None:
    url = film(page, site) if path == "FILM" else site.url + path
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/**", hold)
    page.goto(url)
    page.wait_for_selector(".sk")
    assert violations(page) == []
    for route in held:
        route.abort()


def test_a_sign_in_that_has_ended_says_so_and_keeps_what_was_written(
    page: Page, site: Site
) -> None:
    sign_in(page, site)
    settle(page, film(page, site, 5))
    page.get_by_role("button", name="Rate or review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("slider").press("8")
    dialog.get_by_label("What you thought").fill("Half a thought.")
    sessions = page.request.get(f"{site.url}/api/v1/auth/sessions").json()["items"]
    [here] = [one["id"] for one in sessions if one["current"]]
    assert told(page, site, "DELETE", f"/api/v1/auth/sessions/{here}", {}) == 204
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Your sign-in has ended")
    assert violations(page) == []
    dialog.get_by_role("link", name="Log in again").click()
    page.get_by_label("Name or e-mail").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("What you thought")).to_have_value("Half a thought.")
    dialog.get_by_role("button", name="Delete draft").click()
    expect(dialog).to_have_count(0)


def test_a_review_is_begun_where_ones_own_cannot_be_read(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.route("**/api/v1/me/reviews*", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(film(page, site, 4))
    page.get_by_role("button", name="Rate or review").click()
    expect(page.get_by_role("dialog").get_by_role("slider")).to_be_focused()


def test_a_review_is_written_over_plain_http_at_a_lan_name(page: Page, site: Site) -> None:
    at_home = Site(site.url.replace("127.0.0.1", "marquee.lan"), site.folder)
    sign_in(page, at_home)
    assert page.evaluate("typeof crypto.randomUUID") == "undefined"
    settle(page, film(page, site, 6).replace(site.url, at_home.url))
    page.get_by_role("button", name="Rate or review").or_(
        page.get_by_role("button", name="Change your review")
    ).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("slider").press("6")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("article")).to_be_visible()


def test_a_browser_that_lost_its_token_is_signed_in_with_the_next_page(
    page: Page, site: Site
) -> None:
    sign_in(page, site)
    page.context.clear_cookies(name="marquee_csrf")
    page.goto(f"{site.url}/account")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_a_token_lost_in_an_open_page_locks_nobody_out(page: Page, site: Site) -> None:
    sign_in(page, site)
    settle(page, f"{site.url}/account")
    page.get_by_label("About you").fill("Mostly water.")
    page.context.clear_cookies(name="marquee_csrf")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    page.goto(f"{site.url}/login")
    page.context.clear_cookies(name="marquee_csrf")
    page.get_by_label("Name or e-mail").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    expect(page.get_by_role("button", name="Your account, boss")).to_be_visible()


def refused_field(page: Page, label: str, words: str) -> None:
    """It has the focus, is in view with what is said of it, and is told to be wrong."""
    field = page.get_by_label(label, exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(words)
    expect(field).to_be_in_viewport(ratio=1)
    expect(page.get_by_text(words, exact=True)).to_be_in_viewport(ratio=1)


def test_a_refused_film_leads_to_the_field_at_fault_each_time(page: Page, site: Site) -> None:
    sign_in(page, site)
    settle(page, f"{site.url}/admin/films/new")
    page.get_by_label("Title", exact=True).fill("Zed Again")
    page.get_by_label("Year", exact=True).fill("99999")
    add = page.get_by_role("button", name="Add the film")
    for _ in range(2):
        add.click()
        refused_field(page, "Year", "At most 2100.")
    assert violations(page) == []
    page.get_by_label("Year", exact=True).fill("about 1971")
    add.click()
    refused_field(page, "Year", "A whole number or null, not text.")
    page.get_by_label("Year", exact=True).fill("1971")
    page.get_by_label("Plot", exact=True).fill("x" * 10_001)
    add.click()
    refused_field(page, "Plot", "At most 10,000 characters.")


def test_what_is_wrong_with_a_form_as_a_whole_is_brought_into_view(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.set_viewport_size(
        {"width": (page.viewport_size or {"width": 390})["width"], "height": 500}
    )
    settle(page, f"{site.url}/admin/films/new")
    page.get_by_label("Title", exact=True).fill("Zed Again")
    page.route("**/api/v1/movies", lambda route: route.abort())
    page.get_by_role("button", name="Add the film").press("Enter")
    alert = page.get_by_role("alert").filter(has_text="The server did not answer.")
    expect(alert).to_be_focused()
    expect(alert).to_be_in_viewport(ratio=1)
