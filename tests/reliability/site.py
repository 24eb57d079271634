"""A Marquee of one's own: a data folder, a process that serves it, and people who use it."""

import contextlib
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from tests.ports import free_port
from tests.reliability import watch

from marquee.app.folder import control_socket
from marquee.app.operator import knock
from marquee.app.remote.client import Peer

C = TypeVar("C")
PASSWORD = "a lantern in the orchard at nine"
ROOT = Path(__file__).resolve().parents[2]
CODE = f"{ROOT / 'src'}:{ROOT}"
"""For PYTHONPATH: the code beside this file, and these tests."""
START_WITHIN = 60.0
END_WITHIN = 40.0
TOKENS_LAST = 600.0
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here speaks TLS; without this each client would read the system's certificates."""
TROUBLE = ("a request failed", "a listener failed", "a job failed", "Traceback", "Unhandled")


def environment(**settings: str) -> dict[str, str]:
    """This process's own, without its MARQUEE_ settings, with these and the code beside this file."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MARQUEE_")}
    ours = {"PYTHONPATH": CODE}
    return {**plain, **ours, **{f"MARQUEE_{name.upper()}": v for name, v in settings.items()}}


def wait_for(what: Callable[[], Any], *, within: float = 30.0, every: float = 0.02) -> Any:
    """The first true answer of `what`."""
    deadline = time.monotonic() + within
    while True:
        if found := what():
            return found
        assert time.monotonic() < deadline, f"nothing within {within} s"
        time.sleep(every)


@dataclass
class Site:
    folder: Path
    port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    expects_trouble: bool = False
    program: tuple[str, ...] = ("-m", "marquee")
    command: tuple[str, ...] = ("-m", "marquee")
    _tokens: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.log")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def environment(self) -> dict[str, str]:
        known = {"host": "127.0.0.1", "starter": "off", "log_level": "warning", **self.settings}
        return environment(data=str(self.folder), port=str(self.port), **known)

    def spawn(self) -> None:
        """Start the process and return at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *self.program, "serve"],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder.parent,
            )

    def start(self) -> float:
        """Serve; how many seconds it took until ready."""
        began = time.monotonic()
        self.spawn()
        self.wait_until_ready()
        return time.monotonic() - began

    def wait_until_ready(self) -> None:
        with httpx2.Client(base_url=self.url, timeout=5, trust_env=False, verify=NO_TLS) as client:

            def is_ready() -> bool:
                assert self.process is not None
                assert self.process.poll() is None, f"it ended: {self.said()}"
                with contextlib.suppress(httpx2.TransportError):
                    return client.get("/readyz").status_code == 200
                return False

            wait_for(is_ready, within=START_WITHIN)

    def stop(self) -> int:
        """By SIGTERM; its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(END_WITHIN)
        self.process = None
        return code

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def close(self) -> None:
        """End it and see that it logged no trouble."""
        self.kill()
        if not self.expects_trouble:
            trouble = [line for line in self.said().splitlines() if any(t in line for t in TROUBLE)]
            assert trouble == [], "\n".join(trouble)[:4000]

    def run(
        self, *arguments: str, stdin: str = "", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        """A command of the operator, on this folder."""
        return subprocess.run(  # noqa: S603 - our own command, by our own tests
            [sys.executable, *self.command, *arguments],
            env=self.environment() | {f"MARQUEE_{n.upper()}": v for n, v in settings.items()},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def place(self) -> str:
        """A loopback address nobody has called from: throttles count by address."""
        return f"127.{secrets.randbelow(250) + 2}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 1}"

    def client(self, who: str | None = None, *, place: str | None = None) -> httpx2.Client:
        """Each answer is checked as `watch` says."""
        return httpx2.Client(
            base_url=self.url,
            headers=self.headers(who),
            timeout=30,
            trust_env=False,
            event_hooks=watch.hooks(),
            transport=httpx2.HTTPTransport(local_address=place, verify=NO_TLS),
        )

    def many(self, who: str | None = None, connections: int = 100) -> httpx2.AsyncClient:
        """The same for many requests at once."""
        return httpx2.AsyncClient(
            base_url=self.url,
            headers=self.headers(who),
            timeout=60,
            trust_env=False,
            event_hooks=watch.hooks(is_async=True),
            verify=NO_TLS,
            limits=httpx2.Limits(max_connections=connections),
        )

    def headers(self, who: str | None) -> dict[str, str]:
        """Of somebody who has signed in; nothing for nobody."""
        if who is None:
            return {}
        known = self._tokens.get(who)
        if known is None or time.monotonic() - known[0] > TOKENS_LAST:
            known = (time.monotonic(), self.sign_in(who))
            self._tokens[who] = known
        return dict(known[1])

    def sign_in(self, who: str) -> dict[str, str]:
        with self.client(place=self.place()) as client:
            answer = client.post("/api/v1/auth/login", json={"login": who, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def join(self, who: str) -> str:
        """Register; the account's id."""
        new = {"username": who, "email": f"{who}@films.example", "password": PASSWORD}
        with self.client(place=self.place()) as client:
            answer = client.post("/api/v1/accounts", json=new)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def newcomer(self) -> str:
        """The name of a member nobody else uses."""
        name = f"guest{secrets.token_hex(5)}"
        self.join(name)
        return name

    @contextlib.asynccontextmanager
    async def asking(self, contract: type[C]) -> AsyncIterator[C]:
        """A contract of the running process, as the operator's commands ask it."""
        async with Peer(f"unix:{control_socket(self.folder)}", caller="operator") as peer:
            await knock(peer)
            yield peer.ask(contract)


@contextlib.contextmanager
def copied(template: Path, folder: Path, **settings: str) -> Iterator[Site]:
    """A site of its own with what the template holds, not started yet."""
    shutil.copytree(template, folder)
    site = Site(folder, settings=settings)
    try:
        yield site
    finally:
        site.close()
