"""Where one engine lives: its folder, its ports, its system user, its log."""

import hashlib
import os
import pwd
import shutil
import string
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

TEMPLATES = Path(__file__).parent
ELSEWHERE = Path("/var/lib/marquee-engines")
"""Where a server's folder is when its user may not enter the checkout."""
STEP_LIMIT = 180
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class LeftOut(Exception):
    """Something that the engine needs is not there; its message says what, in a line."""


class Failed(Exception):
    """The engine was there and did not start."""


@dataclass(frozen=True)
class Account:
    """The system user that a server runs as when we are root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, name: str) -> Self | None:
        """None where we are not root: then a server runs as who we are."""
        if not name or os.geteuid():
            return None
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise LeftOut(f"there is no user {name} to run it as") from None
        account = cls(name, entry.pw_uid, entry.pw_gid)
        if not account.may("-r", Path("/etc/passwd")):
            mode = Path("/etc/passwd").stat().st_mode & 0o777
            raise LeftOut(f"{name} cannot read /etc/passwd (mode {mode:o}): chmod 644 /etc/passwd")
        return account

    def may(self, what: str, path: Path) -> bool:
        """`-r` read or `-x` enter it."""
        return not subprocess.run(["test", what, path], check=False, **self.popen()).returncode

    def popen(self) -> dict[str, Any]:
        groups = os.getgrouplist(self.name, self.gid)
        return {"user": self.uid, "group": self.gid, "extra_groups": groups}


@dataclass(frozen=True)
class Place:
    folder: Path
    ports: Mapping[str, int]
    account: Account | None
    log: Path

    @classmethod
    def make(cls, name: str, root: Path, ports: Mapping[str, int], account: Account | None) -> Self:
        folder = root / name
        if account and not folder.exists() and not account.may("-x", root):
            checkout = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
            away = ELSEWHERE / checkout / name
            away.mkdir(0o755, parents=True, exist_ok=True)
            folder.unlink(missing_ok=True)
            folder.symlink_to(away)
        folder.mkdir(0o755, exist_ok=True)
        place = cls(folder.resolve(), ports, account, root / "log" / f"{name}.log")
        place.give(place.folder)
        return place

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def folders(self, *names: str) -> None:
        for name in names:
            path = self.folder / name
            path.mkdir(0o755, exist_ok=True)
            self.give(path)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(mode)
        self.give(path)
        return path

    def fill(self, template: str, **words: object) -> Path:
        """Writes a template of ours here, its `$words` filled in, under its own last name."""
        source = TEMPLATES / template
        text = string.Template(source.read_text("utf-8")).substitute(
            {key: str(value) for key, value in words.items()}
        )
        return self.write(source.name, text)

    def fresh(self, name: str) -> Path:
        """An empty folder; what a killed preparation left there is gone."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        self.folders(name)
        return self.folder / name

    def spawn(
        self, command: Sequence[str | Path], environ: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Its own session, its output in the log, nothing of ours but what is said here."""
        self.log.parent.mkdir(exist_ok=True)
        env = {"PATH": PATH, "HOME": str(self.folder), "LANG": "C.UTF-8", **environ}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, umask=0o027,
                **(self.account.popen() if self.account else {}),
            )  # fmt: skip

    def run(self, command: Sequence[str | Path], environ: Mapping[str, str] | None = None) -> None:
        """A step before the start, such as making an empty database."""
        step = self.spawn(command, environ or {})
        try:
            code = step.wait(STEP_LIMIT)
        except subprocess.TimeoutExpired:
            step.kill()
            code = step.wait()
        if code:
            raise Failed(f"{Path(command[0]).name} ended with {code}")
