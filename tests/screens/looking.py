"""How a screen is looked at: opened, signed in to, and asked what is wrong with it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.screens.conftest import PASSWORD, Site

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def settle(page: Page, url: str) -> list[str]:
    """Open a page and let it come to rest; what broke in it, and what it asked for in vain."""
    complaints: list[str] = []
    page.on("response", lambda answer: complaints.extend([answer.url] * (answer.status >= 400)))
    page.on("pageerror", lambda error: complaints.append(error.message))
    page.goto(url)
    page.wait_for_selector("main h1, main h2")
    page.wait_for_load_state("networkidle")
    return complaints


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(found => found.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def is_too_wide(page: Page) -> bool:
    script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/login")
    page.get_by_label("Name or e-mail").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{site.url}/")


def film(page: Page, site: Site, n: int = 0) -> str:
    answer = page.request.get(f"{site.url}/api/v1/movies?sort=title&limit=20").json()
    return f"{site.url}/films/{answer['items'][n]['id']}"


def still(page: Page) -> None:
    """What fades in has half its contrast until it is there."""
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")


def scrolled(page: Page, top: int) -> None:
    """When the page stands there and has been told so, which comes with the next frame.

    Playwright's own way to wait for a condition makes a script of text as soon as it has to wait,
    which the page's policy forbids.
    """
    for _try in range(300):
        if page.evaluate("window.scrollY") == top:
            page.evaluate("new Promise(done => requestAnimationFrame(() => done(null)))")
            return
        page.wait_for_timeout(100)
    raise TimeoutError(
        f"The page does not stand at {top}, but at {page.evaluate('window.scrollY')}."
    )


def is_wide(page: Page) -> bool:
    return (page.viewport_size or {"width": 0})["width"] > 800


def told(page: Page, site: Site, method: str, path: str, body: dict[str, Any]) -> int:
    """The API asked in the name of who is signed in here; its status."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    headers = {"x-csrf-token": cookies["marquee_csrf"]}
    send = page.request.fetch
    return send(f"{site.url}{path}", method=method, data=body, headers=headers).status
