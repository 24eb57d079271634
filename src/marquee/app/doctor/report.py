"""What the doctor found, by part of the instance."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from marquee.kit.errors import Invalid, MarqueeError
from marquee.kit.findings import Finding, State, wrong

TIDYING = 0.5
"""Seconds for what is given up to let go of what it holds."""
GRAVITY: tuple[State, ...] = ("ok", "warning", "wrong")


@dataclass(frozen=True)
class Part:
    """`where` has no user, password or option of a URL in it."""

    name: str
    where: str
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Report:
    """`hangs` says that something that was given up may still keep the process."""

    parts: Sequence[Part]
    hangs: bool = False

    @property
    def state(self) -> State:
        return worst([finding for part in self.parts for finding in part.findings])


def worst(findings: Sequence[Finding]) -> State:
    return max((finding.state for finding in findings), key=GRAVITY.index, default="ok")


class Patience:
    """Looks at each thing for so long and no longer; whatever goes wrong is a finding."""

    def __init__(self) -> None:
        self._late: list[asyncio.Task[Sequence[Finding]]] = []

    async def part(
        self,
        name: str,
        where: str,
        work: Callable[[], Awaitable[Sequence[Finding]]],
        *,
        seconds: float,
        setting: str = "",
    ) -> Part:
        """`setting` is what to correct where it says nothing of use."""
        task = asyncio.create_task(_findings(work, setting))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if done:
            return Part(name, where, task.result())
        task.cancel()
        await asyncio.wait({task}, timeout=TIDYING)
        self._late.append(task)
        advice = "See whether it hangs, and what is between it and this machine."
        return Part(name, where, [wrong("reachable", f"no answer within {seconds:.0f} s", advice)])

    @property
    def hangs(self) -> bool:
        return any(not task.done() for task in self._late)


async def _findings(
    work: Callable[[], Awaitable[Sequence[Finding]]], setting: str
) -> Sequence[Finding]:
    try:
        return await work()
    except Invalid as error:
        return [wrong("setting", error.detail, f"Correct {error.field or setting}.")]
    except MarqueeError as error:
        return [wrong("reachable", error.detail, "Look at its own log.")]
    except Exception as error:  # noqa: BLE001 - one that cannot be looked at hides no other
        detail = f"it could not be looked at ({type(error).__name__})"
        return [wrong("reachable", detail, "Look at its own log; this may be a bug of the doctor.")]
