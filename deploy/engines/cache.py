"""What is fetched once for all checkouts: whole or not at all."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.engines.notes import alone
from deploy.engines.place import LeftOut

LIMIT = 900
"""Seconds that one fetch may take."""


def root() -> Path:
    kept = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(kept) / "marquee" / "engines"


def where(name: str, version: str, recipe: Sequence[Path | str]) -> Path:
    """Its folder, whether fetched or not; another recipe is another folder."""
    said = [part.read_bytes() if isinstance(part, Path) else part.encode() for part in recipe]
    digest = hashlib.sha256(b"\0".join(said)).hexdigest()[:8]
    return root() / f"{name}-{version}-{digest}"


def fetch(target: Path, make: Callable[[Path], None]) -> Path:
    """Makes `target` by filling a folder beside it, which is moved there when it is full."""
    with alone(target.with_name(f".{target.name}.lock")):
        if not target.is_dir():
            part = target.with_name(f".{target.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            try:
                make(part)
                part.replace(target)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    return target


def call(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """A step of fetching; LeftOut with its last words where it fails."""
    environ = os.environ | dict(env or {})
    try:
        done = subprocess.run(
            command, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=LIMIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LeftOut(f"could not be fetched: {error}") from error
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        # Maven's and npm's first error says more than what they end with
        told = next((line for line in said if "rror" in line), said[-1] if said else command[0])
        raise LeftOut(f"could not be fetched: {str(told).strip()[:200]}")
