"""What a run of this folder found, kept for `python -m benchmarks.promises` to print."""

import json
import os
import time
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


def keep(case: str, **found: Any) -> None:
    """Keep the figures of one case; what an earlier test of the same case kept stays beside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{case}.json"
    size = "full" if FULL else "short"
    known: dict[str, Any] = {}
    if path.is_file():
        known = json.loads(path.read_text("utf-8"))
    before = known.get("found", {}) if known.get("size") == size else {}
    text = json.dumps(
        {"case": case, "size": size, "at": time.time(), "found": {**before, **found}}, indent=1
    )
    new = path.with_name(f".{case}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
