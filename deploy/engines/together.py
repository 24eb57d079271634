"""Many engines at once: ports dealt out, brought up side by side, ended side by side."""

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
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
from deploy.engines.notes import Note, write_urls
from deploy.engines.ports import choose
from deploy.engines.report import Outcome

Notes = Mapping[str, Note]


def _notes(root: Path) -> Notes:
    read = {engine.name: Note.read(root / "run" / f"{engine.name}.json") for engine in ENGINES}
    return {name: note for name, note in read.items() if note}


def start(engines: Sequence[Engine], root: Path) -> list[Outcome]:
    given_up = Event()
    notes = _notes(root)
    killed = [one for one in engines if one.name in notes and not notes[one.name].is_running]
    missing = [engine.package for engine in engines if engine.lacks_package()]
    with ThreadPoolExecutor(len(engines) + 1) as pool, _ended_by(signal.SIGTERM):
        # what is left of them may hold the ports that they had
        list(pool.map(lambda one: Life(one, root).bury(), killed))
        ports = _deal(engines, notes)
        installed = pool.submit(debian.install, missing) if missing else None
        lives = [Life(engine, root, ports[engine.name], given_up) for engine in engines]
        outcomes = [pool.submit(_bring, life, installed) for life in lives]
        try:
            return [outcome.result() for outcome in outcomes]
        except BaseException:
            given_up.set()
            raise


def _deal(engines: Sequence[Engine], notes: Notes) -> dict[str, Mapping[str, int]]:
    """Those that run keep theirs, one that was killed has its own again; all others choose."""
    dealt: dict[str, Mapping[str, int]] = {
        name: note.ports for name, note in notes.items() if note.is_running
    }
    taken = {port for ports in dealt.values() for port in ports.values()}
    # what the others would like to have later is not given away
    taken |= {port for one in ENGINES if one not in engines for port in one.ports.values()}
    for engine in engines:
        if engine.name not in dealt:
            note = notes.get(engine.name)
            dealt[engine.name] = choose(note.ports if note else engine.ports, taken)
    return dealt


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


def stop(engines: Sequence[Engine], root: Path) -> list[Outcome]:
    with ThreadPoolExecutor(len(engines)) as pool:
        return list(pool.map(lambda engine: Life(engine, root).end(), engines))


def status(engines: Sequence[Engine], root: Path) -> list[Outcome]:
    """Whether they are there, not whether they answer."""
    notes = _notes(root)
    return [
        Life(engine, root).told(notes[engine.name], "running")
        if engine.name in notes and notes[engine.name].is_running
        else Outcome(engine.name, "stopped")
        for engine in engines
    ]


def note_urls(root: Path) -> None:
    """Of all engines that run, not only of those that were asked for."""
    notes = _notes(root).items()
    write_urls(root / "urls.json", {n: one.url for n, one in notes if one.is_running and one.url})
