"""How late the event loop is: what holds it up holds up every request."""

import asyncio
import time
from collections import deque

from prometheus_client import CollectorRegistry, Gauge

EVERY = 0.25
KEPT = int(30 / EVERY)
"""Looks that are kept: longer than a scrape is away, so that none misses a hold-up."""


class Lag:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._late: deque[float] = deque(maxlen=KEPT)
        Gauge(
            "marquee_loop_lag_seconds",
            "How late the event loop was at worst within the last 30 seconds.",
            registry=registry,
        ).set_function(lambda: max(self._late, default=0.0))

    async def watch(self) -> None:
        """Look again and again, until canceled."""
        while True:
            due = time.monotonic() + EVERY
            await asyncio.sleep(EVERY)
            self._late.append(max(0.0, time.monotonic() - due))
