"""`make engines`, as far as it needs no engine: ports, processes, notes, fetching, what it tells."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from deploy.engines import cache, debian, java
from deploy.engines.__main__ import verdict
from deploy.engines.catalog import ENGINES
from deploy.engines.engine import Command, Engine, need
from deploy.engines.lives import Life
from deploy.engines.notes import Note, write_urls
from deploy.engines.place import LeftOut, Place
from deploy.engines.ports import LOOPBACK, SPARE, choose
from deploy.engines.processes import Process, end, family, is_alive, look, memory, wait
from deploy.engines.report import Outcome, table
from tests.real import cannot_be_had

# what is started here outlives who started it, which is the point
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, sys
from pathlib import Path
from deploy.engines import debian
debian.POLICY = Path(sys.argv[1])
with debian.no_services():
    os.kill(os.getpid(), 9)
"""
ANSWERS = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    with listener.accept()[0] as caller:
        caller.sendall(b"here")
"""


class Echo(Engine):
    """A server of a few lines, with an unrelated process beside it."""

    name = "echo"
    ports: ClassVar = {"echo": 1, "spare": 2}
    program_text = ANSWERS

    def get(self) -> str:
        return "1.0"

    def commands(self, at: Place) -> list[Command]:
        port = str(at.ports["echo"])
        return [["sleep", "60"], [sys.executable, "-c", self.program_text, port]]

    def ask(self, at: Place) -> None:
        with socket.create_connection((LOOPBACK, at.ports["echo"]), 1) as connection:
            if connection.recv(4) != b"here":
                raise ValueError("no answer")

    def url(self, at: Place) -> str:
        return f"echo://{LOOPBACK}:{at.ports['echo']}"


class Broken(Echo):
    program_text = "raise SystemExit('the disk is made of cheese')"


class Homeless(Echo):
    def get(self) -> str:
        return str(need("no-such-program"))


def a_life(engine: Engine, root: Path) -> Life:
    (root / "run").mkdir(exist_ok=True)
    return Life(engine, root, choose(engine.ports, {1, 2}))


def a_process(*command: str) -> Process:
    started = look(subprocess.Popen(command, start_new_session=True).pid)  # noqa: S603 - such as sleep
    assert started
    return started


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[Life]:
    life = a_life(Echo(), tmp_path)
    yield life
    life.end()


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        chosen = choose({"first": port, "second": port}, set())
    assert port not in chosen.values()
    assert set(chosen.values()) <= set(SPARE)


def test_no_port_is_given_twice() -> None:
    taken: set[int] = set()
    chosen = [choose({"a": SPARE[500], "b": SPARE[500]}, taken) for _ in range(3)]
    ports = [port for each in chosen for port in each.values()]
    assert len(set(ports)) == len(ports) == len(taken)


def test_every_engine_wants_ports_of_its_own() -> None:
    wanted = [port for engine in ENGINES for port in engine.ports.values()]
    assert len(set(wanted)) == len(wanted)
    assert not set(wanted) & set(SPARE)


def test_a_later_process_of_the_same_pid_is_another() -> None:
    process = a_process("sleep", "60")
    earlier = Process(process.pid, "another run of the machine")
    assert is_alive(process)
    assert not is_alive(earlier)
    end(earlier, [], how=signal.SIGKILL, patience=1)
    assert is_alive(process)
    assert end(process, [], how=signal.SIGTERM, patience=5)


def test_a_process_that_ended_and_that_nobody_asked_after_is_not_alive() -> None:
    process = a_process("sleep", "60")
    os.kill(process.pid, signal.SIGKILL)
    assert wait([process], 5)
    assert look(process.pid) is None


def test_what_does_not_listen_is_killed_with_its_family() -> None:
    process = a_process("sh", "-c", "trap '' TERM; sleep 60 & sleep 60; sleep 60")
    everyone = [process]
    while len(everyone) < 3:
        everyone = family(process.pid)
    assert memory(everyone) > 0
    assert not end(process, [], how=signal.SIGTERM, patience=0.1)
    assert not any(is_alive(one) for one in everyone)


def test_those_whose_leader_was_killed_are_ended_too() -> None:
    leader = a_process("sh", "-c", "sleep 60 & wait")
    everyone = [leader]
    while len(everyone) < 2:
        everyone = family(leader.pid)
    os.kill(leader.pid, signal.SIGKILL)
    wait([leader], 5)
    end(leader, everyone, how=signal.SIGTERM, patience=5)
    assert not any(is_alive(one) for one in everyone)


def test_an_engine_is_started_once_and_ended_whole(echo: Life) -> None:
    first = echo.bring()
    note = Note.read(echo.noted)
    assert note
    assert (first.state, first.version, first.why) == ("ready", "1.0", "")
    assert first.memory > 0
    assert echo.bring().state == "running"
    again = Note.read(echo.noted)
    assert again == note
    assert len(note.leaders) == 2
    assert echo.end().state == "stopped"
    assert not any(is_alive(leader) for leader in note.leaders)
    assert echo.end().why == "it did not run"


def test_one_whose_starter_was_killed_before_it_answered_is_found_again(echo: Life) -> None:
    echo.bring()
    note = Note.read(echo.noted)
    assert note
    whole = note.url
    note.url, note.others = "", []
    note.write(echo.noted)
    assert echo.bring().state == "running"
    completed = Note.read(echo.noted)
    assert completed
    assert completed.url == whole


def test_an_engine_of_which_a_part_was_killed_does_not_count_as_running(echo: Life) -> None:
    echo.bring()
    note = Note.read(echo.noted)
    assert note
    os.kill(note.leaders[0].pid, signal.SIGKILL)
    wait(note.leaders[:1], 5)
    assert not note.is_running


def test_an_engine_that_does_not_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    life = a_life(Broken(), tmp_path)
    outcome = life.bring()
    assert outcome.state == "failed"
    assert "the disk is made of cheese" in outcome.why
    assert not life.noted.exists()


def test_an_engine_that_lacks_something_is_left_out_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = a_life(Homeless(), tmp_path).bring()
    assert table([outcome]) == "echo: left out: needs no-such-program"
    assert verdict([outcome], in_ci=False) == 0
    assert verdict([outcome], in_ci=True) == 1
    assert "Not running: echo." in capsys.readouterr().err


def test_a_note_that_is_cut_off_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "note.json").write_text('{"version": "1.0", "po', "utf-8")
    assert Note.read(tmp_path / "note.json") is None


def test_the_urls_are_for_us_alone_and_go_when_nothing_runs(tmp_path: Path) -> None:
    path = tmp_path / "urls.json"
    write_urls(path, {"echo": "echo://127.0.0.1:1"})
    assert json.loads(path.read_text("utf-8")) == {"echo": "echo://127.0.0.1:1"}
    assert path.stat().st_mode & 0o077 == 0
    write_urls(path, {})
    assert not path.exists()


def test_the_table_says_what_is_not_the_engine_itself_and_what_moved() -> None:
    told = table(
        [
            Outcome("redis", "ready", "7.0", 22000, 21379, 12_000_000, 0.25),
            Outcome("mongodb", "running", "X 1", 21017, 21017, 60_000_000, stands_for="MongoDB"),
            Outcome("kafka", "stopped"),
        ]
    )
    assert told.splitlines() == [
        "engine   version   port  memory     ready in",
        "redis    7.0      22000   12 MB        0.2 s  port 21379 was taken",
        "mongodb  X 1      21017   60 MB  was running  a compatible server, not MongoDB itself",
        "72 MB in all",
        "kafka: stopped",
    ]


def test_a_fetch_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    target = cache.where("echo", "1.0", ["recipe"])
    half = target.with_name(f".{target.name}.part")
    half.mkdir(parents=True)
    (half / "of a fetch that was killed").touch()

    def fail(part: Path) -> None:
        cache.call(["sh", "-c", "echo half > half; echo no network >&2; exit 1"], cwd=part)

    def work(part: Path) -> None:
        cache.call(["sh", "-c", "echo whole > whole"], cwd=part)

    with pytest.raises(LeftOut, match="no network"):
        cache.fetch(target, fail)
    assert not target.exists()
    assert not half.exists()
    cache.fetch(target, work)
    cache.fetch(target, fail)
    assert [path.name for path in target.iterdir()] == ["whole"]
    assert cache.where("echo", "1.0", ["another recipe"]) != target


def test_maven_runs_on_a_java_that_is_not_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        java.program("java", least=17)
    except LeftOut as lacks:
        cannot_be_had(str(lacks))
    maven = tmp_path / "mvn"
    maven.write_text('#!/bin/sh\necho "error: $JAVA_HOME"; exit 1\n')
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(LeftOut) as told:
        java._copy_jars("kafka", tmp_path)
    home = Path(str(told.value).rpartition("error: ")[2])
    assert (home / "bin" / "java").exists()


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 0\n"])
def test_whether_services_may_start_is_put_back_also_after_a_run_that_was_killed(
    before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "POLICY", policy)
    if before:
        policy.write_text(before, "utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED, policy], cwd=ROOT, check=False)  # noqa: S603 - our own words
    assert killed.returncode == -signal.SIGKILL
    assert policy.exists()
    with debian.no_services():
        assert subprocess.run([policy], check=False).returncode == 101  # noqa: S603 - what we wrote
    assert (policy.read_text("utf-8") if policy.exists() else None) == before
    assert len(list(tmp_path.iterdir())) == (1 if before else 0)
