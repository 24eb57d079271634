"""Servers that speak an engine's protocol without being it: for MongoDB and for Firestore."""

import sys
from pathlib import Path
from typing import ClassVar

from deploy.engines import asks, cache
from deploy.engines.engine import Command, Engine, at_loopback, need, query
from deploy.engines.place import TEMPLATES, LeftOut, Place
from deploy.engines.ports import LOOPBACK


class Mongodb(Engine):
    """SecantusDB, a process of its own: its license lets nobody import it here."""

    name = "mongodb"
    ports: ClassVar = {"mongodb": 21017}
    address = "mongodb://{}/?replicaSet=secantus"
    stands_for = "MongoDB"
    version = "0.7.0b3"
    packages = TEMPLATES / "mongodb" / "requirements.txt"

    def _home(self) -> Path:
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        return cache.where("secantusdb", self.version, [self.packages, python])

    def get(self) -> str:
        if not self._home().is_dir():
            cache.fetch(self._home(), self._make)
        return f"SecantusDB {self.version}"

    def _make(self, part: Path) -> None:
        try:
            cache.call([sys.executable, "-m", "venv", "."], cwd=part)
        except LeftOut as why:
            raise LeftOut("needs Python's venv (python3-venv)") from why
        pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        checked: Command = ["--require-hashes", "--only-binary", ":all:", "-r", self.packages]
        cache.call([part / "bin" / "python", *pip, *checked], cwd=part)

    def commands(self, at: Place) -> list[Command]:
        programs = self._home() / "bin"
        where = ["--host", LOOPBACK, "--port", str(at.ports["mongodb"])]
        kept: Command = ["--storage-path", at.folder / "database", "--sync-on-commit"]
        # by its interpreter: what it calls itself by has moved since it was fetched
        return [[programs / "python", programs / "secantusd-py", *where, *kept]]

    def ask(self, at: Place) -> None:
        asks.mongodb(at.ports["mongodb"])


class Firestore(Engine):
    """An emulator that keeps everything in memory."""

    name = "firestore"
    ports: ClassVar = {"grpc": 21085}
    address = "firestore://{}"
    stands_for = "Firestore"
    version = "0.3.15"
    folder = TEMPLATES / "firestore"

    def _home(self) -> Path:
        recipe = [self.folder / "package.json", self.folder / "package-lock.json"]
        return cache.where("firestore", self.version, recipe)

    def get(self) -> str:
        need("node")
        if not self._home().is_dir():
            cache.fetch(self._home(), self._make)
        return f"emulator {self.version}"

    def _make(self, part: Path) -> None:
        for name in ("package.json", "package-lock.json"):
            (part / name).write_bytes((self.folder / name).read_bytes())
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        cache.call([need("npm"), "ci", *options], cwd=part)

    def prepare(self, at: Place) -> None:
        # whoever asks it later may keep what is fetched elsewhere
        modules = at.folder / "modules"
        modules.unlink(missing_ok=True)
        modules.symlink_to(self._home())

    def _node(self, script: str, at: Place) -> Command:
        modules = at.folder / "modules" / "package.json"
        return [need("node"), self.folder / script, modules, at_loopback(at.ports["grpc"])]

    def commands(self, at: Place) -> list[Command]:
        return [self._node("server.mjs", at)]

    def ask(self, at: Place) -> None:
        query(self._node("ask.mjs", at))
