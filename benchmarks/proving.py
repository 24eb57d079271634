"""Run the tests of the promises in their full size, then say what they found: `make reliability`.

`python -m benchmarks.proving F5 D6` runs the tests of these cases alone. A test tells its cases in
the first line of its file.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks import promises

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "reliability"
WHOLE = (
    ("-m", "slow or not slow", "tests/reliability"),
    ("-m", "slow", "tests/contexts"),
    ("tests/posters",),
)
CASE = re.compile(r"[A-Z]\d+")


@dataclass(frozen=True)
class Ran:
    """`failed` names the tests, each with its file; `code` is pytest's own, 0 where all is well."""

    passed: int
    failed: tuple[str, ...]
    left_out: int
    code: int


def files_of(cases: Sequence[str]) -> list[str]:
    """The files whose tests tell of one of `cases`."""
    known = cases_by_file()
    strange = sorted(set(cases) - {case for told in known.values() for case in told})
    if strange:
        every = ", ".join(sorted({case for told in known.values() for case in told}))
        raise SystemExit(f"No test is of {', '.join(strange)}; there are {every}.")
    return [path for path, told in known.items() if set(told) & set(cases)]


def cases_by_file() -> dict[str, list[str]]:
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        first = path.read_text("utf-8").partition("\n")[0]
        found[str(path.relative_to(ROOT))] = CASE.findall(first.partition(":")[0])
    return found


def forgotten(cases: Sequence[str]) -> None:
    """Drop what earlier runs found of `cases`, or of all: it must not pass for this run's."""
    for path in promises.FOLDER.glob("[A-Z]*.json"):
        if not cases or path.stem.partition("-")[0] in cases:
            path.unlink()


IN_FULL = ("-o", "faulthandler_timeout=0")
"""What takes an hour does not hang."""


def run(how: Sequence[str]) -> Ran:
    """pytest, as it talks; what it counted comes from its report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-rfEs", *IN_FULL, f"--junitxml={report}", *how],
            cwd=ROOT,
            env=os.environ | {"MARQUEE_TEST_FULL": "1"},
            check=False,
        )
        if not report.exists():
            return Ran(0, (), 0, done.returncode or 1)
        return counted(report.read_text("utf-8"), done.returncode)


def counted(report: str, code: int) -> Ran:
    """What a JUnit report of pytest's says."""
    tests = list(ET.fromstring(report).iter("testcase"))  # noqa: S314 - pytest's own
    failed = [
        one for one in tests if one.find("failure") is not None or one.find("error") is not None
    ]
    left_out = [one for one in tests if one.find("skipped") is not None and one not in failed]
    names = tuple(dict.fromkeys(f"{one.get('classname')}.{one.get('name')}" for one in failed))
    return Ran(len(tests) - len(failed) - len(left_out), names, len(left_out), code)


def raw(cases: Sequence[str]) -> bool:
    """Print what was kept of `cases` as it is; whether there is something of each."""
    told = promises.figures()
    for name, one in told.items():
        if name.partition("-")[0] in cases:
            print(promises.indented(f"{name} ({one['size']} size): {words(one['found'])}", ""))
    bare = [case for case in cases if not any(name.partition("-")[0] == case for name in told)]
    for case in bare:
        print(f"{case}: no figures")
    return not bare


def words(found: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name} ({words(value)})" if isinstance(value, dict) else f"{name} {value}"
        for name, value in found.items()
    )


def summary(ran: Sequence[Ran], *, is_proven: bool, minutes: float) -> tuple[str, int]:
    """The last lines of all, and the exit code. `is_proven`: there are figures of every promise."""
    failed = [name for one in ran for name in one.failed]
    passed, left_out = sum(one.passed for one in ran), sum(one.left_out for one in ran)
    is_well = is_proven and not failed and not any(one.code for one in ran)
    lines = [f"Failed: {name}" for name in failed]
    count = f"{passed} passed, {len(failed)} failed, {left_out} left out, in {minutes:.0f} minutes"
    verdict = "Proven, but for what was left out" if left_out else "Proven"
    lines.append(f"{verdict if is_well else 'NOT PROVEN'}: {count}.")
    return "\n".join(lines), 0 if is_well else 1


def main(cases: Sequence[str]) -> int:
    runs = [("-m", "slow or not slow", *files_of(cases))] if cases else WHOLE
    forgotten(cases)
    began = time.monotonic()
    ran = [run(how) for how in runs]
    print()
    is_proven = raw(cases) if cases else promises.main() == 0
    minutes = (time.monotonic() - began) / 60
    told, code = summary(ran, is_proven=is_proven, minutes=minutes)
    print(f"\n{told}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
