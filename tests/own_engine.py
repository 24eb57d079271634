"""A Kafka or RabbitMQ of a test's own, which may be started late, killed and told things."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.engines import processes
from deploy.engines.engine import Engine
from deploy.engines.kafka import Kafka
from deploy.engines.place import Account, LeftOut, Place
from deploy.engines.rabbitmq import LIBRARY, Rabbitmq
from tests.ports import free_port
from tests.real import left_out
from tests.reliability.site import wait_for

STARTS_WITHIN = 90.0
LISTENER = "listener.name.sasl_plaintext"
USER, PASSWORD = "ada", "canary-word"


@dataclass
class OwnEngine:
    engine: Engine
    place: Place
    _running: "list[subprocess.Popen[bytes]]" = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return self.engine.url(self.place)

    @property
    def is_running(self) -> bool:
        return bool(self._running)

    def start(self) -> None:
        environ = self.engine.environ(self.place)
        self._running = [
            self.place.spawn(command, environ) for command in self.engine.commands(self.place)
        ]
        wait_for(self._answers, within=STARTS_WITHIN, every=0.1)

    def _answers(self) -> bool:
        last = self._running[-1]
        assert last.poll() is None, self.place.log.read_text("utf-8", "replace")[-2000:]
        try:
            self.engine.ask(self.place)
        except (OSError, ValueError):
            return False
        return True

    def kill(self) -> None:
        for one in reversed(self._running):
            family = processes.family(one.pid)
            for process in family:
                processes.send(process, signal.SIGKILL)
            one.wait()
            processes.wait(family, 10.0)
        self._running = []

    def rabbitmqctl(self, *words: str) -> None:
        """By the script that does not insist on a user."""
        script = LIBRARY / "bin" / "rabbitmqctl"
        self.place.run([script, *words], self.engine.environ(self.place))


def _own(engine: Engine, root: Path) -> OwnEngine:
    try:
        engine.get()
        account = Account.of(engine.account)
    except (LeftOut, OSError, subprocess.SubprocessError):
        left_out(engine.name)
    root.chmod(0o755)  # whoever it runs as must get in
    ports = {name: free_port() for name in (*engine.ports, "known")}
    place = Place.make(engine.name, root, ports, account)
    engine.prepare(place)
    return OwnEngine(engine, place)


@contextmanager
def an_own(engine: Engine) -> Iterator[OwnEngine]:
    """Prepared and not started; left out where its programs are not installed."""
    root = Path(tempfile.mkdtemp(prefix="marquee-own-"))
    try:
        own = _own(engine, root)
        try:
            yield own
        finally:
            own.kill()
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def an_own_kafka() -> Iterator[OwnEngine]:
    """At its port `known` it takes only who shows a user and password."""
    with an_own(Kafka()) as own:
        at = {name: f"127.0.0.1:{port}" for name, port in own.place.ports.items()}
        open_, known = f"PLAINTEXT://{at['kafka']}", f"SASL_PLAINTEXT://{at['known']}"
        login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        kinds = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT"
        told = {
            "listeners": f"{open_},{known},CONTROLLER://{at['controller']}",
            "advertised.listeners": f"{open_},{known}",
            "listener.security.protocol.map": kinds,
            "sasl.enabled.mechanisms": "PLAIN",
            f"{LISTENER}.plain.sasl.jaas.config": f'{login} user_{USER}="{PASSWORD}";',
        }
        settings = own.place.folder / "server.properties"
        settings.write_text(settings.read_text("utf-8") + _lines(told), "utf-8")
        yield own


def _lines(told: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in told.items())


@contextmanager
def an_own_rabbitmq() -> Iterator[OwnEngine]:
    with an_own(Rabbitmq()) as own:
        yield own
