"""One engine's life: brought up, asked, ended."""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from deploy.engines.engine import Engine
from deploy.engines.notes import Note
from deploy.engines.place import Account, Failed, LeftOut, Place
from deploy.engines.processes import Process, end, family, forgotten, look, memory
from deploy.engines.report import Outcome, State

ANSWERS_WITHIN = 120.0
STILL_ANSWERS_WITHIN = 15.0
FORGOTTEN_WITHIN = 5.0
TAIL = 15


@dataclass(frozen=True)
class Life:
    engine: Engine
    root: Path
    """The checkout's `.engines`."""
    ports: Mapping[str, int] = field(default_factory=dict)
    given_up: Event = field(default_factory=Event)
    """Set when nobody waits for it any more."""

    @property
    def noted(self) -> Path:
        return self.root / "run" / f"{self.engine.name}.json"

    def bring(self) -> Outcome:
        """Started unless it runs; never raises for what it lacks or how it fails."""
        blank = Outcome(self.engine.name, "left out", stands_for=self.engine.stands_for)
        since = self._log_size()
        try:
            note = Note.read(self.noted)
            if note and note.is_running:
                return self._still(note)
            return self._start()
        except LeftOut as why:
            return replace(blank, why=str(why))
        except (Failed, OSError, subprocess.SubprocessError) as why:
            return replace(blank, state="failed", why=f"{why}{self._log_end(since)}")

    def told(self, note: Note, state: State, ready_in: float = 0.0) -> Outcome:
        first = self.engine.first_port()
        everyone = {one for leader in note.leaders for one in family(leader.pid)}
        return Outcome(
            self.engine.name,
            state,
            version=note.version,
            port=note.ports[first],
            wanted=self.engine.ports[first],
            memory=memory(everyone),
            ready_in=ready_in,
            stands_for=self.engine.stands_for,
        )

    def _still(self, note: Note) -> Outcome:
        place = self._place(note.ports)
        self._until_it_answers(place, STILL_ANSWERS_WITHIN if note.url else ANSWERS_WITHIN)
        if not note.url:  # whoever started it was killed before it answered
            self._complete(note, place)
        return self.told(note, "running")

    def _complete(self, note: Note, place: Place) -> None:
        note.url = self.engine.url(place)
        note.others = [one for leader in note.leaders for one in family(leader.pid)]
        note.write(self.noted)

    def _place(self, ports: Mapping[str, int]) -> Place:
        account = Account.of(self.engine.account)
        return Place.make(self.engine.name, self.root, ports, account)

    def _start(self) -> Outcome:
        version = self.engine.get()
        if self.given_up.is_set():
            raise Failed("interrupted")
        began = time.monotonic()
        place = self._place(self.ports)
        self.engine.prepare(place)
        note = Note(version, dict(self.ports))
        started = []
        try:
            for command in self.engine.commands(place):
                started.append(place.spawn(command, self.engine.environ(place)))
                if leader := look(started[-1].pid):
                    note.leaders.append(leader)
                note.write(self.noted)
            self._until_it_answers(place, ANSWERS_WITHIN, started)
        except BaseException:
            self.end()
            for process in started:
                process.wait()
            raise
        self._complete(note, place)
        return self.told(note, "ready", time.monotonic() - began)

    def _until_it_answers(
        self, place: Place, patience: float, started: list[subprocess.Popen[bytes]] | None = None
    ) -> None:
        until = time.monotonic() + patience
        while True:
            for process in started or []:
                if process.poll() is not None:
                    raise Failed(f"it ended with {process.returncode}")
            try:
                self.engine.ask(place)
            except (OSError, ValueError, LookupError, subprocess.SubprocessError) as why:
                if self.given_up.is_set():
                    raise Failed("interrupted") from why
                if time.monotonic() > until:
                    raise Failed(f"it runs and does not answer: {why}") from why
                time.sleep(0.1)
            else:
                return

    def end(self) -> Outcome:
        """Ends what its note names and nothing else; the last started first."""
        blank = Outcome(self.engine.name, "stopped")
        note = Note.read(self.noted)
        if not note:
            return replace(blank, why="it did not run")
        patience, how = self.engine.ends_within, self.engine.ends_by
        others: list[Process] = [one for one in note.others if one not in note.leaders]
        gentle = True
        for leader in reversed(note.leaders):
            gentle &= end(leader, others, how=how, patience=patience)
            others = []
        self.noted.unlink(missing_ok=True)
        return blank if gentle else replace(blank, why=f"killed, after {patience:.0f} s")

    def bury(self) -> None:
        """Ends what is left of an engine that was killed.

        Also waits a while until the system has forgotten it: PostgreSQL takes a process that
        ended and that nobody has asked after for one that holds its database.
        """
        note = Note.read(self.noted)
        self.end()
        if note:
            forgotten(note.leaders, FORGOTTEN_WITHIN)

    def _log_size(self) -> int:
        log = self.root / "log" / f"{self.engine.name}.log"
        return log.stat().st_size if log.exists() else 0

    def _log_end(self, since: int) -> str:
        """The last lines that it wrote since then, indented."""
        log = self.root / "log" / f"{self.engine.name}.log"
        if not log.exists():
            return ""
        lines = log.read_bytes()[since:].decode("utf-8", "replace").splitlines()[-TAIL:]
        return "".join(f"\n    {line[:200]}" for line in lines)
