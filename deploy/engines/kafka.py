"""Kafka: one broker that is its own controller."""

from pathlib import Path
from typing import ClassVar

from deploy.engines import asks, java
from deploy.engines.engine import Command, Engine, at_loopback
from deploy.engines.place import TEMPLATES, Place

VERSION = "4.3.1"
CLUSTER = "bWFycXVlZS1lbmdpbmVzIQ"
"""Any 22 characters of base64 that stay the same."""


class Kafka(Engine):
    name = "kafka"
    ports: ClassVar = {"kafka": 21092, "controller": 21093}
    address = "kafka://{}"
    ends_within = 30.0

    def get(self) -> str:
        self._java()
        java.fetch(self.name, VERSION)
        return VERSION

    def _java(self) -> Path:
        return java.program("java", least=17)

    def _run(self, *words: str | Path) -> Command:
        settings = f"-Dlog4j2.configurationFile={TEMPLATES / 'kafka' / 'log4j2.properties'}"
        path = java.classes(java.where(self.name, VERSION))
        return [self._java(), *java.FLAGS, settings, "-cp", path, *words]

    def prepare(self, at: Place) -> None:
        listen, control = (at_loopback(at.ports[name]) for name in ("kafka", "controller"))
        at.fill("kafka/server.properties", listen=listen, control=control, folder=at.folder)
        if not (at.folder / "log" / "meta.properties").exists():
            settings = at.folder / "server.properties"
            at.run(self._run("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", settings))

    def commands(self, at: Place) -> list[Command]:
        return [self._run("kafka.Kafka", at.folder / "server.properties")]

    def ask(self, at: Place) -> None:
        asks.kafka(at.ports["kafka"])
