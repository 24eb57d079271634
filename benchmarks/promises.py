"""What Marquee promises, each with the figures of the last run: `python -m benchmarks.promises`.

The figures are those that the tests in tests/reliability kept; `make reliability` runs them in
their full size and then prints this (see `proving`).
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

from benchmarks import served
from benchmarks.served import Served

FOLDER = Path(
    os.environ.get("MARQUEE_TEST_FIGURES")
    or Path(__file__).resolve().parents[1] / ".pytest_cache" / "reliability"
)
WIDTH = 100
Found = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Promise:
    """`figures` says what was found by the cases that prove it."""

    words: str
    cases: tuple[str, ...]
    figures: Callable[[Found], str]
    seeds: str = ""
    served: tuple[Served, ...] = ()
    """The same on engines that are servers; where one is not there it says so."""


def _kept(f: Found) -> str:
    kills, cuts, control, end = f["F1"], f["F2"]["full"], f["F2"]["normal"], f["O1"]
    faults = [one for one in f["F3"].values() if "faults" in one]
    return (
        f"{kills['acknowledged']:,} acknowledged over {kills['kills']} kills: lost {kills['lost']}, "
        f"unexpected {kills['unexpected']}, in doubt {kills['in_doubt']}, of them kept "
        f"{kills['recovered']}; restart {kills['restart_median_s']} s, at most "
        f"{kills['restart_longest_s']} s. {cuts['cuts']:,} power cuts "
        f"({', '.join(f['F2']['models'])} of what was not synced lost), "
        f"{cuts['acknowledged']:,} acknowledged: lost {cuts['lost']}, events that do not match "
        f"{cuts['mismatched']}, corrupt {cuts['corrupt']} (with synchronous=NORMAL, as a control: "
        f"{control['lost']:,} of {control['acknowledged']:,} lost). "
        f"{sum(one['faults'] for one in faults)} disks that failed at one call: refused "
        f"{sum(one['refused'] for one in faults)}, lost or broken "
        f"{sum(one['trouble'] for one in faults)}. SIGTERM: {end['finished']} of "
        f"{end['running']} running requests finished, lost {end['lost']}, ended in {end['exit_s']} s"
    )


def _once(f: Found) -> str:
    lost = f["F7"]
    return (
        f"{lost['lost_answers']:,} lost answers asked for again: {lost['replayed']:,} the same, "
        f"duplicates {lost['duplicates']}; {lost['eight_at_once']} times eight at once: one each"
    )


def _tallies(f: Found) -> str:
    crowd = f["F13"]
    return (
        f"{crowd['writes']:,} writes and {crowd['moderated']:,} moderations at once, "
        f"{crowd['reads']:,} reads: tallies that differ from a recount {crowd['differences']} of "
        f"{crowd['compared']}; of {crowd['same_review_at_once']} posts of one review at once one "
        f"stood, {crowd['rounds']} times over"
    )


def _poison(f: Found) -> str:
    events, tasks = f["F9"]["outbox"], f["F9"]["queue_sqlite"]
    return (
        f"events: {served.poison(events)}; tasks: {served.poison(tasks)}; given again when mended"
    )


def _cached(f: Found) -> str:
    return f"{served.crowd(f['L6']['memory'])}; {served.stale(f['L7']['memory'])}"


def _keys(f: Found) -> str:
    keys = f["A6"]
    return (
        f"{keys['rotations']} rotations under 50 requests a second: {keys['requests']:,} requests, "
        f"user errors {keys['user_errors']}; a dropped key refused after at most "
        f"{keys['old_refused_after_s']} s; {keys['weak_refused']} weak secrets: none started"
    )


def _bites(f: Found) -> str:
    return f"{len(f['O9'])} caught: {', '.join(sorted(f['O9']))}"


def _imports(f: Found) -> str:
    run = f["D5"]
    starter = f", {run['starter_kills']} first starts" if "starter_kills" in run else ""
    return (
        f"{run['rows']:,} rows: twice, differences {run['twice_differences']}; "
        f"{run['kills']} imports and {run['server_kills']} servers{starter} killed in the middle "
        f"and done again: differences {run['differences']}"
    )


def _editors(f: Found) -> str:
    races = sum(count for name, count in f["D6"].items() if name.endswith("_races"))
    lost = sum(count for name, count in f["D6"].items() if name.endswith("_overwritten"))
    return f"{races:,} racing edits of reviews, profiles, movies, platforms: overwritten {lost}"


def _input(f: Found) -> str:
    fuzz, odd, slow = f["B1"], f["B2"], f["B4"]
    shapes = sum(f["B3"]["refused"].values())
    problems = sum(f["B5"]["problems"].values())
    made = odd["in_bodies"] + odd["in_addresses"] + shapes + f["B7"]["injections"]
    closed = max(slow["closed_within_s"].values())
    return (
        f"{fuzz['calls']:,} fuzz calls ({fuzz['reached']} of {fuzz['operations']} operations "
        f"answered well) and {made:,} by hand: 5xx {fuzz['server_errors']}; all {problems:,} "
        f"refusals problem+json. {f['B6']['payloads']} stored scripts: run {f['B6']['scripts']}. "
        f"300 MB refused in {slow['huge_refused_s']} s with +{slow['huge_growth_mib']} MiB; "
        f"{slow['slow_connections']} slow connections closed within {closed} s, others' p99 "
        f"{slow['others_p99_ms']} ms; evil text at most {f['B7']['slowest_ms']} ms"
    )


def _allowed(f: Found) -> str:
    return (
        f"{f['Z1']['routes']} routes x {f['Z1']['roles']} roles: all {f['Z1']['cells']} cells as "
        f"told in authz.yml; {f['Z2']['tried']} tries at others' things: {f['Z2']['changes']} "
        f"changes; {f['Z3']['fields_refused']} fields that are not theirs refused"
    )


def _guesses(f: Found) -> str:
    return (
        f"refused after {f['A3']['guesses_before_refusal']} wrong guesses; "
        f"{f['A4']['ways_to_say_an_address']} ways to say another address: bypasses "
        f"{f['A4']['bypasses']}; {f['A5']['forged_over_http']} forged tokens: accepted "
        f"{f['A5']['accepted']}"
    )


def _sessions(f: Found) -> str:
    ended, race = f["A7"], f["A8"]
    return (
        f"a refresh token used again: its session dead after {ended['dead_after_s']} s, other devices "
        f"ended {ended['other_devices_ended']}; after a new password {ended['after_password_s']} s, "
        f"after logging out {ended['after_logout_s']} s; {race['trials']} times {race['at_once']} "
        f"at once: at most {race['most_descendants']} successor, 5xx {race['errors']}"
    )


def _sites(f: Found) -> str:
    tries = f["A12"]["cross_site"] + f["A12"]["wrong_media"] + f["A12"]["without_token"]
    return (
        f"{tries} tries: changes {f['A12']['changes']}, origins let in {f['A12']['origins_let_in']}"
    )


def _honest(f: Found) -> str:
    seen = max(seconds for name, seconds in f["O3"].items() if name.endswith("_seen_s"))
    return (
        f"a store replaced, emptied or removed: not ready within {seen} s, alive throughout; "
        f"{f['O4']['wrong_settings'] + f['O4']['cannot_be_served']} wrong settings told by name in "
        f"one line, values told {f['O4']['values_told']}"
    )


def _effects(f: Found) -> str:
    run = f["F8"]
    return (
        f"broker away {run['away_s']} s: {run['written_while_away']:,} writes taken, refused "
        f"{run['refused']}, their effects there {run['drained_s']} s after; {run['kills']} kills "
        f"between effect and telling, {run['delivered_twice']:,} messages delivered twice: tallies "
        f"that differ from a recount {run['lost_or_double_effects']}; a listener that forgets what "
        f"it heard: caught {run['planted_caught']}"
    )


def _parts(f: Found) -> str:
    run, two = f["F5"], f["F12"]
    return (
        f"{run['cells']:,} of {run['declared']:,} cells as declared in dependencies.yml, over "
        f"{run['faults']} faults; refused in {run['refused_in_s']} s (median), at most "
        f"{run['longest_refusal_s']} s, hangs {run['hangs']}; all well {run['recovered_s']} s after. "
        f"A frozen replica under {two['clients']} clients: slowest reading {two['slowest_read_s']} s "
        f"({two['slowest_before_s']} s before), {two['attempts']:,} attempts for {two['offered']:,} "
        f"asked, done twice {two['done_twice']}; a silent service refused at once after "
        f"{two['breaker_opened_s']} s"
    )


PROMISES = (
    Promise(
        "If we answered 2xx, it is there: it survives the process being killed, and a power cut.",
        ("F1", "F2", "F3", "O1"),
        _kept,
        "F1 7 and 11, F2 0 and up",
        served.KEPT,
    ),
    Promise(
        "Retry is safe: the same Idempotency-Key within 24 h gives the same answer, once.",
        ("F7",),
        _once,
    ),
    Promise(
        "Many at once are as if one after the other; tallies equal a recount.",
        ("F13",),
        _tallies,
        served=served.TALLIES,
    ),
    Promise(
        "What nobody can take is put aside after five tries; the others go on.",
        ("F9",),
        _poison,
        served=served.POISON,
    ),
    Promise(
        "What is kept spares work and is never older than your own write; a lock lost is lost.",
        ("L6", "L7"),
        _cached,
        "L7 3",
        served.SHARED,
    ),
    Promise(
        "Done twice, or killed and done again, an import leaves what one leaves.",
        ("D5",),
        _imports,
        "3, 4, 6",
    ),
    Promise("Of two who edit the same, the second is told.", ("D6",), _editors),
    Promise(
        "Bad input gets a 4xx: never a 5xx, always problem+json, never a script.",
        ("B1", "B2", "B3", "B4", "B5", "B6", "B7"),
        _input,
        "B1 1 and up",
    ),
    Promise(
        "Only the allowed: every route by every role, from one file; no route without a rule.",
        ("Z1", "Z2", "Z3"),
        _allowed,
    ),
    Promise("Guessing and forging get nowhere.", ("A3", "A4", "A5"), _guesses),
    Promise("Keys are changed while people use the site.", ("A6",), _keys),
    Promise("Sessions end when you say so.", ("A7", "A8"), _sessions),
    Promise("Another site's page changes nothing here.", ("A12",), _sites),
    Promise("It says honestly how it is.", ("O3", "O4"), _honest),
    Promise("The tests bite: planted bugs are caught.", ("O9",), _bites),
    Promise(
        "Between services effects happen once: told at least once, applied once.",
        ("F8",),
        _effects,
    ),
    Promise(
        "A part may fail: what does not need it works, what does is refused soon.",
        ("F5", "F12"),
        _parts,
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
