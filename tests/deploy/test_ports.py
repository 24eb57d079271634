"""Two test runs side by side take different ports, also while nobody listens at them."""

import subprocess
import sys

from tests.ports import EACH, PORTS, free_port

TAKE = f"""
import sys
sys.path[:] = {sys.path!r}
from tests.ports import free_port
print(*(free_port() for _ in range({EACH * 2})), flush=True)
sys.stdin.read()
"""


def test_no_port_is_given_twice_to_runs_at_once() -> None:
    ours = {free_port() for _ in range(EACH * 2)}
    with subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-c", TAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = {int(port) for port in other.stdout.readline().split()}
        ours |= {free_port() for _ in range(EACH * 2)}
        other.communicate("")
    assert len(theirs) == EACH * 2
    assert not ours & theirs
    assert (ours | theirs) <= set(PORTS)
