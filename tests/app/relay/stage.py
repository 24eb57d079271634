"""An outbox that is a list, a listener that keeps what it hears in memory, and the events of both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from marquee.kit.events import Event, Heard, Sent


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    key_field: ClassVar[str] = "lamp"

    lamp: str


KIND = "lamps.LampLit"
KINDS = {KIND: LampLit}


@dataclass
class Box:
    """`is_shared`: others may put something into it without saying so."""

    sent: list[Sent] = field(default_factory=list)
    is_shared: bool = True
    forgotten: int = 0
    heard: dict[str, int] = field(default_factory=dict)

    def tell(self, *lamps: str, kind: str = KIND, body: str | None = None) -> None:
        for lamp in lamps:
            event = LampLit(lamp=lamp)
            text = msgspec.json.encode(event).decode() if body is None else body
            self.sent.append(Sent(len(self.sent) + 1, event.id, kind, lamp, text))

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:
        return self.sent[max(place, self.forgotten) :][:limit]

    async def last_place(self) -> int:
        return len(self.sent)

    async def forgotten_up_to(self) -> int:
        return self.forgotten

    async def passed(self, listener: str, place: int) -> None:
        self.heard[listener] = place


@dataclass
class Audience:
    """Has each effect once, as a store does: by the place up to which a source was heard."""

    lit: list[str] = field(default_factory=list)
    calls: int = 0
    deliveries: int = 0
    places: dict[str, int] = field(default_factory=dict)
    trouble: Callable[[Any], None] = lambda _event: None

    async def hear(self, batch: Sequence[Heard]) -> None:
        self.calls += 1
        for heard in batch:
            self.deliveries += 1
            if heard.place > self.places.get(heard.source, 0):
                self.trouble(heard.event)
                self.lit.append(heard.event.lamp)
                self.places[heard.source] = heard.place

    async def heard_up_to(self, source: str) -> int:
        return self.places.get(source, 0)

    async def pass_over(self, source: str, place: int) -> None:
        self.places[source] = max(place, self.places.get(source, 0))
