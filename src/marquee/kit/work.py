"""Work: tasks that wait until one worker has done them, whoever dies meanwhile."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from marquee.kit.errors import Invalid, TooLarge

Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
LONGEST_NAME = 100
MOST_BODY = 1_000_000
"""Bytes of a task's body: a task says what to do; what it is done with is kept elsewhere."""


@dataclass(frozen=True)
class Task:
    """`body` is JSON. `attempts` counts this try too, and those that nobody came back from.

    `id` stays the same however often it is tried: a worker marks by it what it has done.
    """

    id: str
    kind: str
    body: str
    priority: Priority
    attempts: int
    put_at: datetime
    key: str | None = None


@dataclass(frozen=True)
class Dead:
    """A task nobody tries any more, and the words of the last error."""

    task: Task
    error: str
    died_at: datetime


@dataclass(frozen=True)
class Patience:
    """How often a task is tried, and the pauses between: `first`, then twice the last one."""

    most_tries: int = 5
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=10)

    def pause(self, attempts: int) -> timedelta:
        """Before the next try, after `attempts` of them."""
        doubled: timedelta = self.first * 2 ** min(attempts - 1, 30)
        return min(doubled, self.longest)


Worker = Callable[[Task], Awaitable[None]]
"""Does a task, or raises. It may be given one again that it has done: at least once, not once."""

PATIENCE = Patience()


class Queue(Protocol):
    """Where tasks wait. All of it raises Unavailable when the engine does not answer."""

    async def put(
        self,
        kind: str,
        body: str,
        *,
        priority: Priority = "normal",
        key: str | None = None,
        after: timedelta | None = None,
    ) -> str:
        """The task's id, once it is durable. It is not begun before `after` has passed.

        `key` may spare work: while a task of this kind and key waits, an engine that can tell
        answers that one's id and puts none. Nobody may count on it. When this is Unavailable the
        task may have been put all the same.
        """
        ...

    async def work(
        self, kind: str, worker: Worker, *, at_once: int = 1, patience: Patience = PATIENCE
    ) -> None:
        """Give tasks of `kind` to `worker`, `at_once` of them, until cancelled.

        A task is gone once `worker` returns. When it raises, it is tried again after a pause, and
        dead after `most_tries`. High goes first, but every so often the others do. Being cancelled
        cancels the workers; their tasks go back, and that was no try. A worker is cancelled too
        when the hold on its task is lost, for another may have it.
        """
        ...

    async def dead(self, *, most: int = 100) -> Sequence[Dead]:
        """The dead that died first. While one looks, others wait for a moment."""
        ...

    async def revive(self, task_id: str) -> None:
        """Let a dead task wait again, with all its tries; NotFound when no dead has this id."""
        ...

    async def drop(self, task_id: str) -> None:
        """Forget a dead task; NotFound when no dead has this id."""
        ...

    async def waiting(self, kinds: Collection[str]) -> dict[str, int]:
        """How many of each kind could be begun now. Put off ones may count, the dead do not."""
        ...

    async def check(self) -> None: ...

    async def close(self) -> None:
        """After all `work` has been cancelled."""
        ...


def acceptable(kind: str, body: str, priority: str, key: str | None) -> None:
    """Invalid or TooLarge for what no engine shall take."""
    if priority not in PRIORITIES:
        raise Invalid(f"A task's priority is one of {', '.join(PRIORITIES)}.")
    if not KIND.fullmatch(kind) or len(kind) > LONGEST_NAME:
        raise Invalid("A kind of task is words of a-z, 0-9 and _, with points between.")
    if key is not None and not 0 < len(key) <= LONGEST_NAME:
        raise Invalid(f"A task's key has 1 to {LONGEST_NAME} characters.")
    try:
        size = len(body.encode())
        (key or "").encode()
    except UnicodeEncodeError:
        raise Invalid("A task's text must be Unicode without lone surrogates.") from None
    if size > MOST_BODY:
        raise TooLarge(f"A task's body has at most {MOST_BODY} bytes.")
