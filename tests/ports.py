"""Ports for tests: nobody else's, and none that an outgoing connection may be given."""

import fcntl
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from deploy.engines.ports import SPARE, is_free

PORTS = range(SPARE.stop, 32_700)
"""Above the ports of `make engines`, below those that Linux gives to whoever names none."""
EACH = 50
CLAIMS = Path(tempfile.gettempdir()) / "marquee-test-ports"
_claimed: dict[int, IO[bytes]] = {}
"""Ports by the first of fifty, each with a locked file: it is ours while this process lives.

A test may kill a site and start it again at its port: no other run may take it meanwhile.
"""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at: the next one of this process's own."""
    return next(_ports)


def _each() -> Iterator[int]:
    CLAIMS.mkdir(exist_ok=True)
    starts = list(range(PORTS.start, PORTS.stop - EACH + 1, EACH))
    random.shuffle(starts)
    while True:
        for start in starts:
            if _claim(start):
                yield from filter(is_free, range(start, start + EACH))
        assert _claimed, "other test runs hold all ports"


def _claim(start: int) -> bool:
    if start in _claimed:
        return True
    claim = (CLAIMS / str(start)).open("wb")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.close()
        return False
    _claimed[start] = claim
    return True


_ports = _each()
