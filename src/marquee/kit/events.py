"""Facts, and how they are kept until everyone who listens has heard them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from marquee.kit.ids import new_id
from marquee.kit.trace import current_trace


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Named in the past tense, never changed afterwards.

    `key_field` names the field that identifies the aggregate: order is promised per key only.
    `trace` is the W3C traceparent of the request that caused it, where requests are traced; else empty.
    """

    key_field: ClassVar[str]

    id: str = field(default_factory=new_id)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    trace: str = field(default_factory=current_trace.get)


def kind_of(event: type[Event]) -> str:
    """`marquee.contexts.reviews.events.ReviewPosted` -> `reviews.ReviewPosted`."""
    return f"{event.__module__.split('.')[-2]}.{event.__name__}"


@dataclass(frozen=True)
class Sent:
    """An event in its wire form, at its place in the outbox it came from (1, 2, …)."""

    place: int
    id: str
    kind: str
    key: str
    body: str


@dataclass(frozen=True)
class Heard:
    """An event as a listener is given it, with what marks it as heard."""

    source: str
    place: int
    event: Any


Listener = Callable[[Sequence[Heard]], Awaitable[None]]
"""Takes events of one source in order, oldest first, at least once each.

It must write its effect and the place of the last event together (`Inbox`), so that
what is delivered twice has effect once.
"""


class Outbox(Protocol):
    """Events saved together with the change that caused them, the older of which are dropped."""

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:
        """At most `limit` events later than `place`, in order."""
        ...

    async def last_place(self) -> int: ...

    async def forgotten_up_to(self) -> int:
        """The place of the last event that is kept no more; 0 while all are."""
        ...


class Source(Outbox, Protocol):
    """An outbox that is told who has heard it."""

    async def passed(self, listener: str, place: int) -> None:
        """`listener` has kept the effect of everything up to `place`, and will not ask for it."""
        ...


class OwnOutbox(Source, Protocol):
    """The outbox of a store of this process."""

    async def listeners(self) -> Mapping[str, int]:
        """How far each listener is that ever said so."""
        ...

    async def forget(self, before: datetime, up_to: int, most: int) -> int:
        """Drop the oldest events, `most` at most, in one short transaction; how many went.

        None that is later than the place `up_to` or was told after a moment, and never the last.
        """
        ...


class Inbox(Protocol):
    """How far each source has been heard."""

    async def heard_up_to(self, source: str) -> int:
        """The place of the last event whose effect is in the store; 0 at first."""
        ...


class OwnInbox(Inbox, Protocol):
    """The inbox of a store of this process."""

    async def pass_over(self, source: str, place: int) -> None:
        """Everything up to `place` has had its effect or has none here; a place never goes back."""
        ...
