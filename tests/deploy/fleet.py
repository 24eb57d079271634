"""Real processes to be watched: Marquee's, and a Prometheus that watches them."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from tests.ports import free_port
from tests.reliability.site import NO_TLS, environment, wait_for

import marquee

START_WITHIN = 60.0
END_WITHIN = 40.0
SOURCE = Path(marquee.__file__).parents[1]


@dataclass
class Service:
    """`marquee serve` with these contexts, all when there are none."""

    folder: Path
    names: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def serves(self) -> str:
        return "-".join(self.names) or "everything"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.serves}.log"

    def spawn(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "marquee", "serve", *self.names],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )

    def environment(self) -> dict[str, str]:
        """With the code that is tested, whatever is installed."""
        known = {"host": "127.0.0.1", "starter": "off", **self.settings}
        given = environment(port=str(self.port), data=str(self.folder / self.serves), **known)
        return {**given, "PYTHONPATH": str(SOURCE)}

    def wait_until_ready(self) -> None:
        with self.client() as client:
            wait_for(lambda: _is_ok(self.process, client, "/readyz"), within=START_WITHIN)

    def client(self) -> httpx2.Client:
        return a_client(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(END_WITHIN)
            self.process = None


@dataclass
class Prometheus:
    """A Prometheus of our own that looks every second."""

    binary: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, services: Sequence[Service], rules: str) -> None:
        """`rules` is the text of a file of rules."""
        (self.folder / "rules.yml").write_text(rules, encoding="utf-8")
        targets = [
            {"targets": [f"127.0.0.1:{one.port}"], "labels": {"serves": one.serves}}
            for one in services
        ]
        said = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "scrape_configs": [{"job_name": "marquee", "static_configs": targets}],
        }
        config = self.folder / "prometheus.yml"
        config.write_text(json.dumps(said), encoding="utf-8")  # JSON is YAML
        with (self.folder / "prometheus.log").open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [
                    self.binary,
                    f"--config.file={config}",
                    f"--storage.tsdb.path={self.folder / 'tsdb'}",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        with a_client(self.port) as client:
            wait_for(lambda: _is_ok(self.process, client, "/-/ready"), within=START_WITHIN)

    def ask(self, path: str, **parameters: str) -> Any:
        with a_client(self.port) as client:
            answer = client.get(f"/api/v1/{path}", params=parameters)
        found = answer.json()
        assert found["status"] == "success", found
        return found["data"]

    def names(self) -> set[str]:
        """Of all figures there are."""
        return set(self.ask("label/__name__/values"))

    def rules(self) -> list[dict[str, Any]]:
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def firing(self) -> set[tuple[str, str]]:
        """Alerts and the services they are about."""
        return {
            (alert["labels"]["alertname"], alert["labels"].get("serves", ""))
            for alert in self.ask("alerts")["alerts"]
            if alert["state"] == "firing"
        }

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def a_client(port: int) -> httpx2.Client:
    return httpx2.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False, verify=NO_TLS
    )


def _is_ok(process: "subprocess.Popen[bytes] | None", client: httpx2.Client, path: str) -> bool:
    assert process is not None
    assert process.poll() is None, "it ended"
    with contextlib.suppress(httpx2.TransportError):
        return client.get(path).status_code == 200
    return False
