"""Which request this work belongs to, across services, outboxes and listeners."""

import re
from contextvars import ContextVar

current_trace: ContextVar[str] = ContextVar("trace", default="")
"""A W3C `traceparent`; empty where nobody traces."""
current_request: ContextVar[str] = ContextVar("request", default="")
"""The number of the request being served; empty outside of one."""
NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
"""What a request's number looks like; what looks different is not taken over from anybody."""
