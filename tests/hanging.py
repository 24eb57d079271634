"""A test that hangs is told by name, with what its tasks wait for; then its process ends.

pytest itself dumps the threads and ends the process a little later (`faulthandler_timeout`): the run
goes on in another one, and the test has failed.
"""

import asyncio
import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

SPARE = 5.0
"""Seconds before the end of the process."""


class Watch:
    """One thread a process, which knows the test that runs."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._test = ""
        self._until = float("inf")
        self._told = os.fdopen(os.dup(sys.__stderr__.fileno()), "w")
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._set(item.nodeid, time.monotonic() + self._seconds)
        try:
            return (yield)
        finally:
            self._set("", float("inf"))

    def _set(self, test: str, until: float) -> None:
        self._test, self._until = test, until

    def _look(self) -> None:
        while True:
            time.sleep(1)
            if time.monotonic() > self._until:
                self._until = float("inf")
                self._told.write("\n".join(["", f"{self._test} hangs:", *tasks(), ""]))
                self._told.flush()


def tasks() -> Iterator[str]:
    """All tasks of this process, each with the lines that wait for one another."""
    for task in [one for one in gc.get_objects() if isinstance(one, asyncio.Task)]:
        if not task.done():
            yield f"{task.get_name()}:"
            yield from _lines(task.get_coro())


def _lines(waiting: Any) -> Iterator[str]:
    while waiting is not None:
        kinds = ("cr", "gi", "ag")
        frames = [getattr(waiting, f"{kind}_frame", None) for kind in kinds]
        if frame := next(filter(None, frames), None):
            yield f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}"
        inner = [getattr(waiting, name, None) for name in ("cr_await", "gi_yieldfrom", "ag_await")]
        waiting = next((one for one in inner if one is not None), None)
