"""A proxy on loopback that carries requests and, when told to, swallows the answers."""

import contextlib
import socket
import threading
from collections.abc import Iterator

HEAD_END = b"\r\n\r\n"


class EatingProxy:
    """Every connection is good for one request. While `eats`, the request reaches the server,
    its whole answer is read and thrown away, and the connection is closed on the client.
    """

    def __init__(self, upstream: int) -> None:
        self.eats = False
        self.eaten = 0
        self.upstream = upstream
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        self._workers: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for worker in self._workers:
            worker.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            worker = threading.Thread(target=self._carry, args=(client,), daemon=True)
            worker.start()
            self._workers.append(worker)

    def _carry(self, client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection(("127.0.0.1", self.upstream)) as server,
        ):
            server.sendall(_message(client))
            answer = _message(server)
            if self.eats:
                self.eaten += 1
            else:
                client.sendall(answer)


def _message(source: socket.socket) -> bytes:
    """One HTTP message whose body is as long as its Content-Length says."""
    raw = b""
    while HEAD_END not in raw:
        raw += _more(source)
    head = raw.partition(HEAD_END)[0].lower()
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            length = int(value)
    whole = len(head) + len(HEAD_END) + length
    while len(raw) < whole:
        raw += _more(source)
    return raw


def _more(source: socket.socket) -> bytes:
    part = source.recv(65_536)
    if not part:
        raise ConnectionError("it ended in the middle of a message")
    return part


@contextlib.contextmanager
def eating(upstream: int) -> Iterator[EatingProxy]:
    proxy = EatingProxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
