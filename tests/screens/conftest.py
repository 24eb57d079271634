"""A real server with a few films, and the system's own Chromium to look at it."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.real import cannot_be_had

from marquee.app.bff.site import SITE
from marquee.app.parked.local import LocalParking
from marquee.app.parked.model import ParkedMessage
from marquee.kit.events import Event, kind_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # A name on a home's network, where a browser trusts less than on this machine.
    "--host-resolver-rules=MAP marquee.lan 127.0.0.1",
]
# Five seconds are few where a server, a browser and other tests share two cores.
expect.set_options(timeout=30_000)
PASSWORD = "a long walk by the water"
FILMS = "\n".join(
    f'{{"title": "{title}", "year": {year}, "genres": ["{genre}"], "directors": ["Director {n}"],'
    f' "cast": ["Somebody {n}"], "rating": {6 + n % 4}.5, "votes": {9000 - n}, "runtime": {80 + n}}}'
    for n, (title, year, genre) in enumerate(
        (f"Picture {word}", 1930 + 3 * n, ("Drama", "Comedy", "Film Noir")[n % 3])
        for n, word in enumerate(
            ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]
        )
    )
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "screens" in item.path.parts:
            item.add_marker(pytest.mark.screen)


@pytest.fixture(autouse=True, scope="session")
def something_to_see() -> None:
    if CHROMIUM is None:
        cannot_be_had("the screens are driven in Chromium: apt-get install chromium")
    if not (SITE / "index.html").is_file():
        cannot_be_had("the web front end is not built: make web")


@dataclass(frozen=True)
class Site:
    url: str
    folder: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("screens")
    films = folder / "films.jsonl"
    films.write_text(FILMS)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    settings = {"MARQUEE_DATA": str(folder / "data"), "MARQUEE_STARTER": "off"}
    # the code beside this file, whatever is installed
    code = {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    environment = {**os.environ, **code, **settings, "MARQUEE_PORT": str(port)}
    command = [sys.executable, "-m", "marquee"]
    made = ["admin", "create", "boss", "boss@films.example"]
    for arguments in (["import", str(films)], made):
        subprocess.run(  # noqa: S603 - our own program
            [*command, *arguments],
            env=environment,
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
    server = subprocess.Popen([*command, "serve"], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield Site(url, folder)
    finally:
        server.terminate()
        server.wait(40)


def park(site: Site, name: str, event: Event, *, kind: str | None = None) -> None:
    """As if search could not have taken this event."""
    message = ParkedMessage(
        id=f"search-{name}",
        listener="search",
        source="catalog",
        place=1,
        kind=kind or kind_of(type(event)),
        key=name,
        body=msgspec.json.encode(event).decode(),
        error="Error: the index is full; nothing was written to segment 0f3a.",
        tries=5,
        parked_at=datetime.now(UTC) - timedelta(hours=2),
    )

    async def work() -> None:
        parking = LocalParking(site.folder / "data" / "parked.db")
        await parking.park(message)
        await parking.close()

    # This thread's loop is Playwright's.
    thread = Thread(target=asyncio.run, args=(work(),))
    thread.start()
    thread.join()


def _wait(url: str) -> None:
    for _try in range(300):
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not become ready.")


# Playwright holds an event loop while it is open: it must be gone before other tests run theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "the screens need Debian's chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture(params=[(1440, 900), (390, 800)], ids=["wide", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()
