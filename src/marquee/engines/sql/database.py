"""A database of one context: what is promised on every engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from marquee.engines.sql import forgetting, raw, spine
from marquee.engines.sql.writer import Writer
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.errors import Conflict, Invalid
from marquee.kit.events import Event, Heard, Sent
from marquee.kit.once import once

T = TypeVar("T")


class Database(ABC):
    """`read` sees what is committed; `write` returns once the change is durable."""

    is_shared: ClassVar[bool]
    """Whether other processes may write to it too."""
    _writer: Writer

    def __init__(self, clock: Clock, looks_at_all: str) -> None:
        self._clock = clock
        self._looks_at_all = looks_at_all
        self._watchers: list[Callable[[], None]] = []
        self.generation = 0

    @staticmethod
    async def open(url: str, *, migrations: str, clock: Clock | None = None) -> "Database":
        """Bring the tables up to date and open; the scheme says on what.

        Unavailable when the engine does not answer, or holds something else than ours.
        """
        kind = _kind(url.partition(":")[0])
        return await kind.start(url, migrations, clock or SystemClock())

    @classmethod
    @abstractmethod
    async def start(cls, url: str, migrations: str, clock: Clock) -> Self: ...

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """For a query of a few milliseconds at most; on SQLite it runs on the event loop."""

    @abstractmethod
    async def read_together(self, work: Callable[[Connection], T]) -> T:
        """The same where several queries must see one moment, such as a page and its total."""

    @abstractmethod
    async def read_in_thread(self, work: Callable[[Connection], T]) -> T:
        """For a query that may take longer; several see one moment."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """For a change of a few milliseconds at most; on SQLite it runs on the event loop.

        When this returns, what it did survives a power cut.
        """
        return await self._write(work, long=False)

    async def write_in_thread(self, work: Callable[[Connection], T]) -> T:
        """For a change that may take longer; others wait for it, the event loop does not."""
        return await self._write(work, long=True)

    async def _write(self, work: Callable[[Connection], T], *, long: bool) -> T:
        asked = once.get()
        if asked is None or asked.kept:
            done: T = await self._writer.write(work, long=long)
            return done

        def both(connection: Connection) -> T:
            result = work(connection)
            try:
                spine.keep_once(connection, asked, self._clock.now())
            except IntegrityError:
                raise Conflict("A request with this Idempotency-Key has just been done.") from None
            return result

        result: T = await self._writer.write(both, long=long)
        asked.kept = True
        return result

    def undo(self, connection: Connection) -> None:
        """Take back what this write did, so that it may ask what stands in its way.

        PostgreSQL answers nothing after a statement that failed.
        """
        raw.run(connection, "ROLLBACK TO SAVEPOINT wish")

    def tell(self, connection: Connection, events: Sequence[Event]) -> None:
        """Put `events` into the outbox, in the transaction of this write."""
        spine.tell(connection, events)

    def hear(self, connection: Connection, heard: Heard) -> bool:
        """True the first time; the place is kept in the transaction of this write."""
        return spine.hear(connection, heard)

    async def heard_up_to(self, source: str) -> int:
        return await self.read(lambda connection: spine.heard_up_to(connection, source))

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        return await self.read(lambda connection: spine.events_after(connection, place, limit))

    async def last_place(self) -> int:
        return await self.read(spine.last_place)

    async def pass_over(self, source: str, place: int) -> None:
        """See `kit.events.OwnInbox`; nothing is written where that is known."""
        if place > await self.heard_up_to(source):
            await self.write(lambda connection: spine.hear(connection, Heard(source, place, None)))

    async def passed(self, listener: str, place: int) -> None:
        """See `kit.events.Source`; nothing is written where that is known."""
        if (await self.listeners()).get(listener) != place:
            await self.write(lambda connection: forgetting.passed(connection, listener, place))

    async def listeners(self) -> dict[str, int]:
        return await self.read(forgetting.listeners)

    async def forgotten_up_to(self) -> int:
        return await self.read(forgetting.forgotten_up_to)

    async def forget(self, before: datetime, up_to: int, most: int) -> int:
        return await self.write_in_thread(
            lambda connection: forgetting.forget(connection, before, up_to, most)
        )

    async def forget_answers(self, before: datetime, most: int) -> int:
        return await self.write_in_thread(
            lambda connection: forgetting.forget_answers(connection, before, most)
        )

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        """The fingerprint and the answer kept for an Idempotency-Key."""
        return await self.read(lambda connection: spine.find_once(connection, who, key))

    def watch(self, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit."""
        self._watchers.append(wake)

    @abstractmethod
    async def check(self) -> None:
        """Raises Unavailable when the store does not answer, or has lost a table."""

    @abstractmethod
    async def close(self) -> None: ...

    def _committed(self) -> None:
        self.generation += 1
        for wake in self._watchers:
            wake()


def _kind(scheme: str) -> type[Database]:
    if scheme == "sqlite":
        from marquee.engines.sql.sqlite import SqliteDatabase

        return SqliteDatabase
    if scheme in {"postgresql", "mysql"}:
        from marquee.engines.sql.served import ServedDatabase

        return ServedDatabase
    raise Invalid(f"This store takes sqlite:, postgresql: or mysql:, not {scheme}:.")
