"""The screens without a mouse, on a phone and on the way back."""

import pytest
from playwright.sync_api import Page, expect
from tests.screens.conftest import Site
from tests.screens.looking import (
    film,
    is_too_wide,
    is_wide,
    scrolled,
    settle,
    sign_in,
    still,
    told,
    violations,
)


def test_tab_enters_a_shelf_once_and_arrows_move_in_it(page: Page, site: Site) -> None:
    settle(page, site.url)
    shelf = page.get_by_role("region", name="Best known")
    cards = shelf.locator("a.poster")
    shelf.get_by_role("link", name="All of them").focus()
    page.keyboard.press("Tab")
    expect(cards.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(shelf.locator(":focus")).to_have_count(0)


def test_arrows_move_in_two_directions_in_a_grid(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/films")
    cards = page.locator(".grid a.poster")
    expect(cards).to_have_count(10)
    expect(page.locator(".grid a.poster[tabindex='0']")).to_have_count(1)
    cards.first.focus()
    page.keyboard.press("ArrowDown")
    expect(cards.nth(6 if is_wide(page) else 3)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cards.nth(5 if is_wide(page) else 2)).to_be_focused()


def test_a_slash_leads_to_the_search_and_escape_out_of_it(page: Page, site: Site) -> None:
    settle(page, site.url)
    page.keyboard.press("/")
    if not is_wide(page):
        page.wait_for_url(f"{site.url}/search")
        expect(page.get_by_role("searchbox")).to_be_focused()
        return
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    box.press_sequentially("pictur")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("pictur")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/films/*")
    expect(page.locator("main")).to_be_focused()


def test_the_list_of_keys_opens_has_nothing_wrong_and_closes(page: Page, site: Site) -> None:
    settle(page, site.url)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_css("opacity", "1")
    still(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_r_on_a_poster_rates_its_film_and_the_focus_returns(page: Page, site: Site) -> None:
    sign_in(page, site)
    settle(page, f"{site.url}/films")
    page.locator(".grid a.poster").nth(7).focus()
    page.keyboard.press("r")
    slider = page.get_by_role("dialog").get_by_role("slider")
    expect(slider).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("main")).to_be_focused()
    button = page.get_by_role("button", name="Rate or review")
    button.focus()
    page.keyboard.press("Enter")
    expect(slider).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_going_back_returns_to_where_one_was(page: Page, site: Site) -> None:
    settle(page, site.url)
    page.evaluate("window.scrollTo(0, 700)")
    scrolled(page, 700)
    page.evaluate("document.querySelectorAll('.shelf a.poster')[14].click()")
    page.wait_for_url(f"{site.url}/films/*")
    scrolled(page, 0)
    page.go_back()
    scrolled(page, 700)


def test_the_filters_of_a_search_live_in_the_address_too(page: Page, site: Site) -> None:
    settle(page, f"{site.url}/search?q=picture")
    found = page.locator(".found-count")
    expect(found).to_contain_text("10 matches")
    if not is_wide(page):
        page.get_by_role("button", name="Filters").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        still(page)
        assert violations(page) == []
    page.get_by_label("Comedy").locator("visible=true").click()
    expect(found).to_contain_text("3 matches")
    assert "genre=Comedy" in page.url
    page.go_back()
    expect(found).to_contain_text("10 matches")


def test_a_word_longer_than_the_page_is_broken(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, site)
    where = film(page, site, 9)
    review = {"movie_id": where.rsplit("/", 1)[1], "rating": 7, "text": "A" * 400}
    assert told(page, site, "POST", "/api/v1/reviews", review) in {201, 409}
    for url in (where, site.url, f"{site.url}/members/boss", f"{site.url}/admin/reviews"):
        settle(page, url)
        expect(page.get_by_role("article").first).to_be_visible()
        assert not is_too_wide(page), url


@pytest.mark.parametrize("style", ["stars", "ten"])
def test_a_rating_is_told_as_its_reader_prefers(page: Page, site: Site, style: str) -> None:
    sign_in(page, site)
    where = film(page, site, 8)
    review = {"movie_id": where.rsplit("/", 1)[1], "rating": 9}
    assert told(page, site, "POST", "/api/v1/reviews", review) in {201, 409}
    chosen = {"preferences": {"rating_style": style}}
    assert told(page, site, "PATCH", "/api/v1/me", chosen) == 200
    settle(page, where)
    words = {"stars": "4 and a half of 5 stars", "ten": "9 of 10"}[style]
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", words)
    expect(page.get_by_role("article").get_by_role("img", name=words)).to_be_visible()
    assert (
        told(page, site, "PATCH", "/api/v1/me", {"preferences": {"rating_style": "stars"}}) == 200
    )


def test_leaving_asks_in_a_dialog_with_nothing_wrong(page: Page, site: Site) -> None:
    sign_in(page, site)
    settle(page, f"{site.url}/account")
    page.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_role("dialog")).to_have_css("opacity", "1")
    still(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Delete the account")).to_be_focused()


def test_an_admin_finds_the_way_on_a_phone_too(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.get_by_role("button", name="Your account").click()
    menu = page.get_by_role("menu")
    expect(menu).to_be_visible()
    still(page)
    assert violations(page) == []
    menu.get_by_role("menuitem", name="Admin").click()
    page.wait_for_url(f"{site.url}/admin/films")


def test_the_light_turns_also_where_it_follows_the_system(page: Page, site: Site) -> None:
    sign_in(page, site)
    page.evaluate("localStorage.setItem('mantine-color-scheme-value', 'auto')")
    page.emulate_media(color_scheme="dark")
    settle(page, site.url)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menu").get_by_role("menuitem", name="Lights up").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "light")
    assert told(page, site, "PATCH", "/api/v1/me", {"preferences": {"theme": "dark"}}) == 200
