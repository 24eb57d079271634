"""What a service tells of its outboxes."""

from typing import Protocol

from marquee.kit.calls import safe
from marquee.kit.events import Sent


class Outbox(Protocol):
    """The events of each context that lives in this service, in the order they were saved.

    `source` is a context's name. `body` is the event as JSON.
    """

    @safe
    async def events_after(self, *, source: str, place: int, limit: int) -> tuple[Sent, ...]:
        """At most `limit` (1 to 1000) events later than `place`; fewer when they are large."""
        ...

    @safe
    async def last_place(self, *, source: str) -> int:
        """The place of the newest event; 0 when there is none."""
        ...

    @safe
    async def forgotten_up_to(self, *, source: str) -> int:
        """The place of the last event that is kept no more; 0 while all are.

        Who has heard less than that has missed some.
        """
        ...

    @safe
    async def passed(self, *, source: str, listener: str, place: int) -> None:
        """`listener` has kept the effect of everything up to `place`, and will not ask for it.

        What it has yet to hear is kept for it from then on. A context is called by its name.
        """
        ...
