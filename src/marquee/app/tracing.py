"""Traces that follow a request through every service, sent by OTLP where a URL says so."""

import base64
import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from marquee.engines.address import Address, driver
from marquee.kit.errors import Invalid, MarqueeError
from marquee.kit.trace import current_trace

SETTING = "MARQUEE_OTLP_URL"
PARENT = "traceparent"
PORT = 4317
SENDER = "opentelemetry.exporter.otlp.proto.grpc.exporter"
QUIET = 60.0
"""Seconds between two lines about a collector that is away."""


class Tracing:
    """Off without a URL, and then it costs nothing."""

    def __init__(self, url: str | None, service: str) -> None:
        self.is_on = url is not None
        self._provider: Any = None
        if url is not None:
            self._provider = _provider(url, service)
            self._tracer = self._provider.get_tracer("marquee")

    def span(self, name: str, parent: str | None, **about: str) -> AbstractContextManager[Any]:
        """Work that belongs to `parent`, a W3C traceparent, or begins a trace of its own."""
        return self._span(name, parent, about) if self.is_on else nullcontext()

    def spans(self, names: Sequence[tuple[str, str]]) -> AbstractContextManager[Any]:
        """One piece of work that belongs to several: a span in the trace of each."""
        return self._spans(names) if self.is_on else nullcontext()

    def close(self) -> None:
        """Send what is still here."""
        if self._provider is not None:
            self._provider.shutdown()

    @contextlib.contextmanager
    def _span(self, name: str, parent: str | None, about: dict[str, str]) -> Iterator[Any]:
        from opentelemetry.trace import SpanKind, StatusCode

        # What an error says may be somebody's secret: its kind is all that leaves the house.
        with self._tracer.start_as_current_span(
            name,
            context=_context(parent),
            kind=SpanKind.SERVER,
            attributes=about,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            before = current_trace.set(_traceparent(span))
            try:
                yield span
            except Exception as error:
                span.set_status(StatusCode.ERROR)
                span.set_attribute("error.type", type(error).__name__)
                raise
            finally:
                current_trace.reset(before)

    @contextlib.contextmanager
    def _spans(self, names: Sequence[tuple[str, str]]) -> Iterator[None]:
        from opentelemetry.trace import SpanKind

        spans = [
            self._tracer.start_span(name, context=_context(parent), kind=SpanKind.CONSUMER)
            for name, parent in names
            if parent
        ]
        before = current_trace.set(_traceparent(spans[0]) if spans else "")
        try:
            yield
        finally:
            current_trace.reset(before)
            for span in spans:
                span.end()


def _provider(url: str, service: str) -> Any:
    try:
        driver("opentelemetry.sdk", extra="telemetry")
        driver("opentelemetry.exporter.otlp.proto.grpc", extra="telemetry")
    except MarqueeError as error:
        error.field = SETTING
        raise
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": service}))
    exporter = OTLPSpanExporter(**target(url), timeout=5)
    logging.getLogger(SENDER).addFilter(Seldom())
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    return provider


def target(url: str) -> dict[str, Any]:
    """What the exporter is given; it shows its address in the log, so that must hold no secret."""
    from grpc import ssl_channel_credentials

    scheme = "https" if url.startswith("https:") else "http"
    try:
        at = Address.read(url, scheme=scheme, port=PORT)
    except Invalid as error:
        error.field = SETTING
        raise
    given: dict[str, Any] = {"endpoint": str(replace(at, name="")), "insecure": scheme == "http"}
    if at.user is not None:
        who = base64.b64encode(f"{at.user}:{at.password or ''}".encode()).decode()
        given["headers"] = (("authorization", f"Basic {who}"),)
    if at.ca is not None:
        given["credentials"] = ssl_channel_credentials(Path(at.ca).read_bytes())
    return given


class Seldom(logging.Filter):
    """Lets one line through a minute: a collector that is away is tried twice a second."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - whatever it says
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + QUIET
        return True


def _context(parent: str | None) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    # An empty context: what runs by itself belongs to no trace, whatever started it.
    return TraceContextTextMapPropagator().extract({PARENT: parent} if parent else {}, Context())


def _traceparent(span: Any) -> str:
    about = span.get_span_context()
    return f"00-{about.trace_id:032x}-{about.span_id:016x}-{int(about.trace_flags):02x}"
