"""Engines that come as Debian packages: installing them without starting their services."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.engines.engine import find
from deploy.engines.place import LeftOut

POLICY = Path("/usr/sbin/policy-rc.d")
"""Asked by packages whether they may start a service; 101 is no."""
LIMIT = 900


@contextmanager
def no_services() -> Iterator[None]:
    """What was there before is put back, also after a run of us that was killed."""
    before = POLICY.with_name(f"{POLICY.name}.before-marquee")
    none_before = POLICY.with_name(f"{POLICY.name}.none-before-marquee")
    if not before.exists() and not none_before.exists():
        if POLICY.exists():
            POLICY.rename(before)
        else:
            none_before.touch()
    POLICY.write_text("#!/bin/sh\nexit 101\n", "utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if before.exists():
            before.replace(POLICY)
        else:
            POLICY.unlink()
            none_before.unlink(missing_ok=True)


def why_not() -> str:
    """Why nothing can be installed here; empty where it can."""
    if not find("apt-get"):
        return "not installed, and there is no apt-get"
    if os.geteuid():
        return "not installed, and only root can install it"
    return ""


def install(packages: Sequence[str]) -> dict[str, str]:
    """Why a package could not be installed, by package."""
    if reason := why_not():
        return dict.fromkeys(packages, reason)
    with no_services():
        _apt("update")
        if not _apt("install", *packages):
            return {}
        told = {package: _apt("install", package) for package in packages}
    return {package: why for package, why in told.items() if why}


def _apt(step: str, *packages: str) -> str:
    """Its last error; empty where it did what was asked."""
    options = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            ["apt-get", *options, step, *packages],
            env=env, umask=0o022, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=LIMIT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"apt-get {step} took too long"
    said = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return f"apt-get: {said[-1][3:] if said else step}" if done.returncode else ""


def program(name: str, package: str) -> Path:
    """Where a package's program is; LeftOut where it is not."""
    found = find(name)
    if not found:
        raise LeftOut(why_not() or f"apt-get did not bring {name} ({package})")
    return found
