"""`python3 -m deploy.engines start|stop|status [engine…]`."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import NoReturn

from deploy.engines import debian
from deploy.engines.catalog import ENGINES
from deploy.engines.engine import Engine
from deploy.engines.lives import Life
from deploy.engines.notes import Note, alone, write_urls
from deploy.engines.ports import choose
from deploy.engines.processes import PROC
from deploy.engines.report import Outcome, table

ROOT = Path(__file__).resolve().parents[2] / ".engines"


def main(words: Sequence[str]) -> int:
    """0, or 1 where an engine failed, or was left out while `CI` says that all are wanted."""
    names = [engine.name for engine in ENGINES]
    parser = argparse.ArgumentParser(prog="deploy.engines", description=__doc__)
    parser.add_argument("what", choices=["start", "stop", "status"])
    parser.add_argument("only", nargs="*", metavar="engine", help=", ".join(names))
    said = parser.parse_args(words)
    if unknown := set(said.only) - set(names):
        parser.error(f"no such engine: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if not (PROC / "self/stat").exists():
        print("All engines are left out: they are told apart by Linux's /proc.")
        return 1 if os.environ.get("CI") else 0
    engines = [engine for engine in ENGINES if not said.only or engine.name in said.only]
    steps: dict[str, Callable[[list[Engine]], list[Outcome]]] = {
        "start": start,
        "stop": stop,
        "status": status,
    }
    _make_root()
    with alone(ROOT / "lock"):
        outcomes = steps[said.what](engines)
        _write_urls()
    print(table(outcomes))
    return verdict(outcomes, in_ci=bool(os.environ.get("CI")))


def verdict(outcomes: Sequence[Outcome], *, in_ci: bool) -> int:
    wrong = {"failed", "left out"} if in_ci else {"failed"}
    missing = [outcome.engine for outcome in outcomes if outcome.state in wrong]
    if missing:
        print(f"Not running: {', '.join(missing)}.", file=sys.stderr)
    return 1 if missing else 0


def _make_root() -> None:
    ROOT.mkdir(exist_ok=True)
    ROOT.chmod(0o755)
    (ROOT / "run").mkdir(mode=0o700, exist_ok=True)


def _lives(engines: Sequence[Engine], given_up: Event) -> list[Life]:
    """Ports are chosen one engine after the other; one that was killed takes those it had."""
    taken: set[int] = set()
    notes = {engine.name: Note.read(ROOT / "run" / f"{engine.name}.json") for engine in ENGINES}
    for note in notes.values():
        if note and note.is_running:
            taken.update(note.ports.values())
    wanted = {port for engine in ENGINES for port in engine.ports.values()}
    taken_by_others = wanted - {port for engine in engines for port in engine.ports.values()}
    lives = []
    for engine in engines:
        note = notes[engine.name]
        if note and note.is_running:
            ports = note.ports
        else:
            ports = choose(note.ports if note else engine.ports, taken | taken_by_others)
            taken.update(ports.values())
        lives.append(Life(engine, ROOT, ports, given_up))
    return lives


def start(engines: Sequence[Engine]) -> list[Outcome]:
    given_up = Event()
    missing = [engine.package for engine in engines if engine.lacks_package()]
    with ThreadPoolExecutor(len(engines) + 1) as pool, _ended_by(signal.SIGTERM):
        installed = pool.submit(debian.install, missing) if missing else None
        started = [pool.submit(_bring, life, installed) for life in _lives(engines, given_up)]
        try:
            return [each.result() for each in started]
        except BaseException:
            given_up.set()
            raise


@contextmanager
def _ended_by(how: signal.Signals) -> Iterator[None]:
    """What must be put back is put back though we are told to end."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        sys.exit(128 + number)

    before = signal.signal(how, leave)
    try:
        yield
    finally:
        signal.signal(how, before)


def _bring(life: Life, installed: Future[dict[str, str]] | None) -> Outcome:
    if installed and life.engine.package in installed.result():
        why = installed.result()[life.engine.package]
        return Outcome(life.engine.name, "left out", why=why)
    return life.bring()


def stop(engines: Sequence[Engine]) -> list[Outcome]:
    with ThreadPoolExecutor(len(engines)) as pool:
        return list(pool.map(lambda life: life.end(), _lives(engines, Event())))


def status(engines: Sequence[Engine]) -> list[Outcome]:
    outcomes = []
    for engine in engines:
        life = Life(engine, ROOT, {}, Event())
        note = Note.read(life.noted)
        running = note and note.is_running
        outcomes.append(
            life.told(note, "running") if note and running else Outcome(engine.name, "stopped")
        )
    return outcomes


def _write_urls() -> None:
    """Of all engines that run, not only of those that were asked for."""
    notes = {engine.name: Note.read(ROOT / "run" / f"{engine.name}.json") for engine in ENGINES}
    urls = {name: note.url for name, note in notes.items() if note and note.is_running and note.url}
    write_urls(ROOT / "urls.json", urls)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
