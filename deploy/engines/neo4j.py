"""Neo4j Community, with a password of its own."""

import json
import secrets
from typing import ClassVar

from deploy.engines import asks, java
from deploy.engines.engine import Command, Engine, at_loopback
from deploy.engines.place import Place

VERSION = "5.26.30"


class Neo4j(Engine):
    name = "neo4j"
    ports: ClassVar = {"bolt": 21687, "http": 21474}
    ends_within = 40.0

    def get(self) -> str:
        java.program("java", least=17, most=21)
        java.fetch(self.name, VERSION)
        return VERSION

    def _run(self, *words: str) -> Command:
        program = java.program("java", least=17, most=21)
        return [program, *java.FLAGS, "-cp", java.classes(java.where(self.name, VERSION)), *words]

    def _password(self, at: Place) -> str:
        return (at.folder / "password").read_text("utf-8")

    def prepare(self, at: Place) -> None:
        at.folders("conf")
        ports = {name: at_loopback(port) for name, port in at.ports.items()}
        (at.folder / "conf" / "neo4j.conf").unlink(missing_ok=True)
        at.fill("neo4j/neo4j.conf", **ports).rename(at.folder / "conf" / "neo4j.conf")
        if not (at.folder / "data" / "databases" / "system").exists():
            # it takes one only before its first start
            at.write("password", secrets.token_hex(12), 0o600)
            tool = "org.neo4j.cli.AdminTool"
            settings = {"NEO4J_HOME": str(at.folder), "NEO4J_CONF": str(at.folder / "conf")}
            at.run(self._run(tool, "dbms", "set-initial-password", self._password(at)), settings)

    def commands(self, at: Place) -> list[Command]:
        where = [f"--home-dir={at.folder}", f"--config-dir={at.folder / 'conf'}"]
        return [self._run("org.neo4j.server.CommunityEntryPoint", *where, "--console-mode")]

    def ask(self, at: Place) -> None:
        question = {"statements": [{"statement": "RETURN 1"}]}
        path = "/db/neo4j/tx/commit"
        told = asks.http(at.ports["http"], path, body=question, password=self._password(at))
        if errors := json.loads(told)["errors"]:
            raise ValueError(errors[0]["code"])

    def url(self, at: Place) -> str:
        return f"neo4j://neo4j:{self._password(at)}@{at_loopback(at.ports['bolt'])}"
