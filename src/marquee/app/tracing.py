"""Traces that follow a request through every service, sent by OTLP where a URL says so."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from marquee.engines.address import driver
from marquee.kit.errors import MarqueeError
from marquee.kit.trace import current_trace

SETTING = "MARQUEE_OTLP_URL"
PARENT = "traceparent"


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
    exporter = OTLPSpanExporter(endpoint=url, insecure=url.startswith("http://"), timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=500))
    return provider


def _context(parent: str | None) -> Any:
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    # An empty context: what runs by itself belongs to no trace, whatever started it.
    return TraceContextTextMapPropagator().extract({PARENT: parent} if parent else {}, Context())


def _traceparent(span: Any) -> str:
    about = span.get_span_context()
    return f"00-{about.trace_id:032x}-{about.span_id:016x}-{int(about.trace_flags):02x}"
