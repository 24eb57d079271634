"""What Marquee promises, each with the figures of the last run: `python -m benchmarks.promises`.

The figures are those that the tests in tests/reliability kept; `make reliability` runs them in
their full size and then prints this.
"""

import json
import os
import platform
import sqlite3
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import findings, served
from benchmarks.findings import Found
from benchmarks.served import Served

FOLDER = Path(
    os.environ.get("MARQUEE_TEST_FIGURES")
    or Path(__file__).resolve().parents[1] / ".pytest_cache" / "reliability"
)
WIDTH = 100


@dataclass(frozen=True)
class Promise:
    """`figures` says what was found by the cases that prove it."""

    words: str
    cases: tuple[str, ...]
    figures: Callable[[Found], str]
    seeds: str = ""
    served: tuple[Served, ...] = ()
    """The same on engines that are servers; where one is not there it says so."""


PROMISES = (
    Promise(
        "If we answered 2xx, it is there: it survives the process being killed, and a power cut.",
        ("F1", "F2", "F3", "O1"),
        findings.kept,
        "F1 7 and 11, F2 0 and up",
        served.KEPT,
    ),
    Promise(
        "Retry is safe: the same Idempotency-Key within 24 h gives the same answer, once.",
        ("F7",),
        findings.once,
    ),
    Promise(
        "Many at once are as if one after the other; tallies equal a recount.",
        ("F13",),
        findings.tallies,
        served=served.TALLIES,
    ),
    Promise(
        "What nobody can take is put aside after five tries; the others go on.",
        ("F9",),
        findings.poison,
        served=served.POISON,
    ),
    Promise(
        "What is kept spares work and is never older than your own write; a lock lost is lost.",
        ("L6", "L7"),
        findings.cached,
        "L7 3",
        served.SHARED,
    ),
    Promise(
        "Done twice, or killed and done again, an import leaves what one leaves.",
        ("D5",),
        findings.imports,
        "3, 4, 6",
    ),
    Promise("Of two who edit the same, the second is told.", ("D6",), findings.editors),
    Promise(
        "Bad input gets a 4xx: never a 5xx, always problem+json, never a script.",
        ("B1", "B2", "B3", "B4", "B5", "B6", "B7"),
        findings.odd_input,
        "B1 1 and up",
    ),
    Promise(
        "Only the allowed: every route by every role, from one file; no route without a rule.",
        ("Z1", "Z2", "Z3"),
        findings.allowed,
    ),
    Promise("Guessing and forging get nowhere.", ("A3", "A4", "A5"), findings.guesses),
    Promise("Keys are changed while people use the site.", ("A6",), findings.keys),
    Promise("Sessions end when you say so.", ("A7", "A8"), findings.sessions),
    Promise("Another site's page changes nothing here.", ("A12",), findings.sites),
    Promise("It says honestly how it is.", ("O3", "O4"), findings.honest),
    Promise("The tests bite: planted bugs are caught.", ("O9",), findings.bites),
    Promise(
        "Between services effects happen once: told at least once, applied once.",
        ("F8",),
        findings.effects,
    ),
    Promise(
        "A part may fail: what does not need it works, what does is refused soon.",
        ("F5", "F12"),
        findings.parts,
    ),
)
NOT_YET = (
    (
        "Rebuilt data equal, field by field (D2), backups restored (D3), audit (D9), export and "
        "erasure (P1 to P3): these parts are not there yet."
    ),
    "Speed and overload as open-loop figures (L1 to L4); `make bench` prints costs per request.",
    ("Ending sessions while sockets are open (Z7): there are no sockets yet."),
    "Zip files, images and crawling (B8 to B12), and the edge behind nginx (B13).",
    "That twenty planted bugs are caught (O9); those that were planted are named above.",
)
NOT_AT_ALL = (
    "No availability percentage: one machine has none to show.",
    "Durability needs storage that honors fsync.",
    "Power cuts are rebuilt from what SQLite wrote and synced, not made by pulling a plug.",
    "Nothing protects from somebody who holds both the database and the signing keys.",
)


def figures() -> dict[str, dict[str, Any]]:
    """What each case told when it was last run."""
    found = {}
    for path in sorted(FOLDER.glob("[A-Z]*.json")):
        told = json.loads(path.read_text("utf-8"))
        found[told["case"]] = told
    return found


def proof(promise: Promise, told: Mapping[str, Mapping[str, Any]]) -> str:
    """Its figures; or why there are none."""
    missing = [case for case in promise.cases if case not in told]
    if missing:
        return f"not run: {', '.join(missing)}"
    try:
        return promise.figures({case: told[case]["found"] for case in promise.cases})
    except KeyError as error:
        return f"not run to the end: {error} is missing"


def indented(text: str, first: str = "   ", rest: str = "   ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)


def heading(told: Mapping[str, Mapping[str, Any]]) -> str:
    sizes = sorted({str(one["size"]) for one in told.values()})
    moments = [float(one["at"]) for one in told.values()]
    dates = sorted({datetime.fromtimestamp(at, UTC).date().isoformat() for at in moments})
    commits = sorted({str(one.get("commit", "unknown")) for one in told.values()})
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, {memory()}"
    engine = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (real)"
    return "\n".join(
        [
            f"Date {', '.join(dates)} · commit {', '.join(commits)} · size {', '.join(sizes)}",
            f"Machine {machine} · {engine}",
            "Command make reliability",
        ]
    )


def memory() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.0f} GiB"


def main() -> int:
    told = figures()
    print("What Marquee promises, and what the last run found\n")
    print(heading(told))
    unproven = 0
    for number, promise in enumerate(PROMISES, start=1):
        text = proof(promise, told)
        unproven += text.startswith("not run")
        print(f"\n{indented(promise.words, f'{number:2} ')}")
        print(indented(f"{text}."))
        for part in promise.served:
            print(indented(f"{part.line(told)}.", "   - ", "     "))
        seeds = f" · seeds {promise.seeds}" if promise.seeds else ""
        print(f"   {', '.join(promise.cases)}{seeds}")
    for title, lines in (("Not yet promised", NOT_YET), ("Not promised", NOT_AT_ALL)):
        print(f"\n{title}")
        for line in lines:
            print(indented(line, " - "))
    return 1 if unproven else 0


if __name__ == "__main__":
    sys.exit(main())
