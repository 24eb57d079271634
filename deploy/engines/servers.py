"""PostgreSQL, MariaDB, Redis, nginx, Prometheus."""

import json
import re
import signal
from pathlib import Path
from typing import ClassVar

from deploy.engines import asks, debian
from deploy.engines.engine import Command, Engine, at_loopback, find, need, query, version
from deploy.engines.place import Place
from deploy.engines.ports import LOOPBACK


class Server(Engine):
    """One that comes in a package and answers `--version`."""

    version_by = "--version"

    def get(self) -> str:
        return version([debian.program(self.program, self.package), self.version_by])


class Postgresql(Server):
    name = "postgresql"
    ports: ClassVar = {"sql": 21432}
    address = "postgresql://postgres@{}/postgres"
    account = "postgres"
    package = "postgresql"
    program = "postgres"
    ends_by = signal.SIGINT  # SIGTERM would wait until the last client has left

    def lacks_package(self) -> bool:
        return not self._kept("postgres") and super().lacks_package()

    def get(self) -> str:
        return version([self._bin("postgres"), "--version"])

    def _kept(self, program: str) -> list[Path]:
        """Debian keeps a major version's programs out of everybody's way; the newest is last."""
        return sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{program}"),
            key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0),
        )

    def _bin(self, program: str) -> Path:
        kept = self._kept(program)
        return kept[-1] if kept else debian.program(program, self.package)

    def prepare(self, at: Place) -> None:
        if not (at.folder / "database").exists():
            part = at.fresh("database.part")
            part.chmod(0o700)
            options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
            at.run([self._bin("initdb"), "-D", part, *options])
            part.rename(at.folder / "database")

    def commands(self, at: Place) -> list[Command]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": at.ports["sql"],
            "unix_socket_directories": "",  # the path to it could be longer than one may be
            "max_connections": 200,
            "fsync": "on",
            "synchronous_commit": "on",
        }
        said = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [[self._bin("postgres"), "-D", at.folder / "database", *said]]

    def ask(self, at: Place) -> None:
        where = ["-h", LOOPBACK, "-p", str(at.ports["sql"]), "-U", "postgres", "-w"]
        query([self._bin("psql"), "-X", *where, "-c", "select 1", "postgres"])


class Mariadb(Server):
    name = "mariadb"
    ports: ClassVar = {"sql": 21306}
    address = "mysql://root@{}/mysql"
    account = "mysql"
    package = "mariadb-server"
    program = "mariadbd"

    def prepare(self, at: Place) -> None:
        if not (at.folder / "database").exists():
            part = at.fresh("database.part")
            options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
            install = need("mariadb-install-db")
            at.run([install, "--no-defaults", f"--datadir={part}", *options])
            part.rename(at.folder / "database")

    def commands(self, at: Place) -> list[Command]:
        options = [
            f"--datadir={at.folder / 'database'}",
            f"--bind-address={LOOPBACK}",
            f"--port={at.ports['sql']}",
            "--socket=server.sock",  # in the datadir: a whole path could be too long for one
            "--pid-file=server.pid",
            "--character-set-server=utf8mb4",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-snapshot-isolation=ON",
        ]
        return [[need("mariadbd"), "--no-defaults", *options]]

    def ask(self, at: Place) -> None:
        where = ["--protocol=tcp", "-h", LOOPBACK, "-P", str(at.ports["sql"]), "-u", "root"]
        query([need("mariadb"), "--no-defaults", *where, "-e", "select 1"])


class Redis(Server):
    name = "redis"
    ports: ClassVar = {"redis": 21379}
    address = "redis://{}"
    account = "redis"
    package = "redis-server"
    program = "redis-server"

    def commands(self, at: Place) -> list[Command]:
        where: Command = ["--bind", LOOPBACK, "--port", str(at.ports["redis"]), "--dir", at.folder]
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        return [[need("redis-server"), *where, *kept, "--daemonize", "no"]]

    def ask(self, at: Place) -> None:
        asks.redis(at.ports["redis"])


class Program(Server):
    """Its URL is its program: what needs it writes a configuration of its own."""

    def url(self, at: Place) -> str:
        del at
        return str(find(self.program))


class Nginx(Program):
    name = "nginx"
    ports: ClassVar = {"http": 21080}
    account = "www-data"
    package = "nginx"
    program = "nginx"
    version_by = "-v"

    def prepare(self, at: Place) -> None:
        at.folders("temp")
        at.fill("nginx/nginx.conf", listen=at_loopback(at.ports["http"]), folder=at.folder)

    def commands(self, at: Place) -> list[Command]:
        return [[need("nginx"), "-c", at.folder / "nginx.conf", "-e", "stderr"]]

    def ask(self, at: Place) -> None:
        asks.http(at.ports["http"], "/")


class Prometheus(Program):
    name = "prometheus"
    ports: ClassVar = {"http": 21090}
    account = "prometheus"
    package = "prometheus"
    program = "prometheus"

    def prepare(self, at: Place) -> None:
        at.folders("series")
        at.fill("prometheus/prometheus.yml", address=at_loopback(at.ports["http"]))

    def commands(self, at: Place) -> list[Command]:
        return [
            [
                need("prometheus"),
                f"--config.file={at.folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={at.folder / 'series'}",
                f"--web.listen-address={at_loopback(at.ports['http'])}",
            ]
        ]

    def ask(self, at: Place) -> None:
        told = json.loads(asks.http(at.ports["http"], "/api/v1/query?query=1"))
        if told["status"] != "success":
            raise ValueError(told["status"])
