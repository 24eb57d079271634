"""What a run of this folder found, kept for `python -m benchmarks.promises` to print."""

import json
import os
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any

FULL = os.environ.get("MARQUEE_TEST_FULL", "") not in {"", "0"}
FOLDER = Path(
    os.environ.get("MARQUEE_TEST_FIGURES")
    or Path(__file__).resolve().parents[2] / ".pytest_cache" / "reliability"
)


def sized(short: int, full: int) -> int:
    """How many of something: few on every commit, many in `make reliability`."""
    return full if FULL else short


@cache
def commit() -> str:
    """What is tested, as git names it; a plus says that files have changed since."""
    try:
        name, changes = (
            subprocess.run(  # noqa: S603 - two fixed questions
                ["git", *asked],  # noqa: S607 - whichever git is there
                cwd=Path(__file__).parent,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            for asked in (("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "-uno"))
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name}+" if changes else name


def keep(case: str, **found: Any) -> None:
    """Keep the figures of one case; what an earlier test of the same case kept stays beside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{case}.json"
    size = "full" if FULL else "short"
    known: dict[str, Any] = {}
    if path.is_file():
        known = json.loads(path.read_text("utf-8"))
    before = known.get("found", {}) if known.get("size") == size else {}
    told = {
        "case": case,
        "size": size,
        "at": time.time(),
        "commit": commit(),
        "found": {**before, **found},
    }
    text = json.dumps(told, indent=1)
    new = path.with_name(f".{case}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
