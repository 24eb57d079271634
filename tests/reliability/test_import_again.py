"""D5: an import done twice, or killed half-way and done again, leaves what one clean run leaves."""

import contextlib
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.reliability import figures, films
from tests.reliability.conftest import Open
from tests.reliability.site import Site, wait_for
from tests.reliability.test_kill import integrity

ROWS = figures.sized(4_000, 12_000)
SEED = 5
KILLS = figures.sized(1, 20)
SERVER_KILLS = figures.sized(1, 10)
STARTER_KILLS = figures.sized(1, 3)
PASSING = {"origins", "edited"}
"""Columns that tell how something came to be, not what it is."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return films.write(tmp_path_factory.mktemp("import") / "films.jsonl", ROWS, SEED)


@pytest.fixture(scope="module")
def clean(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What one run leaves in an empty folder."""
    site = Site(tmp_path_factory.mktemp("clean") / "data")
    ended = site.run("import", str(file))
    assert ended.returncode == 0, ended.stderr
    assert movies(site) == ROWS
    return site


def rows(site: Site, name: str) -> list[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(site.folder / "catalog.db")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1")]  # noqa: S608 - our own tables


def digest(site: Site) -> str:
    """Of every movie, person and number given out, without the moments of their change."""
    told = []
    for name in ("movies", "marks", "people", "counters"):
        for row in rows(site, name):
            kept = {key: value for key, value in row.items() if key not in PASSING}
            if isinstance(kept.get("document"), bytes):
                kept["document"] = timeless(json.loads(kept["document"]))
            told.append([name, kept])
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def timeless(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "updated_at"}


def movies(site: Site) -> int:
    path = site.folder / "catalog.db"
    if not path.exists():
        return 0
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            return int(connection.execute("SELECT count(*) FROM movies").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def importing(site: Site, file: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "marquee", "import", str(file)],
        env=site.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_half_way(site: Site, file: Path, rng: random.Random, *, server: bool) -> int:
    """How many movies were there when it ended; killed at a random moment of the import."""
    start = movies(site)
    running = importing(site, file)
    try:
        wait_for(lambda: movies(site) > start or running.poll() is not None, every=0.005)
        time.sleep(rng.uniform(0, 0.3))
        if server:
            site.kill()
        else:
            running.kill()
        running.wait(60)
    finally:
        running.kill()
        running.wait()
    return movies(site)


def test_an_import_done_twice_changes_nothing(clean: Site, file: Path) -> None:
    before = digest(clean)
    events = len(rows(clean, "outbox"))
    ended = clean.run("import", str(file))
    assert ended.returncode == 0, ended.stderr
    assert digest(clean) == before
    assert len(rows(clean, "outbox")) == events
    figures.keep("D5", rows=ROWS, twice_differences=0)


def test_an_import_killed_half_way_is_finished_by_another(
    clean: Site, file: Path, tmp_path: Path
) -> None:
    rng = random.Random(3)
    half_way = 0
    for number in range(KILLS):
        site = Site(tmp_path / f"killed{number}" / "data")
        site.folder.parent.mkdir()
        there = kill_half_way(site, file, rng, server=False)
        half_way += 0 < there < ROWS
        assert set(integrity(site).values()) == {"ok"}
        ended = site.run("import", str(file))
        assert ended.returncode == 0, ended.stderr
        assert digest(site) == digest(clean)
    figures.keep("D5", kills=KILLS, killed_half_way=half_way, differences=0)
    assert half_way > 0


def test_an_import_through_a_server_that_is_killed_is_finished_by_another(
    clean: Site, file: Path, tmp_path: Path, a_site: Open
) -> None:
    """And what can be found in the end is what a clean start finds."""
    rng = random.Random(4)
    half_way = 0
    for number in range(SERVER_KILLS):
        empty = tmp_path / f"empty{number}"
        empty.mkdir()
        site = a_site(empty)
        site.start()
        half_way += 0 < kill_half_way(site, file, rng, server=True) < ROWS
        site.start()
        ended = site.run("import", str(file))
        assert ended.returncode == 0, ended.stderr
        assert digest(site) == digest(clean)
        assert found(site) == found_in(clean)
        assert site.stop() == 0
        assert set(integrity(site).values()) == {"ok"}
    figures.keep("D5", server_kills=SERVER_KILLS, server_killed_half_way=half_way)
    assert half_way > 0


def test_a_first_start_killed_half_way_is_finished_by_the_next(
    tmp_path: Path, a_site: Open
) -> None:
    rng = random.Random(6)
    digests = set()
    half_way = whole = 0
    for number in range(1 + STARTER_KILLS):
        empty = tmp_path / f"empty{number}"
        empty.mkdir()
        site = a_site(empty, starter="on")
        if number:
            site.spawn()
            wait_for(lambda: movies(site) > 0, within=60, every=0.01)  # noqa: B023 - called at once
            time.sleep(rng.uniform(0, 2))
            site.kill()
            half_way += 0 < movies(site) < whole
        site.start()
        whole = whole or movies(site)
        assert movies(site) == whole > 30_000
        digests.add(digest(site))
        assert site.stop() == 0
    figures.keep("D5", starter_kills=STARTER_KILLS, starter_killed_half_way=half_way)
    assert half_way > 0
    assert len(digests) == 1


QUESTIONS = ("Zukwixkon", "velruv", "tormin", "bra", "Drama", "konhal zuk")
found_clean: dict[str, Any] = {}


def found(site: Site) -> dict[str, Any]:
    """Lists and searches, once everything that was imported can be found."""
    with site.client() as client:

        def is_settled() -> bool:
            text = client.get("/metrics").text
            behind = [line for line in text.splitlines() if "behind_events{" in line]
            return bool(behind) and all(line.endswith(" 0.0") for line in behind)

        wait_for(is_settled, within=60, every=0.1)
        answers = {
            question: client.get(
                "/api/v1/search", params={"q": question, "limit": "50", "kind": "movie"}
            ).json()
            for question in QUESTIONS
        }
        listed = client.get("/api/v1/movies", params={"limit": "100", "facets": "genre,decade"})
        genres = client.get("/api/v1/genres").json()
    return {"answers": answers, "listed": listed.json(), "genres": genres}


def found_in(clean: Site) -> dict[str, Any]:
    if not found_clean:
        clean.start()
        found_clean.update(found(clean))
        assert clean.stop() == 0
    return found_clean
