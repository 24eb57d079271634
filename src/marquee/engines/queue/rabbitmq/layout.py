"""What stands on the broker under a prefix, and how a task is written in a message.

`PREFIX.KIND.PRIORITY` are where tasks wait, `PREFIX.wait.MILLISECONDS` where they wait for later,
`PREFIX.dead` where the dead are. A queue for later lets go of a message after its time, to the
queue that its routing key names.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marquee.kit.clock import moment, rfc3339
from marquee.kit.ids import new_id
from marquee.kit.work import PRIORITIES, Dead, Task

RUNGS = tuple(125 << number for number in range(20))
"""Milliseconds, up to 18 hours: a longer wait climbs down from one to the next."""
LITTLE = 1.1
"""How much longer than asked a wait may be, to be spared more rungs."""
DELIVERIES = 20
"""Where the broker itself gives up on a message; we do so at a worker's `most_tries`."""
LONGEST_RUN = timedelta(hours=24)
"""A longer try loses its hold. RabbitMQ before 3.12 knows only its own setting, 30 minutes."""
UNTOLD = "The broker gave it up: its workers died."

SAFE = {
    "x-queue-type": "quorum",
    # Without these two what dies or waits is moved on without being confirmed.
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}

# Looking at the dead counts as a delivery, and RabbitMQ 4 has a limit where none is set.
DEAD = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000_000}


class Layout:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.dead = f"{prefix}.dead"

    def work(self, kind: str, priority: str) -> str:
        return f"{self.prefix}.{kind}.{priority}"

    def later(self, rung: int) -> str:
        return f"{self.prefix}.wait.{rung}"

    async def declare_work(self, channel: Any, kind: str, priority: str) -> Any:
        """The queue; its `declaration_result.message_count` says how many could be begun."""
        arguments = {
            **SAFE,
            "x-dead-letter-exchange": self.dead,
            "x-delivery-limit": DELIVERIES,
            "x-consumer-timeout": int(LONGEST_RUN.total_seconds() * 1000),
        }
        name = self.work(kind, priority)
        return await channel.declare_queue(name, durable=True, arguments=arguments)

    async def declare_later(self, channel: Any, rung: int) -> Any:
        """The exchange that leads to a rung."""
        name = self.later(rung)
        arguments = {**SAFE, "x-message-ttl": rung, "x-dead-letter-exchange": ""}
        return await self._pair(channel, name, arguments)

    async def declare_dead(self, channel: Any) -> Any:
        """The exchange that leads to the dead."""
        return await self._pair(channel, self.dead, DEAD)

    async def _pair(self, channel: Any, name: str, arguments: Mapping[str, Any]) -> Any:
        exchange = await channel.declare_exchange(name, "topic", durable=True)
        queue = await channel.declare_queue(name, durable=True, arguments=dict(arguments))
        await queue.bind(exchange, "#")
        return exchange


def rung(left: timedelta) -> int:
    """The one to wait on next, in milliseconds, when `left` is still to wait."""
    wanted = left.total_seconds() * 1000
    above = next((one for one in RUNGS if one >= wanted), RUNGS[-1])
    if above <= wanted * LITTLE or above == RUNGS[0]:
        return above
    return max(one for one in RUNGS if one <= wanted)


def written(
    message: Any, task: Task, *, due: datetime | None = None, dead: Dead | None = None
) -> Any:
    """The task as a `message` (aio-pika's class); its attempts are those that are over."""
    told = {
        "priority": task.priority,
        "tries": task.attempts,
        "put_at": rfc3339(task.put_at),
        "key": task.key,
        "due_at": rfc3339(due) if due else None,
        "error": dead.error if dead else None,
        "died_at": rfc3339(dead.died_at) if dead else None,
    }
    return message(
        task.body.encode(),
        message_id=task.id,
        type=task.kind,
        content_type="application/json",
        delivery_mode=2,
        headers={name: value for name, value in told.items() if value is not None},
    )


def read(message: Any, now: datetime) -> Task:
    """The task; its attempts are those that are over, also those that nobody came back from."""
    return _read(message, now, int(message.headers.get("x-delivery-count") or 0))


def due_at(message: Any) -> datetime | None:
    told = message.headers.get("due_at")
    return moment(told) if told else None


def read_dead(message: Any, now: datetime) -> Dead:
    told = message.headers
    died_at = moment(told["died_at"]) if "died_at" in told else now
    # Its deliveries are those who looked at it among the dead.
    task = _read(message, now, 0 if "error" in told else DELIVERIES + 1)
    return Dead(task, told.get("error", UNTOLD), died_at)


def _read(message: Any, now: datetime, more: int) -> Task:
    """Odd where it was not us who wrote it."""
    told = message.headers
    priority = told.get("priority")
    return Task(
        message.message_id or new_id(),
        str(message.type),
        message.body.decode(errors="replace"),
        priority if priority in PRIORITIES else "normal",
        int(told.get("tries", 0)) + more,
        moment(told["put_at"]) if "put_at" in told else now,
        told.get("key"),
    )
