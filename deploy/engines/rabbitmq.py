"""RabbitMQ, and the port mapper of Erlang that it would otherwise leave behind."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from deploy.engines import asks, debian
from deploy.engines.engine import Command, Engine, at_loopback, find, need
from deploy.engines.place import Place
from deploy.engines.ports import LOOPBACK

LIBRARY = Path("/usr/lib/rabbitmq")


class Rabbitmq(Engine):
    name = "rabbitmq"
    ports: ClassVar = {"amqp": 21672, "erlang": 21673, "epmd": 21674}
    address = "amqp://guest:guest@{}/"
    account = "rabbitmq"
    package = "rabbitmq-server"
    program = "rabbitmq-server"
    ends_within = 30.0

    def get(self) -> str:
        debian.program(self.program, self.package)
        kept = sorted(LIBRARY.glob("lib/rabbitmq_server-*"))
        return kept[-1].name.rpartition("-")[2] if kept else "unknown"

    def prepare(self, at: Place) -> None:
        at.folders("mnesia", "log")
        at.fill("rabbitmq/rabbitmq.conf", address=at_loopback(at.ports["amqp"]))
        at.write("enabled_plugins", "[].\n")
        at.write("rabbitmq-env.conf", "")

    def commands(self, at: Place) -> list[Command]:
        # the script in PATH insists on changing the user itself
        server = LIBRARY / "bin" / "rabbitmq-server"
        mapper: Command = [need("epmd"), "-port", str(at.ports["epmd"]), "-address", LOOPBACK]
        return [mapper, [server if server.exists() else find("rabbitmq-server") or server]]

    def environ(self, at: Place) -> Mapping[str, str]:
        return {
            "RABBITMQ_NODENAME": "marquee@localhost",
            "RABBITMQ_MNESIA_BASE": str(at.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(at.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(at.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(at.folder / "rabbitmq-env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(at.folder / "enabled_plugins"),
            "RABBITMQ_DIST_PORT": str(at.ports["erlang"]),
            "ERL_EPMD_PORT": str(at.ports["epmd"]),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def ask(self, at: Place) -> None:
        asks.rabbitmq(at.ports["amqp"])
