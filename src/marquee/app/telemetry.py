"""Figures for Prometheus and lines for the log."""

import logging
from typing import TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MOST_NOTED = 1_000
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Figures:
    """What /metrics shows. Labels are route templates and classes of status, so bounded."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "marquee_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "marquee_http_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._behind = Gauge(
            "marquee_listener_behind_events",
            "Events told that a listener has yet to hear.",
            ("listener",),
            registry=self.registry,
        )
        self._counted: dict[tuple[str, str, int], list[float]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Only noted here, for it is done for every request; worked out when somebody looks."""
        key = (method if method in METHODS else "other", route, status)
        noted = self._counted.get(key)
        if noted is None:
            noted = self._counted[key] = []
        noted.append(seconds)
        if len(noted) >= MOST_NOTED:
            self._work_out(key, noted)

    def _work_out(self, key: tuple[str, str, int], noted: list[float]) -> None:
        method, route, status = key
        self._requests.labels(method, route, str(status)).inc(len(noted))
        timer = self._seconds.labels(route)
        for seconds in noted:
            timer.observe(seconds)
        noted.clear()

    def text(self, behind: dict[str, int]) -> bytes:
        for key, noted in self._counted.items():
            self._work_out(key, noted)
        for listener, events in behind.items():
            self._behind.labels(listener).set(events)
        return generate_latest(self.registry)


def log_to(stream: TextIO, level: str, *, pretty: bool) -> None:
    """One line an event: JSON for machines, colors for a person at a terminal."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if pretty else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
