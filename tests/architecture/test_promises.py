"""`make reliability` runs what proves a promise, and says truly how it went."""

import re

import pytest
from benchmarks import promises, proving
from benchmarks.proving import Ran

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_stands"/>
<testcase classname="tests.a" name="test_falls"><failure/></testcase>
<testcase classname="tests.a" name="test_falls"><error/></testcase>
<testcase classname="tests.b" name="test_needs_redis"><skipped/></testcase>
</testsuite></testsuites>"""
KEPT = re.compile(r"\bkeep\(\s*\"([A-Z]\d+)")
WELL = Ran(passed=3, failed=(), left_out=0, code=0)


def test_every_case_that_a_promise_names_has_a_test() -> None:
    named = {case for promise in promises.PROMISES for case in promise.cases}
    named |= {
        part.case.partition("-")[0] for promise in promises.PROMISES for part in promise.served
    }
    told = {case for cases in proving.cases_by_file().values() for case in cases}
    assert named <= told


def test_a_file_that_keeps_figures_of_a_case_tells_it() -> None:
    for path, cases in proving.cases_by_file().items():
        assert set(KEPT.findall((proving.ROOT / path).read_text("utf-8"))) <= set(cases), path


def test_a_case_is_run_by_the_files_that_tell_of_it_alone() -> None:
    assert proving.files_of(["F5"]) == ["tests/reliability/services/test_dependencies.py"]
    both = proving.files_of(["F2"])
    assert [path.rpartition("/")[2] for path in both] == ["test_durable.py", "test_power_loss.py"]


def test_a_case_that_nobody_tells_of_is_named() -> None:
    with pytest.raises(SystemExit, match="No test is of X9; there are A12"):
        proving.files_of(["F5", "X9"])


def test_a_report_is_counted() -> None:
    ran = proving.counted(REPORT, 1)
    assert ran == Ran(passed=1, failed=("tests.a.test_falls",), left_out=1, code=1)


def test_all_well_is_said_so() -> None:
    told, code = proving.summary([WELL, WELL], is_proven=True, minutes=61.2)
    assert (told, code) == ("Proven: 6 passed, 0 failed, 0 left out, in 61 minutes.", 0)


@pytest.mark.parametrize(
    ("ran", "is_proven"),
    [
        ([WELL, Ran(2, ("tests.a.test_falls",), 0, 1)], True),
        ([WELL, Ran(0, (), 0, 2)], True),
        ([WELL], False),
    ],
    ids=["a test failed", "a run broke off", "figures are missing"],
)
def test_whatever_is_not_well_ends_in_one(ran: list[Ran], is_proven: bool) -> None:  # noqa: FBT001 - a parameter
    told, code = proving.summary(ran, is_proven=is_proven, minutes=1)
    assert code == 1
    assert "\nNOT PROVEN" in f"\n{told}"
    assert [f"Failed: {name}" in told for one in ran for name in one.failed] in ([], [True])


def test_what_was_left_out_is_not_called_proven() -> None:
    told, code = proving.summary([Ran(5, (), 2, 0)], is_proven=True, minutes=1)
    assert told.startswith("Proven, but for what was left out: 5 passed")
    assert code == 0
