"""Every screen as a person meets it: it opens, nothing is wrong with it, and it does its work."""

import pytest
from playwright.sync_api import Page, expect
from tests.screens.conftest import Site, park
from tests.screens.looking import film, is_too_wide, is_wide, settle, sign_in, still, violations

from marquee.contexts.catalog.events import MovieDeleted, MoviesChanged

OPEN = ["/", "/films", "/films?genre=Film+Noir", "/search?q=pictur"]
OPEN += ["/login", "/signup", "/about", "/members/boss"]
SIGNED_IN = ["/account", "/admin/films", "/admin/films/new", "/admin/platforms", "/admin/reviews"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", OPEN)
def test_a_page_for_everybody_has_nothing_wrong(
    page: Page, site: Site, path: str, scheme: str
) -> None:
    page.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    assert settle(page, site.url + path) == []
    assert violations(page) == []
    assert not is_too_wide(page)


@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_for_the_admin_has_nothing_wrong(page: Page, site: Site, path: str) -> None:
    sign_in(page, site)
    assert settle(page, site.url + path) == []
    assert violations(page) == []
    assert not is_too_wide(page)


@pytest.fixture
def messages(page: Page, site: Site) -> Page:
    """The page of parked messages, with one that nobody knows and two that search would take."""
    park(site, "lost", MovieDeleted(movie_id="99"), kind="catalog.MovieLost")
    park(site, "changed", MoviesChanged(batch_id="1", movie_ids=("1", "2")))
    park(site, "deleted", MovieDeleted(movie_id="99"))
    sign_in(page, site)
    assert settle(page, f"{site.url}/admin/messages") == []
    expect(page.get_by_text("3 messages could not be taken")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_parked_messages_have_nothing_wrong(messages: Page, scheme: str) -> None:
    messages.evaluate(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    messages.reload()
    lost = messages.get_by_role("listitem").filter(has_text="Movie lost")
    lost.get_by_text("What it says").click()
    expect(lost.locator("pre")).to_contain_text('"movie_id": "99"')
    assert violations(messages) == []
    assert not is_too_wide(messages)
    lost.get_by_role("button", name="Drop").click()
    expect(messages.get_by_role("dialog")).to_be_visible()
    # It fades in, and what is half there has half the contrast.
    expect(messages.get_by_role("dialog")).to_have_css("opacity", "1")
    messages.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    assert violations(messages) == []


def test_a_message_is_given_again_and_another_dropped(messages: Page) -> None:
    items = messages.locator(".lines > li")
    items.filter(has_text="Movies changed").get_by_role("button", name="Give again").click()
    expect(items).to_have_count(2)
    expect(messages.get_by_text("It had its effect.")).to_be_visible()
    drop = items.filter(has_text="Movie deleted").get_by_role("button", name="Drop")
    drop.click()
    messages.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    expect(messages.get_by_role("dialog")).to_have_count(0)
    expect(items).to_have_count(2)
    drop.click()
    messages.get_by_role("dialog").get_by_role("button", name="Drop it").click()
    expect(items).to_have_count(1)


def test_a_message_that_fails_again_says_why_and_stays(messages: Page) -> None:
    items = messages.locator(".lines > li")
    lost = items.filter(has_text="Movie lost")
    lost.get_by_role("button", name="Give again").click()
    expect(lost.get_by_role("alert")).to_contain_text("Nobody here knows what")
    assert violations(messages) == []
    messages.get_by_role("button", name="Give all again").click()
    expect(messages.get_by_role("status")).to_contain_text("2 had their effect. 1 message did not")
    expect(items).to_have_count(1)
    expect(lost).to_contain_text("tried 7 times")


def test_a_films_page_has_nothing_wrong_and_names_its_film(page: Page, site: Site) -> None:
    assert settle(page, film(page, site)) == []
    assert violations(page) == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("Picture")
    assert "Picture" in page.title()


def test_a_film_that_is_not_there_says_so_and_leads_on(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/films/99999999")
    expect(page.get_by_role("heading", level=1)).to_have_text("No film at this address")
    assert violations(page) == []
    page.get_by_role("main").get_by_role("link", name="Films").click()
    page.wait_for_url(f"{site.url}/films")


def test_the_readable_api_has_nothing_wrong(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/api/v1/movies?limit=2")
    assert violations(page) == []
    assert not is_too_wide(page)
    page.get_by_role("tab", name="curl").click()
    expect(page.get_by_role("tabpanel", name="curl")).to_contain_text("/api/v1/movies?limit=2")


@pytest.mark.parametrize("path", ["/docs", "/docs/reference"])
def test_the_documentation_opens_without_anybody_elses_server(
    page: Page, site: Site, path: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url + path)
    expect(page.get_by_text("Idempotency").or_(page.get_by_text("Marquee")).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []


def test_filters_live_in_the_address(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/films?genre=Comedy")
    expect(page.locator(".head .count")).to_contain_text("3")
    page.locator("button.chip.on", has_text="Comedy").click()
    expect(page.locator(".head .count")).to_contain_text("10")
    assert "genre" not in page.url
    page.go_back()
    expect(page.locator(".head .count")).to_contain_text("3")


def test_a_film_is_found_while_one_types_with_a_letter_wrong(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/search")
    page.get_by_role("searchbox").fill("pictrue seven")
    first = page.locator(".hit").first
    expect(first).to_contain_text("Picture Seven")
    first.click()
    page.wait_for_url("**/films/*")


def test_a_rating_is_given_by_the_keyboard_and_a_review_is_written(page: Page, site: Site) -> None:
    sign_in(page, site)
    wide = (page.viewport_size or {"width": 0})["width"] > 800
    settle(page, film(page, site, 1 if wide else 2))
    slider = page.get_by_role("slider", name="Your rating")
    slider.focus()
    page.keyboard.press("9")
    expect(slider).to_have_attribute("aria-valuetext", "4 and a half of 5 stars")
    expect(page.get_by_role("article")).to_be_visible()
    page.get_by_role("button", name="Change your review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What you thought").fill("Water, *always* water.")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").locator("em")).to_have_text("always")


def test_a_review_with_text_is_deleted_once_it_is_asked_for_twice(page: Page, site: Site) -> None:
    sign_in(page, site)
    settle(page, film(page, site, 7 if is_wide(page) else 8))
    page.get_by_role("button", name="Rate or review").click()
    dialog = page.get_by_role("dialog", name="Review")
    dialog.get_by_role("slider").press("7")
    dialog.get_by_label("What you thought").fill("Better unsaid.")
    assert dialog.get_by_role("button", name="Delete review").count() == 0
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("article")).to_contain_text("Better unsaid.")
    page.get_by_role("button", name="Change your review").click()
    changing = page.get_by_role("dialog", name="Change your review")
    sure = page.get_by_role("dialog", name="Delete your review")
    changing.get_by_role("button", name="Delete review").click()
    expect(sure).to_contain_text("This cannot be undone.")
    still(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sure).to_have_count(0)
    expect(changing.get_by_label("What you thought")).to_have_value("Better unsaid.")
    changing.get_by_role("button", name="Delete review").click()
    sure.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Review deleted.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.get_by_role("button", name="Rate or review")).to_be_visible()


def test_a_spoiler_is_not_in_the_page_until_asked_for(page: Page, site: Site) -> None:
    sign_in(page, site)
    wide = (page.viewport_size or {"width": 0})["width"] > 800
    settle(page, film(page, site, 3 if wide else 4))
    page.get_by_role("button", name="Rate or review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("slider").focus()
    page.keyboard.press("8")
    dialog.get_by_label("What you thought").fill("He was the captain.")
    dialog.get_by_label("It tells the story").check()
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("This review tells the story.")).to_be_visible()
    assert "the captain" not in page.get_by_role("article").inner_text()
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("article").locator(".said")).to_be_focused()
    expect(page.get_by_role("article")).to_contain_text("He was the captain.")
    page.goto(f"{site.url}/admin/reviews")
    expect(page.get_by_role("article").first).to_be_visible()
    assert violations(page) == []
