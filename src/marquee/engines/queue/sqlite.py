"""Tasks in a SQLite file of their own: taken on a lease, for several workers and processes."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from marquee.engines.queue.crew import Crew, Crews, Hold
from marquee.engines.sql import Database, raw
from marquee.kit.clock import Clock, SystemClock, moment, rfc3339
from marquee.kit.errors import NotFound, Unavailable
from marquee.kit.ids import new_id
from marquee.kit.once import once
from marquee.kit.work import (
    PATIENCE,
    PRIORITIES,
    Dead,
    Patience,
    Priority,
    Task,
    Worker,
    acceptable,
)

T = TypeVar("T")
MIGRATIONS = "marquee.engines.queue.migrations"
LEASE = timedelta(seconds=30)
NOW = timedelta()
TASK = "id, kind, body, rank, attempts, put_at, key"

# What is held is due again when its lease ends: nobody has to look for the dead holders.
PUT = """INSERT INTO tasks (id, kind, key, body, rank, attempts, put_at, due_at)
    VALUES (?, ?, ?, ?, ?, 0, ?, ?)"""
SAME = """UPDATE tasks SET rank = min(rank, ?), due_at = min(due_at, ?) WHERE place =
    (SELECT place FROM tasks WHERE kind = ? AND key = ? AND died_at IS NULL
     AND (holder IS NULL OR due_at <= ?) ORDER BY place LIMIT 1) RETURNING id"""
NEXT = """SELECT place FROM tasks WHERE kind = ? AND rank = ? AND died_at IS NULL
    AND due_at <= ? ORDER BY due_at, place LIMIT 1"""
TAKE = f"""UPDATE tasks SET holder = ?, due_at = ?, attempts = attempts + 1
    WHERE place = ? RETURNING {TASK}"""  # noqa: S608 - columns of our own
KEEP = "UPDATE tasks SET due_at = ? WHERE id = ? AND holder = ?"
DONE = "DELETE FROM tasks WHERE id = ? AND holder = ?"
AGAIN = """UPDATE tasks SET holder = NULL, due_at = ?, attempts = attempts - ?
    WHERE id = ? AND holder = ?"""
PARK = "UPDATE tasks SET holder = NULL, died_at = ?, error = ? WHERE id = ? AND holder = ?"
DEAD = f"""SELECT {TASK}, error, died_at FROM tasks WHERE died_at IS NOT NULL
    ORDER BY died_at, place LIMIT ?"""  # noqa: S608 - columns of our own
REVIVE = """UPDATE tasks SET died_at = NULL, error = NULL, attempts = 0, due_at = ?
    WHERE id = ? AND died_at IS NOT NULL"""
DROP = "DELETE FROM tasks WHERE id = ? AND died_at IS NOT NULL"
WAITING = """SELECT count(*) FROM tasks WHERE kind = ? AND rank = ? AND died_at IS NULL
    AND due_at <= ?"""


class SqliteQueue:
    """A task whose holder is not heard of for `lease` is anybody's again."""

    def __init__(self, db: Database, clock: Clock, lease: timedelta) -> None:
        self._db = db
        self._clock = clock
        self._lease = lease
        self._crews = Crews()

    @classmethod
    async def open(cls, url: str, *, clock: Clock | None = None, lease: timedelta = LEASE) -> Self:
        """Bring the tables up to date and open."""
        db = await Database.open(url, migrations=MIGRATIONS, clock=clock)
        return cls(db, clock or SystemClock(), lease)

    async def put(
        self,
        kind: str,
        body: str,
        *,
        priority: Priority = "normal",
        key: str | None = None,
        after: timedelta | None = None,
    ) -> str:
        acceptable(kind, body, priority, key)
        rank = PRIORITIES.index(priority)
        now, due = self.at(NOW), self.at(max(after or NOW, NOW))

        def work(connection: Connection) -> str:
            if key is not None:
                same = raw.rows(connection, SAME, (rank, due, kind, key, now))
                if same:
                    return str(same[0][0])
            task_id = new_id()
            raw.run(connection, PUT, (task_id, kind, key, body, rank, now, due))
            return task_id

        task_id = await self._write(work)
        self._crews.wake(kind)
        return task_id

    async def work(
        self, kind: str, worker: Worker, *, at_once: int = 1, patience: Patience = PATIENCE
    ) -> None:
        async def take(order: tuple[Priority, ...]) -> Hold | None:
            return await self._take(kind, order)

        crew = Crew(take, worker, at_once=at_once, patience=patience)
        await self._crews.run(kind, crew)

    async def _take(self, kind: str, order: tuple[Priority, ...]) -> Hold | None:
        ranks = [PRIORITIES.index(priority) for priority in order]

        def find(connection: Connection) -> int | None:
            now = self.at(NOW)
            found = (raw.row(connection, NEXT, (kind, rank, now)) for rank in ranks)
            return next((int(row[0]) for row in found if row), None)

        holder = new_id()

        def take(connection: Connection) -> Task | None:
            place = find(connection)
            if place is None:
                return None
            given = (holder, self.at(self._lease), place)
            return _task(raw.rows(connection, TAKE, given)[0])

        # Looking costs no commit, so that an idle queue leaves the disk alone.
        if await self._db.read(find) is None:
            return None
        task = await self._write(take)
        return _Hold(self, task, holder) if task else None

    async def dead(self, *, most: int = 100) -> list[Dead]:
        found = await self._db.read(lambda connection: raw.rows(connection, DEAD, (most,)))
        return [Dead(_task(row[:-2]), row[-2], moment(row[-1])) for row in found]

    async def revive(self, task_id: str) -> None:
        await self._one_dead(REVIVE, (self.at(NOW), task_id))

    async def drop(self, task_id: str) -> None:
        await self._one_dead(DROP, (task_id,))

    async def _one_dead(self, sql: str, given: tuple[Any, ...]) -> None:
        if not await self._write(lambda connection: raw.run(connection, sql, given)):
            raise NotFound("No dead task has this id.")

    async def waiting(self, kinds: Collection[str]) -> dict[str, int]:
        def count(connection: Connection, kind: str) -> int:
            now = self.at(NOW)
            found = (raw.row(connection, WAITING, (kind, n, now)) for n in range(len(PRIORITIES)))
            return sum(row[0] for row in found if row)

        return await self._db.read(
            lambda connection: {kind: count(connection, kind) for kind in kinds}
        )

    async def check(self) -> None:
        await self._db.check()

    async def close(self) -> None:
        await self._db.close()

    async def keep(self, task_id: str, holder: str) -> None:
        """Renew a lease for as long as nobody else has taken the task."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            with suppress(Unavailable):
                if not await self.settle(KEEP, self.at(self._lease), task_id, holder):
                    return

    async def settle(self, sql: str, *given: object) -> int:
        """How many rows it changed: none where the task is held by another."""
        return await self._write(lambda connection: raw.run(connection, sql, given))

    def at(self, after: timedelta) -> str:
        return rfc3339(self._clock.now() + after)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        # A request's Idempotency-Key belongs into the store of its context, not into this file.
        token = once.set(None)
        try:
            return await self._db.write(work)
        finally:
            once.reset(token)


@dataclass(frozen=True)
class _Hold:
    queue: SqliteQueue
    task: Task
    holder: str

    async def keep(self) -> None:
        await self.queue.keep(self.task.id, self.holder)

    async def done(self) -> None:
        await self._settle(DONE)

    async def again(self, after: timedelta) -> None:
        await self._settle(AGAIN, self.queue.at(after), 0)

    async def give_back(self) -> None:
        await self._settle(AGAIN, self.queue.at(NOW), 1)

    async def park(self, error: str) -> None:
        await self._settle(PARK, self.queue.at(NOW), error)

    async def _settle(self, sql: str, *given: object) -> None:
        await self.queue.settle(sql, *given, self.task.id, self.holder)


def _task(row: raw.Row) -> Task:
    task_id, kind, body, rank, attempts, put_at, key = row
    return Task(task_id, kind, body, PRIORITIES[rank], attempts, moment(put_at), key)
