"""Real engines for tests: where they are. `make engines` starts them and writes down where."""

import json
import os
from functools import cache
from pathlib import Path

import pytest

NOTED = Path(os.environ.get("MARQUEE_TEST_ENGINES", ".engines/urls.json"))
MISSING: set[str] = set()
"""The engines that a test was left out for."""


@cache
def _noted() -> dict[str, str]:
    """URLs by engine's name, such as `postgresql`, as `make engines` wrote them."""
    found: dict[str, str] = json.loads(NOTED.read_text("utf-8")) if NOTED.exists() else {}
    return found


def real(engine: str) -> str:
    """The URL of a running `engine`; the test is left out where there is none, but not under CI.

    `MARQUEE_TEST_MONGODB_URL` and its like name another one than `make engines` started.
    """
    url = os.environ.get(f"MARQUEE_TEST_{engine.upper()}_URL") or _noted().get(engine)
    if url is not None:
        return url
    MISSING.add(engine)
    if os.environ.get("CI"):
        pytest.fail(f"{engine} is not running: make engines")
    pytest.skip(f"{engine} is not running: make engines")


def on(*engines: str) -> list[object]:
    """Parameters of a fixture that opens a store on each of these; `sqlite` is always there."""
    embedded = {"sqlite", "memory", "tantivy"}
    return [
        engine if engine in embedded else pytest.param(engine, marks=pytest.mark.engine)
        for engine in engines
    ]
