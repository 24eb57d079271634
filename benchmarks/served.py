"""What the tests of the promises found on engines that are servers, beside the embedded ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.engines.catalog import ENGINES

Found = Mapping[str, Any]
Told = Mapping[str, Mapping[str, Any]]
COMPATIBLE = {engine.name for engine in ENGINES if engine.stands_for}
WORDS = {
    "postgresql": "PostgreSQL",
    "mariadb": "MariaDB",
    "redis": "Redis",
    "rabbitmq": "RabbitMQ",
    "kafka": "Kafka",
}


@dataclass(frozen=True)
class Served:
    """`key` is where the figures of `engine` are among those of `case`; none: they are all of it."""

    engine: str
    case: str
    figures: Callable[[Found], str]
    key: str | None = None

    def line(self, told: Told) -> str:
        return f"{WORDS[self.engine]} ({self._found(told)}"

    def _found(self, told: Told) -> str:
        found = told.get(self.case, {}).get("found", {})
        found = found if self.key is None else found.get(self.key)
        if not found:
            return f"{self.case}: not run)"
        kind = "compatible server" if self.engine in COMPATIBLE else "real engine"
        try:
            return f"{kind}): {self.figures(found)}"
        except KeyError as error:
            return f"{self.case}: not run to the end: {error} is missing)"


def _killed(f: Found) -> str:
    return f"{_over(f, 'Marquee')}; restart at most {f['restart_longest_s']} s"


def _itself(f: Found) -> str:
    return _over(f, "the server itself")


def _over(f: Found, killed: str) -> str:
    return (
        f"{f['acknowledged']:,} acknowledged over {f['kills']} kills of {killed}: lost {f['lost']}, "
        f"unexpected {f['unexpected']}, in doubt {f['in_doubt']}"
    )


def _sessions(f: Found) -> str:
    return (
        f"{f['signed_in']:,} signed in, {f['signed_out']:,} of them out again over {f['kills']} kills "
        f"of the server: taken for what they are not {f['lost']}"
    )


def _tallies(f: Found) -> str:
    return (
        f"two processes: {f['writes']:,} writes, {f['moderated']:,} moderations, {f['reads']:,} "
        f"reads: tallies that differ from a recount {f['differences']}; of "
        f"{f['same_review_at_once']} posts of one review one stood, {f['rounds']} times over"
    )


def poison(f: Found) -> str:
    return f"{f['good']:,} had their effect, {f['parked']} put aside"


def crowd(f: Found) -> str:
    return f"{f['at_once']} who missed at once, {f['rounds']} times: at most {f['most_loads']} load"


def _crowds(f: Found) -> str:
    return (
        f"the same in {f['processes']} processes at once, {f['rounds']} times: at most "
        f"{f['most_loads']} loads"
    )


def stale(f: Found) -> str:
    return (
        f"{f['rounds']:,} writes under slow readers: read what was before their own write "
        f"{f['stale_reads']}"
    )


def _lock(f: Found) -> str:
    return (
        f"{f['trials']} holders stopped until their lock had run out: late writes taken "
        f"{f['stale_taken']}"
    )


KEPT = (
    Served("postgresql", "F1-servers", _killed, "postgresql"),
    Served("postgresql", "F1-servers", _itself, "postgresql_itself"),
    Served("mariadb", "F1-servers", _killed, "mariadb"),
    Served("mariadb", "F1-servers", _itself, "mariadb_itself"),
    Served("redis", "F1-redis", _sessions),
)
TALLIES = (
    Served("postgresql", "F13-servers", _tallies, "postgresql"),
    Served("mariadb", "F13-servers", _tallies, "mariadb"),
)
POISON = (
    Served("kafka", "F9", poison, "kafka"),
    Served("rabbitmq", "F9", poison, "queue_rabbitmq"),
)
SHARED = (
    Served("redis", "L6", crowd, "redis"),
    Served("redis", "L6", _crowds, "several"),
    Served("redis", "L7", stale, "redis"),
    Served("redis", "F10", _lock),
)
