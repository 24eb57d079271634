"""F3: the Nth sync or write of the disk fails; what was acknowledged is there, the rest is told."""

import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.real import cannot_be_had
from tests.reliability import figures
from tests.reliability.site import environment
from tests.reliability.test_power_loss import reopened

AT_ONCE = 2
FAULTS = {"fdatasync,fsync": "EIO", "pwrite64": "ENOSPC"}
SHORT = {"fdatasync,fsync": (24, 4), "pwrite64": (200, 33)}
"""Up to which call and how often on every commit; opening takes the first ones."""
CLEAN = {"Unavailable", "OutOfSpace"}


@dataclass(frozen=True)
class Told:
    """`trouble` is what went wrong, in words; nothing should."""

    acknowledged: int = 0
    refused: int = 0
    trouble: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def strace() -> str:
    program = shutil.which("strace")
    if program is None:
        cannot_be_had("the disk is made to fail by strace: apt-get install strace")
    command = [program, "-f", "-e", "trace=fsync", "true"]
    tried = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed words
    if tried.returncode:
        cannot_be_had("the disk is made to fail by strace, and this machine forbids ptrace")
    return program


def failing(strace: str, folder: Path, calls: str, number: int) -> Told:
    """Write on a disk whose `number`th call of that kind fails, then look without the fault."""
    folder.mkdir()
    path = folder / "reviews.db"
    fault = f"inject={calls}:error={FAULTS[calls]}:when={number}"
    traced = [strace, "-f", "-qq", "-o", str(folder / "trace"), "-e", f"trace={calls}", "-e", fault]
    done = subprocess.run(  # noqa: S603 - our own words
        [*traced, sys.executable, "-m", "tests.reliability.writing", str(path)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = [line.split() for line in done.stdout.splitlines()]
    told = {words[1] for words in said if words[0] == "told"}
    tried = {words[1] for words in said if words[0] == "tried"}
    refused = [words[1] for words in said if words[0] == "refused"]
    trouble = [f"{why} is not clean" for why in refused if why not in CLEAN]
    if done.returncode:
        trouble.append(f"it ended with {done.returncode}: {done.stderr[-300:]}")
    if path.exists():
        found, events, is_sound = reopened(path)
        trouble += [f"{one} is lost" for one in told - found.keys()]
        trouble += [f"{one} is unexpected" for one in found.keys() - tried]
        trouble += [] if is_sound else ["the file is not whole"]
        trouble += [] if found == events else ["the outbox tells something else"]
    shutil.rmtree(folder)
    return Told(len(told), len(refused), tuple(f"{calls} {number}: {one}" for one in trouble))


@pytest.mark.parametrize("calls", FAULTS)
def test_an_error_of_the_disk_is_told_and_takes_nothing_with_it(
    strace: str, tmp_path: Path, calls: str
) -> None:
    last, step = SHORT[calls]
    numbers = range(1, figures.sized(last, 200), figures.sized(step, 1))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda n: failing(strace, tmp_path / str(n), calls, n), numbers))
    sums: Counter[str] = Counter()
    for one in outcomes:
        sums.update(acknowledged=one.acknowledged, refused=one.refused, trouble=len(one.trouble))
    figures.keep("F3", **{FAULTS[calls]: {"faults": len(outcomes), **sums}})
    assert [line for one in outcomes for line in one.trouble] == []
    assert sums["refused"] > 0, "no fault was ever met"
    assert sums["acknowledged"] > 0
