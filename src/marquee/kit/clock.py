"""What time it is, asked of somebody who can be told to lie in tests."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, with the zone UTC, to the microsecond."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """`2026-11-21T20:14:05.123456Z`: always this long, so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that `rfc3339` wrote."""
    return datetime.fromisoformat(text)


def is_rfc3339(text: str) -> bool:
    """Whether `rfc3339` could have written it."""
    try:
        return rfc3339(moment(text)) == text
    except (ValueError, OverflowError):
        return False
