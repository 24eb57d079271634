"""Figures of the calls that services make to each other."""

import asyncio
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from marquee.kit.errors import MarqueeError

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Noted = Callable[[str, BaseException | None, float], None]
"""Is told of each call once it is over: its method, what it raised, how many seconds it took."""


class Calls:
    """`service` is who was asked; methods and outcomes are those of the contracts, so bounded."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._asked = Counter(
            "marquee_calls_total",
            "Calls made to other services, tries of one call counted once.",
            ("service", "method", "outcome"),
            registry=registry,
        )
        self._asked_for = Histogram(
            "marquee_call_seconds",
            "Time that a call to another service took with all its tries.",
            ("service", "method"),
            buckets=BUCKETS,
            registry=registry,
        )
        self._answered = Counter(
            "marquee_calls_answered_total",
            "Calls of other services answered here.",
            ("method", "outcome"),
            registry=registry,
        )
        self._answered_in = Histogram(
            "marquee_call_answer_seconds",
            "Time that it took here to answer a call of another service.",
            ("method",),
            buckets=BUCKETS,
            registry=registry,
        )
        self._resting = Gauge(
            "marquee_breaker_open",
            "1 while another service is not called, since it has failed too often, else 0.",
            ("service",),
            registry=registry,
        )

    def to(self, service: str) -> Noted:
        """For calls made to `service`."""

        def noted(method: str, error: BaseException | None, seconds: float) -> None:
            self._asked.labels(service, method, outcome(error)).inc()
            self._asked_for.labels(service, method).observe(seconds)

        return noted

    def answered(self, method: str, error: BaseException | None, seconds: float) -> None:
        self._answered.labels(method, outcome(error)).inc()
        self._answered_in.labels(method).observe(seconds)

    def watch(self, service: str, is_resting: Callable[[], bool]) -> None:
        """Show whether the breaker before `service` is open."""
        self._resting.labels(service).set_function(is_resting)


def outcome(error: BaseException | None) -> str:
    """`refused` is an answer, too: the caller asked for what cannot be."""
    if error is None:
        return "ok"
    if isinstance(error, asyncio.CancelledError):
        return "canceled"
    if not isinstance(error, MarqueeError):
        return "failed"
    if error.status < MarqueeError.status:
        return "refused"
    return "failed" if error.status == MarqueeError.status else "unavailable"
