"""The log as a machine reads it, for tests that look into it."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from marquee.app.logs import log_to


class Log(io.StringIO):
    def lines(self, **like: object) -> list[dict[str, Any]]:
        """Those that have all of these."""
        found = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in found if like.items() <= line.items()]


@contextmanager
def logged(level: str = "debug") -> Iterator[Log]:
    """What is logged within, set back in the end."""
    log, root = Log(), logging.getLogger()
    handlers, least, before = root.handlers[:], root.level, structlog.get_config()
    root.handlers = []  # those of pytest, which would be closed
    try:
        log_to(log, level, pretty=False)
        yield log
    finally:
        structlog.configure(**before)
        root.handlers = handlers
        root.setLevel(least)
