"""Cassandra: one node."""

from typing import ClassVar

from deploy.engines import asks, java
from deploy.engines.engine import Command, Engine
from deploy.engines.place import TEMPLATES, Place

VERSION = "5.0.9"


class Cassandra(Engine):
    name = "cassandra"
    ports: ClassVar = {"cql": 21042, "storage": 21070}
    address = "cassandra://{}"
    ends_within = 30.0

    def get(self) -> str:
        java.program("java", least=17, most=17)
        java.fetch(self.name, VERSION)
        return VERSION

    def prepare(self, at: Place) -> None:
        at.folders("temp", "triggers")
        at.fill("cassandra/cassandra.yaml", folder=at.folder, **at.ports)

    def commands(self, at: Place) -> list[Command]:
        home = java.where(self.name, VERSION)
        (agent,) = (home / "lib").glob("jamm-*.jar")
        said = {
            "java.io.tmpdir": at.folder / "temp",
            "jna.tmpdir": at.folder / "temp",
            "logback.configurationFile": TEMPLATES / "cassandra" / "logback.xml",
            "cassandra.config": (at.folder / "cassandra.yaml").as_uri(),
            "cassandra.storagedir": at.folder,
            "cassandra.triggers_dir": at.folder / "triggers",
            "cassandra-foreground": "yes",
            # there is no other node to wait for
            "cassandra.shutdown_announce_in_ms": 0,
            "cassandra.skip_wait_for_gossip_to_settle": 0,
            "cassandra.ring_delay_ms": 1,
        }
        return [
            [
                java.program("java", least=17, most=17),
                f"@{TEMPLATES / 'cassandra' / 'jvm.options'}",
                f"-javaagent:{agent}",
                *java.FLAGS,
                *(f"-D{key}={value}" for key, value in said.items()),
                *("-cp", java.classes(home), "org.apache.cassandra.service.CassandraDaemon"),
            ]
        ]

    def ask(self, at: Place) -> None:
        asks.cassandra(at.ports["cql"])
