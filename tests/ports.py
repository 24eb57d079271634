"""Ports for tests: none twice in a run, and none that an outgoing connection may be given."""

import os
import random
from itertools import count

from deploy.engines.ports import SPARE, is_free

PORTS = range(SPARE.stop, 32_700)
"""Above the ports of `make engines`, below those that Linux gives to whoever names none."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_EACH = len(PORTS) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_next = count(random.randrange(_EACH))  # so that two runs side by side seldom meet


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at: the next one of this worker's own."""
    ours = PORTS[_WORKER * _EACH : (_WORKER + 1) * _EACH]
    ports = (ours[next(_next) % _EACH] for _ in ours)
    return next(port for port in ports if is_free(port))
