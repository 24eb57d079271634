"""Processes that outlive us: which is which, what they weigh, how they are ended."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
ORPHANS_END_WITHIN = 0.5
KILLED_WITHIN = 10.0


@dataclass(frozen=True)
class Process:
    pid: int
    started: str
    """In which run of the machine and when in it: a later process of the same pid has another."""


def _fields(pid: int) -> list[str]:
    """What `/proc/PID/stat` says from the state on; nothing where there is no such process."""
    try:
        text = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return []
    fields = text.rpartition(")")[2].split()
    # one that has ended and that nobody has asked after is no process to us
    return [] if fields[0] in "ZX" else fields


def look(pid: int) -> Process | None:
    fields = _fields(pid)
    if not fields:
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text("utf-8").strip()
    return Process(pid, f"{boot} {fields[19]}")


def is_alive(process: Process) -> bool:
    return look(process.pid) == process


def family(pid: int) -> list[Process]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, [])
        found.append(look(one))
    return [process for process in found if process]


def memory(processes: Iterable[Process]) -> int:
    """Bytes resident; what several of them share is counted for each."""
    fields = [_fields(process.pid) for process in processes]
    return sum(int(each[21]) * PAGE for each in fields if each)


def send(process: Process, how: signal.Signals) -> None:
    if is_alive(process):
        try:
            os.kill(process.pid, how)
        except ProcessLookupError:
            return


def wait(processes: Iterable[Process], patience: float) -> bool:
    """Whether all of them ended within `patience` seconds."""
    left, until = list(processes), time.monotonic() + patience
    while left := [process for process in left if is_alive(process)]:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def forgotten(processes: Iterable[Process], patience: float) -> bool:
    """Whether not even a trace of them was left within `patience` seconds."""
    left, until = [process.pid for process in processes], time.monotonic() + patience
    while left := [pid for pid in left if (PROC / str(pid)).exists()]:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def end(
    leader: Process, others: Iterable[Process], *, how: signal.Signals, patience: float
) -> bool:
    """Asks the leader to end; what is left of its family after `patience` seconds is killed.

    `others` are those of its family that may be alive though the leader is gone. False where
    something had to be killed.
    """
    leads = is_alive(leader)
    everyone = {*others, *(family(leader.pid) if leads else ())}
    send(leader, how)
    if wait({leader, *everyone}, patience if leads else ORPHANS_END_WITHIN):
        return True
    for process in {leader, *everyone}:
        send(process, signal.SIGKILL)
    wait({leader, *everyone}, KILLED_WITHIN)
    return False
