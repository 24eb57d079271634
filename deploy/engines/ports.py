"""Which ports the engines take: the ones they want where those are free, others where not."""

import socket
from collections.abc import Mapping

LOOPBACK = "127.0.0.1"
SPARE = range(22000, 23000)
"""Below the ports that a kernel gives to those who call out, above all that engines want."""


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        # a port whose last connections still fade away is free
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose(wanted: Mapping[str, int], taken: set[int]) -> dict[str, int]:
    """A free port for each name; what is chosen is added to `taken`, so that none is given twice."""
    chosen = {}
    for name, first in wanted.items():
        ports = (port for port in (first, *SPARE) if port not in taken and is_free(port))
        chosen[name] = next(ports)
        taken.add(chosen[name])
    return chosen
