"""A site made once, and copies of it for those who break things."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.reliability import figures, films, watch
from tests.reliability.site import PASSWORD, Site, copied

FILMS = figures.sized(300, 1500)
MEMBERS = ("ada", "bo", "mo", "sue")
Open = Callable[..., Site]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with FILMS films (ids from 1), an admin (boss), two members (ada, bo), a moderator (mo) and
    one who is suspended (sue).
    """
    place = tmp_path_factory.mktemp("template")
    site = Site(place / "data")
    try:
        made = site.run("import", str(films.write(place / "films.jsonl", FILMS)))
        assert made.returncode == 0, made.stderr
        made = site.run("admin", "create", "boss", "boss@films.example", stdin=f"{PASSWORD}\n")
        assert made.returncode == 0, made.stderr
        site.start()
        for name in MEMBERS:
            site.join(name)
        with site.client("boss") as boss:
            for name, change in (("mo", {"role": "moderator"}), ("sue", {"is_active": False})):
                assert boss.patch(f"/api/v1/users/{name}", json=change).status_code == 200
        assert site.stop() == 0, site.said()
    finally:
        site.close()
    return site.folder


@pytest.fixture(scope="session")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for all tests that leave it as they found it."""
    with copied(template, tmp_path_factory.mktemp("site") / "data") as site:
        site.start()
        yield site
        assert site.stop() == 0, site.said()


@pytest.fixture
def a_site(template: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a site of the test's own, not started yet; settings by name."""
    with contextlib.ExitStack() as stack:
        count = 0

        def open_one(source: Path | None = None, **settings: str) -> Site:
            nonlocal count
            count += 1
            made = copied(source or template, tmp_path / f"site{count}" / "data", **settings)
            return stack.enter_context(made)

        yield open_one


@pytest.fixture(scope="session", autouse=True)
def _figures_of_errors() -> Iterator[None]:
    yield
    watch.tell()
