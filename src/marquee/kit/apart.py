"""A process of one's own for work that would hold up everything else here, talked to by messages."""

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection

from marquee.kit.errors import Unavailable

_CHILD = """
import ast, gc, signal, sys
sys.path[:] = ast.literal_eval(sys.argv[1])
from importlib import import_module
from multiprocessing.connection import Connection
module, _, name = sys.argv[2].partition(":")
work = getattr(import_module(module), name)
signal.signal(signal.SIGINT, signal.SIG_IGN)
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 50, 50)
work(Connection(int(sys.argv[3])), *sys.argv[4:])
"""
"""Not by multiprocessing, which would import all of the parent's program first.

Who presses Ctrl-C means the parent. Rows make few cycles, and looking for some is a seventh of the
work.
"""
_PATIENCE = 5
GONE = (EOFError, OSError)
"""What either side is told when nobody is at the other end any more."""


class Child:
    """Runs `work`, a function named as `module:name`, which gets a Connection and the `words`.

    It should end when nobody is at the other end, in whatever way that came. Whoever sends waits
    while the other side has not taken what was sent before. One thread at a time.
    """

    def __init__(self, work: str, *words: str) -> None:
        self._work = work
        here, there = socket.socketpair()
        with there:
            command = [sys.executable, "-c", _CHILD, repr(sys.path), work, str(there.fileno())]
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*command, *words], stdin=subprocess.DEVNULL, pass_fds=(there.fileno(),)
            )
        self._pipe = Connection(here.detach())
        self.pid = self._process.pid

    def send(self, message: bytes) -> None:
        try:
            self._pipe.send_bytes(message)
        except GONE:
            raise self._ended() from None

    def receive(self) -> bytes:
        try:
            return self._pipe.recv_bytes()
        except GONE:
            raise self._ended() from None

    def _ended(self) -> Unavailable:
        what = self._work.rpartition(":")[0].rpartition(".")[2]
        return Unavailable(f"The process for {what} has ended before its time.", retry_after=1)

    def close(self) -> None:
        """It ends by itself; where it does not, it is killed. The second time does nothing."""
        self._pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def leave() -> None:
    """For a child: end at once, with nothing finished."""
    os._exit(1)
