"""What was found by looking at something that Marquee lives on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from marquee.kit.events import Inbox, Outbox

State = Literal["ok", "warning", "wrong"]
SLOW_CLOCK, WRONG_CLOCK = 2.0, 60.0
"""Seconds apart."""


@dataclass(frozen=True)
class Finding:
    """`what` is a stable word; `advice` says in one line what to do about what is not ok."""

    what: str
    state: State
    detail: str
    advice: str = ""


def ok(what: str, detail: str) -> Finding:
    return Finding(what, "ok", detail)


def warning(what: str, detail: str, advice: str) -> Finding:
    return Finding(what, "warning", detail, advice)


def wrong(what: str, detail: str, advice: str) -> Finding:
    return Finding(what, "wrong", detail, advice)


def unseen(what: str, setting: str) -> Finding:
    """What the engine does not tell our user."""
    return warning(
        what, f"{setting} cannot be seen by this user", f"Look at {setting} on the server yourself."
    )


@dataclass(frozen=True)
class Look:
    """A store looked at and left as it is; `outbox` and `inbox` can only be read.

    They are None where there is nothing to read.
    """

    findings: Sequence[Finding]
    outbox: Outbox | None = None
    inbox: Inbox | None = None
    close: Callable[[], Awaitable[None]] | None = None


def clock(there: datetime, asked: datetime, answered: datetime) -> Finding:
    """How far a server's clock is from ours, which was read before and after."""
    if asked <= there <= answered:
        apart = 0.0
    else:
        apart = min(abs((there - ours).total_seconds()) for ours in (asked, answered))
    detail = f"{apart:.1f} s from this machine's"
    if apart > WRONG_CLOCK:
        return wrong("clock", detail, "Set the clocks, and keep them right by NTP.")
    if apart > SLOW_CLOCK:
        return warning("clock", detail, "Keep the clocks of both machines right by NTP.")
    return ok("clock", detail)
