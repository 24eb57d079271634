"""What came of it, as a table for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HEAD = ("engine", "version", "port", "memory", "ready in")


State = Literal["ready", "running", "left out", "failed", "stopped"]


@dataclass(frozen=True)
class Outcome:
    engine: str
    state: State
    version: str = ""
    port: int = 0
    wanted: int = 0
    memory: int = 0
    """Bytes."""
    ready_in: float = 0.0
    """Seconds; of those that started just now."""
    why: str = ""
    """What it lacks, or how it failed."""
    stands_for: str = ""

    @property
    def is_up(self) -> bool:
        return self.state in {"ready", "running"}


def _row(outcome: Outcome) -> tuple[str, ...]:
    ready = f"{outcome.ready_in:.1f} s" if outcome.state == "ready" else "was running"
    memory = f"{outcome.memory / 1_000_000:.0f} MB"
    return outcome.engine, outcome.version, str(outcome.port), memory, ready


def _remarks(outcome: Outcome) -> str:
    said = []
    if outcome.stands_for:
        said.append(f"a compatible server, not {outcome.stands_for} itself")
    if outcome.port != outcome.wanted:
        said.append(f"port {outcome.wanted} was taken")
    return "; ".join(said)


def table(outcomes: Sequence[Outcome]) -> str:
    """Those that run as rows, the others below with the reason."""
    up = [outcome for outcome in outcomes if outcome.is_up]
    rows = [(*HEAD, ""), *((*_row(outcome), _remarks(outcome)) for outcome in up)] if up else []
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))] if up else []
    lines = []
    for row in rows:
        cells = [
            # numbers end where their column ends
            cell.rjust(width) if place in {2, 3, 4} else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, [*widths, 0], strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    if up:
        lines.append(f"{sum(outcome.memory for outcome in up) / 1_000_000:.0f} MB in all")
    lines += [
        f"{outcome.engine}: {outcome.state}" + (f": {outcome.why}" if outcome.why else "")
        for outcome in outcomes
        if not outcome.is_up
    ]
    return "\n".join(lines)
