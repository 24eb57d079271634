"""Lines for the log, each with the request and the trace it belongs to."""

import logging
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from marquee.kit.trace import current_request, current_trace

OF_OTHERS = logging.WARNING
"""Libraries are heard from here on, whatever is asked of our own code."""


def log_to(stream: TextIO, level: str, *, pretty: bool) -> None:
    """One line an event, also of libraries: JSON for machines, colors for a person at a terminal.

    A traceback never shows the values of variables: they may be passwords.
    """
    first: list[Processor] = [
        belonging,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.add_logger_name],
            processors=[ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    least = max(OF_OTHERS, logging.getLevelName(level.upper()))
    logging.basicConfig(handlers=[handler], level=least, force=True)


def belonging(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Add which request and trace this is about, where there is one."""
    if number := current_request.get():
        event.setdefault("request_id", number)
    if trace := current_trace.get():
        event.setdefault("trace_id", trace.split("-")[1])
    return event
