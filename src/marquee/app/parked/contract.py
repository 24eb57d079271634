"""What an operator may do with parked messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marquee.kit.calls import safe


@dataclass(frozen=True)
class Parked:
    """`body` is the event as JSON; `error` why it was parked, in one line."""

    id: str
    listener: str
    source: str
    kind: str
    key: str
    body: str
    error: str
    tries: int
    parked_at: datetime


class ParkedMessages(Protocol):
    """Messages that a listener could not take, the longest parked first."""

    @safe
    async def messages(self) -> tuple[Parked, ...]: ...

    async def replay(self, *, message_id: str) -> None:
        """Give it to its listener again, and drop it when that works.

        NotFound when there is no such message, or its listener is not served here; Conflict says
        why it failed again.
        """
        ...

    async def drop(self, *, message_id: str) -> None:
        """For good. NotFound when there is no such message."""
        ...
