"""OpenSearch: one node, without its security plugin."""

import json
from typing import ClassVar

from deploy.engines import asks, java
from deploy.engines.engine import Command, Engine
from deploy.engines.place import TEMPLATES, Place

VERSION = "2.19.1"


class Opensearch(Engine):
    name = "opensearch"
    ports: ClassVar = {"http": 21200, "transport": 21300}
    address = "opensearch://{}"
    ends_within = 30.0

    def get(self) -> str:
        java.fetch(self.name, VERSION, javac=java.program("javac", least=17, most=23))
        return VERSION

    def commands(self, at: Place) -> list[Command]:
        ports = [str(at.ports[name]) for name in ("http", "transport")]
        path = java.classes(java.where(self.name, VERSION))
        settings = TEMPLATES / "opensearch" / "config"
        run: Command = [java.program("java", least=17, most=23), *java.FLAGS, "-cp", path]
        return [[*run, "OneNode", at.folder, settings, *ports]]

    def ask(self, at: Place) -> None:
        health = json.loads(asks.http(at.ports["http"], "/_cluster/health"))
        if health["status"] == "red":
            raise ValueError("not all of its shards are there yet")
