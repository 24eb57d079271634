"""A PostgreSQL or MariaDB of a test's own, which may be killed and started again."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.engines import processes
from deploy.engines.engine import Engine
from deploy.engines.place import Account, LeftOut, Place
from deploy.engines.servers import Mariadb, Postgresql
from tests.ports import free_port
from tests.real import ask, left_out
from tests.reliability.site import wait_for

ENGINES: dict[str, type[Engine]] = {"postgresql": Postgresql, "mariadb": Mariadb}
STARTS_WITHIN = 60.0
DATABASE = "films"


@dataclass
class OwnServer:
    """`options` are words for its program besides ours."""

    engine: Engine
    place: Place
    options: tuple[str, ...] = ()
    kills: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"{self.engine.url(self.place).rpartition('/')[0]}/{DATABASE}"

    @property
    def _anywhere(self) -> str:
        return self.engine.url(self.place)

    def start(self) -> None:
        command = [*self.engine.commands(self.place)[0], *self.options]
        self._process = self.place.spawn(command, {})
        wait_for(self._answers, within=STARTS_WITHIN)

    def kill(self) -> None:
        """With all that it started, as the kernel does when memory has run out."""
        if self._process is None:
            return
        family = processes.family(self._process.pid)
        for process in family:
            processes.send(process, signal.SIGKILL)
        self._process.wait()
        processes.wait(family, 10.0)
        self._process = None
        self.kills += 1

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.place.log.read_text("utf-8")[-2000:]
        with suppress(Exception):
            return bool(ask(self._anywhere, "SELECT 1"))
        return False

    def make_database(self) -> None:
        ask(self._anywhere, f"CREATE DATABASE {DATABASE}")


@contextmanager
def an_own(name: str, *options: str) -> Iterator[OwnServer]:
    """Started, with an empty database; left out where its programs are not installed."""
    engine = ENGINES[name]()
    root = Path(tempfile.mkdtemp(prefix="marquee-own-"))
    root.chmod(0o755)  # whoever it runs as must get in
    try:
        try:
            engine.get()
            account = Account.of(engine.account)
        except (LeftOut, OSError, subprocess.SubprocessError):
            left_out(name)
        own = OwnServer(
            engine, Place.make(name, root, {"sql": free_port()}, account), options=options
        )
        engine.prepare(own.place)
        try:
            own.start()
            own.make_database()
            yield own
        finally:
            own.kill()
    finally:
        shutil.rmtree(root, ignore_errors=True)
