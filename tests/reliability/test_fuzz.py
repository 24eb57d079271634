"""B1: the fuzzer finds no server error, no broken promise of the document, nothing bad accepted."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.reliability import figures
from tests.reliability.cast import ROLES as TOLD
from tests.reliability.cast import ROWS, Cast, template_of
from tests.reliability.conftest import Open
from tests.reliability.site import Site

EXAMPLES = figures.sized(20, 200)
SEEDS = figures.sized(1, 3)
ROOT = Path(__file__).resolve().parents[2]
ROLES = ("admin", "owner", "anonymous")
PARTING = ("sign_out", "delete_me", "change_password")
"""They end the session they are asked with: only strangers and `test_who_may` ask them."""
OF_A_SICK_SITE = {
    "POST /api/v1/parked/{message_id}/replay",
    "DELETE /api/v1/parked/{message_id}",
}
"""They work only where a listener has failed; tests/app/parked make that so."""
LEAST_REFUSAL = 400
CONFIG = """
[checks]
# A stale version is a refusal like any other.
negative_data_rejection.expected-statuses = ["4xx"]
missing_required_header.expected-statuses = ["400", "401", "403", "406", "415", "422", "428"]
"""
SHORTER = """
# A third of all cases are about the many members of a movie.
[[operations]]
include-path-regex = "^/api/v1/movies"
phases.coverage.enabled = false
"""
COUNT = re.compile(r"(\d+) generated")


@dataclass(frozen=True)
class Run:
    """A fuzzer at work as somebody."""

    role: str
    seed: int
    folder: Path
    process: "subprocess.Popen[str]"

    @property
    def seen(self) -> Path:
        return self.folder / "seen"

    def finished(self) -> tuple[int, str]:
        said, _nothing = self.process.communicate(timeout=3_600)
        return self.process.returncode, said


def an_admin(cast: Cast) -> str:
    """Not the one who makes things for the fuzzer, for the fuzzer may end its own sessions."""
    name = cast.site.newcomer()
    with cast.client("admin") as boss:
        assert boss.patch(f"/api/v1/users/{name}", json={"role": "admin"}).status_code == 200
    return cast.site.headers(name)["authorization"]


def left_out_of(site: Site, role: str) -> list[str]:
    """On every commit nobody asks for what `test_who_may` knows to be refused to them."""
    parting = [] if role == "anonymous" else list(PARTING)
    if figures.FULL:
        return parting
    with site.client() as client:
        paths = client.get("/schema").json()["paths"]
    known = {
        f"{method.upper()} {path}": about["operationId"]
        for path, methods in paths.items()
        for method, about in methods.items()
    }
    allowed = {
        template_of(row["route"]) for row in ROWS if row["cells"][TOLD.index(role)] < LEAST_REFUSAL
    }
    refused = [name for operation, name in known.items() if operation not in allowed]
    return sorted({*parting, *refused})


def told_of(cast: Cast) -> dict[str, object]:
    return {
        "owner": cast.owner,
        "owner_id": cast.owner_id,
        "headers": cast.headers,
        "platform": cast.platform,
    }


def start(site: Site, role: str, seed: int, folder: Path) -> Run:
    folder.mkdir()
    cast = Cast.gathered(site)
    token = {
        "admin": lambda: an_admin(cast),
        "owner": lambda: cast.headers["owner"]["authorization"],
        "anonymous": lambda: "",
    }[role]()
    world = {
        "folder": str(site.folder),
        "port": site.port,
        "role": role,
        "token": token,
        "seed": seed,
        "seen": str(folder / "seen"),
        "cast": told_of(cast),
    }
    (folder / "schemathesis.toml").write_text(
        CONFIG if figures.FULL else CONFIG + SHORTER, encoding="utf-8"
    )
    left_out = [f"--exclude-operation-id={name}" for name in left_out_of(site, role)]
    # On every commit the many odd cases that follow from the schema alone are asked once, by the
    # role that gets furthest.
    covers = "examples,coverage," if figures.FULL or role == "admin" else ""
    process = subprocess.Popen(  # noqa: S603 - the fuzzer, as its own command
        [
            str(Path(sys.executable).with_name("st")),
            "run",
            f"{site.url}/schema",
            "--checks=all",
            # Names that are taken, passwords anybody would guess, cursors of another list: what
            # a schema cannot say is rightly refused.
            "--exclude-checks=positive_data_acceptance",
            f"--phases={covers}fuzzing,stateful",
            f"--max-examples={EXAMPLES}",
            f"--seed={seed}",
            "--generation-with-security-parameters=false",
            "--generation-database=none",
            "--continue-on-failure",
            "--no-color",
            *left_out,
        ],
        cwd=folder,
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("MARQUEE_")},
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "SCHEMATHESIS_HOOKS": "tests.reliability.fuzz",
            "MARQUEE_TEST_FUZZ": json.dumps(world),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Run(role, seed, folder, process)


@pytest.fixture
def sites(a_site: Open) -> dict[str, Site]:
    """One for each role: none deletes what another has just made."""
    found = {role: a_site() for role in ROLES}
    for site in found.values():
        site.start()
    return found


def test_the_fuzzer_finds_nothing(sites: dict[str, Site], tmp_path: Path) -> None:
    statuses: dict[str, Counter[str]] = {}
    generated = 0
    failed = []
    for seed in range(1, SEEDS + 1):
        runs = [
            start(site, role, seed, tmp_path / f"{role}-{seed}") for role, site in sites.items()
        ]
        for run in runs:
            code, said = run.finished()
            generated += sum(int(found) for found in COUNT.findall(said))
            if code != 0:
                failed.append(f"=== {run.role}, seed {run.seed}\n{shortened(said)}")
            for line in run.seen.read_text("utf-8").splitlines():
                operation, _, status = line.rpartition(" ")
                statuses.setdefault(operation, Counter())[status] += 1
    with sites["anonymous"].client() as client:
        paths = client.get("/schema").json()["paths"]
    known = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    known -= OF_A_SICK_SITE
    reached = {
        operation
        for operation in known
        if any(status.startswith("2") for status in statuses.get(operation, ()))
    }
    figures.keep(
        "B1",
        examples=EXAMPLES,
        seeds=SEEDS,
        cases=generated,
        calls=sum(sum(counts.values()) for counts in statuses.values()),
        server_errors=sum(
            count
            for counts in statuses.values()
            for status, count in counts.items()
            if status.startswith("5") and status != "503"
        ),
        operations=len(known),
        reached=len(reached),
        not_reached=sorted(known - reached),
        failed_runs=len(failed),
    )
    assert failed == [], "\n".join(failed)
    assert len(reached) >= 0.95 * len(known), sorted(known - reached)


def shortened(said: str) -> str:
    """Without the long runs of one letter that it likes to send."""
    return re.sub(r"(.)\1{60,}", r"\1…", said)[-12_000:]
