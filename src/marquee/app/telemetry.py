"""Figures for Prometheus."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from marquee import __version__
from marquee.app.calls import Calls
from marquee.app.lag import Lag

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MOST_NOTED = 1_000
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(frozen=True)
class State:
    """How things stand when somebody looks; by listener, or by check."""

    behind: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, float] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)
    missed: Mapping[str, int] = field(default_factory=dict)
    parked: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, bool] = field(default_factory=dict)
    is_ready: bool = False


class Shown:
    """A state as Prometheus takes it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._behind = Gauge(
            "marquee_listener_behind_events",
            "Events told that a listener has yet to hear.",
            ("listener",),
            registry=registry,
        )
        self._waiting = Gauge(
            "marquee_event_waiting_seconds",
            "For how long the next event that a listener, or the broker, has yet to be given waits.",
            ("listener",),
            registry=registry,
        )
        self._failures = Counter(
            "marquee_listener_failures_total",
            "How often a listener has failed at a message.",
            ("listener",),
            registry=registry,
        )
        self._missed = Counter(
            "marquee_listener_missed_total",
            "How often a listener was found to have missed events that are kept no more.",
            ("listener",),
            registry=registry,
        )
        self._parked = Gauge(
            "marquee_parked_messages",
            "Messages a listener could not take, which wait for an operator.",
            ("listener",),
            registry=registry,
        )
        self._well = Gauge(
            "marquee_check_ok",
            "1 where something this process cannot do without works, else 0.",
            ("check",),
            registry=registry,
        )
        self._ready = Gauge(
            "marquee_ready", "1 while this process takes requests, else 0.", registry=registry
        )
        self._counted: dict[Counter, dict[str, int]] = {}

    def show(self, state: State) -> None:
        _show(self._behind, state.behind)
        _show(self._waiting, state.waiting)
        _show(self._parked, state.parked)
        _show(self._well, state.checks)
        self._ready.set(state.is_ready)
        self._count(self._failures, state.failures)
        self._count(self._missed, state.missed)

    def _count(self, counter: Counter, times: Mapping[str, int]) -> None:
        before = self._counted.setdefault(counter, {})
        for listener, count in times.items():
            counter.labels(listener).inc(count - before.get(listener, 0))
            before[listener] = count


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
        self._shown = Shown(self.registry)
        self._failed_jobs = Counter(
            "marquee_job_failures_total",
            "How often something done on a clock has failed.",
            ("name",),  # `job` is Prometheus' own
            registry=self.registry,
        )
        self._forgotten = Counter(
            "marquee_forgotten_total",
            "Events that all had heard, and answers kept for repeated requests, dropped by age.",
            ("context", "what"),
            registry=self.registry,
        )
        self.calls = Calls(self.registry)
        self.lag = Lag(self.registry)
        Info("marquee_build", "What runs here.", registry=self.registry).info(
            {"version": __version__}
        )
        ProcessCollector(registry=self.registry)
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

    def expect_job(self, job: str) -> None:
        """Show it before it has failed, so that the first time can be told."""
        self._failed_jobs.labels(job)

    def count_failed_job(self, job: str) -> None:
        self._failed_jobs.labels(job).inc()

    def count_forgotten(self, context: str, what: str, count: int) -> None:
        self._forgotten.labels(context, what).inc(count)

    def _work_out(self, key: tuple[str, str, int], noted: list[float]) -> None:
        method, route, status = key
        self._requests.labels(method, route, str(status)).inc(len(noted))
        timer = self._seconds.labels(route)
        for seconds in noted:
            timer.observe(seconds)
        noted.clear()

    def text(self, state: State) -> bytes:
        for key, noted in self._counted.items():
            self._work_out(key, noted)
        self._shown.show(state)
        return generate_latest(self.registry)


def _show(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Only these: what could not be found out is left out rather than shown as it once was."""
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)
