"""`marquee move` as an operator types it: asked, killed in the middle, made again, refused."""

import io
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from tests.app.moving.club import a_club, a_film, moved
from tests.logged import logged
from tests.reliability.site import environment, wait_for

import marquee
from marquee.app.cli import main
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import CreditFact

pytestmark = pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")
FILMS = 2_000
SOURCE = Path(marquee.__file__).parents[1]


@pytest.fixture(autouse=True)
def _log_put_back() -> Iterator[None]:
    """A command logs to the standard error of its time, which is pytest's and closed afterwards."""
    with logged():
        yield


def started(source: Path, to: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "marquee", "move", "--to", str(to), "--yes"],
        env=environment(data=str(source)) | {"PYTHONPATH": str(SOURCE)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        said = process.stdout.read(), process.stderr.read()
    return process.wait(), *said


def written(path: Path, to: Path) -> Path:
    path.write_text(f'data = "{to}"\nstarter = false\n', encoding="utf-8")
    return path


@dataclass
class Terminal:
    """The command typed here, in this process."""

    patched: pytest.MonkeyPatch
    said: pytest.CaptureFixture[str]

    def type(self, source: Path, *words: str, answer: str = "") -> tuple[int, str, str]:
        self.patched.setenv("MARQUEE_DATA", str(source))
        self.patched.setattr(sys, "argv", ["marquee", "move", *words])
        self.patched.setattr(sys, "stdin", io.StringIO(answer))
        code = 0
        try:
            main()
        except SystemExit as over:
            code = int(str(over.code))
        out, err = self.said.readouterr()
        return code, out, err


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def test_it_shows_what_it_would_do_and_does_it_when_told(
    source: Settings, tmp_path: Path, terminal: Terminal
) -> None:
    to = written(tmp_path / "to.toml", tmp_path / "new")
    code, out, err = terminal.type(source.data, "--to", str(to), answer="n\n")
    assert (code, err) == (1, "marquee: Nothing was moved.\n")
    assert f"-> {tmp_path / 'new' / 'catalog.db'}" in out
    assert "3 movies, 4 marks" in out
    assert "The target is empty." in out
    code, out, _ = terminal.type(source.data, "--to", str(to), answer="y\n")
    assert code == 0
    assert "catalog movies: 3, sha256 " in out
    assert "All of it was read back and is the same." in out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("colour = 1", "colour in to.toml is not a setting"),
        ("port = 99999", "The target: MARQUEE_PORT"),
        ("[catalog]\nurl = 'mysql://ann:hush@127.0.0.1:1/x'", "The target's catalog: mysql://127"),
        ("[catalog]\nurl = 'mysql://ann:hush@127.0.0.1:1/'", "names no database"),
        ("[catalog]\nurl = 'nosql://ann:hush@127.0.0.1:1/x'", "cannot live on nosql"),
        ("[catalog]\nurl = 'mysql://ann:hush@:x/x'", "not a URL"),
        ("data = '/proc/nowhere'", "cannot be used"),
    ],
)
def test_what_is_wrong_with_the_target_is_one_line_without_a_secret(
    source: Settings, tmp_path: Path, terminal: Terminal, text: str, why: str
) -> None:
    to = tmp_path / "to.toml"
    start = "" if text.startswith("data") else f'data = "{tmp_path / "new"}"\n'
    to.write_text(start + text, encoding="utf-8")
    code, out, err = terminal.type(source.data, "--to", str(to), "--yes")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert why in err
    assert "hush" not in err
    assert "Traceback" not in err


async def test_killed_in_the_middle_it_is_made_again_and_nothing_is_missing(
    source: Settings, tmp_path: Path
) -> None:
    async with a_club(source) as club:
        films = [a_film(f"Film {n}", 1950, cast=cast(n)) for n in range(FILMS)]
        for n in range(0, FILMS, 1_000):
            await club.merge(*films[n : n + 1_000])
    target = tmp_path / "new"
    to = written(tmp_path / "to.toml", target)
    first = started(source.data, to)
    wait_for(partial(has, target / "catalog.db", 250), every=0.001)
    first.kill()
    assert ended(first)[0] < 0
    there = carried(target / "catalog.db")
    assert 250 <= there < FILMS
    code, out, err = ended(started(source.data, to))
    assert (code, "Traceback" in err) == (0, False)
    assert f"{FILMS + 3:,} movies" in out
    assert "of this very move, which goes on from there" in out
    whole = await moved(source, Settings(data=tmp_path / "whole", starter=False))
    assert [tally.digest for tally in whole.tallies.values()] == digests(out)


def cast(number: int) -> tuple[CreditFact, ...]:
    return tuple(CreditFact(f"Somebody {n}") for n in range(number % 40, number % 40 + 10))


def has(path: Path, most: int) -> bool:
    return carried(path) >= most


def carried(path: Path) -> int:
    """How many movies are there."""
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as one:
            return int(one.execute("SELECT count(*) FROM movies").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def digests(out: str) -> Sequence[str]:
    """As they were told, in order."""
    return [line[-64:] for line in out.splitlines() if ", sha256 " in line]
