"""Which request this work belongs to, across services, outboxes and listeners."""

from contextvars import ContextVar

current_trace: ContextVar[str] = ContextVar("trace", default="")
"""A W3C `traceparent`; empty where nobody traces."""
