"""A theater that plays along."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.app.remote.theater.contract import Play, Seat

from marquee.kit import errors

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


class House:
    """Implements `Theater`. `asked` counts what was asked of it."""

    def __init__(self) -> None:
        self.on: dict[str, Play] = {"Hamlet": Play("Hamlet", NOON, 9.5, Seat("A"))}
        self.asked = 0
        self.is_closed = False

    async def plays(self, *, titles: Sequence[str]) -> dict[str, Play]:
        self.asked += 1
        return {title: self.on[title] for title in titles if title in self.on}

    async def put_on(self, *, play: Play) -> Play:
        self.on[play.title] = play
        return play

    async def sell(self, *, title: str, seats: Sequence[Seat], paid: float = 0.0) -> int:
        if title not in self.on:
            raise errors.NotFound(f"No play is called {title!r}.", field="title")
        return len(seats) + int(paid)

    async def find(self, *, title: str, before: datetime | None = None) -> Play | None:
        play = self.on.get(title)
        return play if play and (before is None or play.opens_at < before) else None

    async def close(self) -> None:
        self.is_closed = True

    async def rehearse(self, *, seconds: float) -> str:
        self.asked += 1
        await asyncio.sleep(seconds)
        return "done"

    async def fail(self, *, how: str) -> None:
        self.asked += 1
        if how == "badly":
            raise ZeroDivisionError("the password is swordfish")
        if how == "at length":
            raise errors.Conflict("long " * 9999, field="how", extra={"why": "x" * 99_999})
        if how == "in its own way":
            raise _SeatTaken("Somebody sits there.")
        raise errors.kinds()[how]("So it is.", field="how", extra={"id": "5"}, retry_after=7)


class _SeatTaken(errors.Conflict):
    code = "seat_taken"
