"""A contract that says all a contract may say, for trying the far side on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from marquee.kit.calls import safe, takes


@dataclass(frozen=True)
class Seat:
    row: str
    number: int = 1
    is_broken: bool = False
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A few seats with a door, and perhaps a smaller one inside."""

    name: str
    seats: tuple[Seat, ...] = ()
    inner: "Box | None" = None


@dataclass(frozen=True)
class Play:
    title: str
    opens_at: datetime
    price: float
    best: Seat
    poster: bytes = b""
    closes_at: datetime | None = None
    kind: Literal["comedy", "tragedy"] = "comedy"
    takings: int | None = None
    is_sold_out: bool | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    rows: tuple[tuple[str, ...], ...] = ()
    nights: Sequence[datetime] = ()
    by_row: dict[str, tuple[Seat, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] | None = None
    credits: dict[str, int] | None = None


class Theater(Protocol):
    """Sells seats."""

    @safe
    async def plays(self, *, titles: Sequence[str]) -> dict[str, Play]:
        """The plays that exist among `titles`."""
        ...

    @takes(seconds=60)
    async def put_on(self, *, play: Play) -> Play: ...

    async def sell(self, *, title: str, seats: Sequence[Seat], paid: float = 0.0) -> int: ...

    @safe
    async def find(self, *, title: str, before: datetime | None = None) -> Play | None: ...

    async def close(self) -> None: ...

    @takes(seconds=1)
    async def rehearse(self, *, seconds: float) -> str: ...

    async def fail(self, *, how: str) -> None: ...
