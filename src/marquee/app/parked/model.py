"""A message that was put aside, and where such messages are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

STRAY = "?"
"""The kind of what is no event of ours."""


@dataclass(frozen=True)
class ParkedMessage:
    """`listener` is the context that could not take it; `error` says why, in one line."""

    id: str
    listener: str
    source: str
    place: int
    kind: str
    key: str
    body: str
    error: str
    tries: int
    parked_at: datetime


class Parking(Protocol):
    async def park(self, message: ParkedMessage) -> bool:
        """Keep it, durably; one of the same id is replaced.

        False, and nothing is done, where a stray was parked before: whoever reads its topic anew
        meets it again, also after it was dropped.
        """
        ...

    async def messages(self) -> Sequence[ParkedMessage]:
        """All of them, the longest parked first."""
        ...

    async def find(self, message_id: str) -> ParkedMessage | None: ...

    async def drop(self, message_id: str) -> None: ...

    async def close(self) -> None: ...
