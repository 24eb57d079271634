"""What a contract says of its own methods: how long one may take, and whether it may be asked twice.

Marks are plain attributes on the functions of the Protocol. Near by they mean nothing; a far call
obeys them.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

M = TypeVar("M", bound=Callable[..., Any])
SECONDS = 1.7
"""Less than the two in which a refusal is promised: the rest of the request takes time too."""
waits: ContextVar[float] = ContextVar("waits", default=60.0)
"""Seconds after which whoever waits for this work would rather be told that an engine is away."""
_TAKES, _SAFE = "__marquee_takes__", "__marquee_safe__"


@dataclass(frozen=True)
class Terms:
    """`seconds` is the deadline of a call, all its tries together."""

    seconds: float = SECONDS
    is_safe: bool = False


def takes(*, seconds: float) -> Callable[[M], M]:
    """Mark a contract's method as one that may take longer (or must be quicker) than 2 seconds."""

    def mark(method: M) -> M:
        setattr(method, _TAKES, seconds)
        return method

    return mark


def safe(method: M) -> M:
    """Mark a contract's method as harmless to repeat: it may be tried again when a call fails."""
    setattr(method, _SAFE, True)
    return method


def terms_of(method: Callable[..., Any]) -> Terms:
    return Terms(getattr(method, _TAKES, SECONDS), getattr(method, _SAFE, False))
