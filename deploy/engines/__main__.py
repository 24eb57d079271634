"""`python3 -m deploy.engines start|stop|status [engine…]`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.engines import together
from deploy.engines.catalog import ENGINES
from deploy.engines.notes import alone
from deploy.engines.processes import PROC
from deploy.engines.report import Outcome, table

ROOT = Path(__file__).resolve().parents[2] / ".engines"
STEPS = {"start": together.start, "stop": together.stop, "status": together.status}


def main(words: Sequence[str]) -> int:
    """0, or 1 where an engine failed, or was left out while `CI` says that all are wanted."""
    names = [engine.name for engine in ENGINES]
    parser = argparse.ArgumentParser(prog="deploy.engines", description=__doc__)
    parser.add_argument("what", choices=STEPS)
    parser.add_argument("only", nargs="*", metavar="engine", help=", ".join(names))
    said = parser.parse_args(words)
    if unknown := set(said.only) - set(names):
        parser.error(f"no such engine: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    in_ci = bool(os.environ.get("CI"))
    if not (PROC / "self" / "stat").exists():
        print("All engines are left out: they are told apart by Linux's /proc.")
        return int(in_ci)
    ROOT.mkdir(exist_ok=True)
    # servers that run as users of their own pass through it; what is noted is for us
    ROOT.chmod(0o755)
    (ROOT / "run").mkdir(mode=0o700, exist_ok=True)
    with alone(ROOT / "lock"):
        engines = [engine for engine in ENGINES if not said.only or engine.name in said.only]
        try:
            outcomes = STEPS[said.what](engines, ROOT)
        finally:
            together.note_urls(ROOT)
    print(table(outcomes))
    return verdict(outcomes, in_ci=in_ci)


def verdict(outcomes: Sequence[Outcome], *, in_ci: bool) -> int:
    wrong = {"failed", "left out"} if in_ci else {"failed"}
    missing = [outcome.engine for outcome in outcomes if outcome.state in wrong]
    if missing:
        print(f"Not running: {', '.join(missing)}.", file=sys.stderr)
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
