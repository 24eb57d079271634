"""Many entries are written by a process of its own: this one goes on reading, and answering."""

from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.stores.tantivy.documents import KEY, document, schema
from marquee.engines.tantivy import Volume, Writing
from marquee.kit.apart import GONE, Child, leave
from marquee.kit.errors import OutOfSpace


class Order(msgspec.Struct, array_like=True, gc=False):
    """These entries in, these keys out; or, without any, all of what was ordered before takes effect."""

    entries: Sequence[Entry] = ()
    gone: Sequence[str] = ()


class Done(msgspec.Struct, array_like=True, gc=False):
    """Of all orders since the last. Without a `problem` all of it is on the disk, else nothing."""

    problem: str = ""
    is_full: bool = False


_ENCODE = msgspec.msgpack.Encoder().encode
_ORDER = msgspec.msgpack.Decoder(Order).decode
_DONE = msgspec.msgpack.Decoder(Done).decode


class Apart:
    """Writes the index in `path` while nobody else does. Calls block: not for the event loop."""

    def __init__(self, path: Path) -> None:
        self._child = Child(f"{write.__module__}:{write.__name__}", str(path))
        self.pid = self._child.pid

    def add(self, entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
        """A key twice since the last `finish` is there twice: whoever asks sees to that."""
        if entries or gone:
            self._child.send(_ENCODE(Order(entries, gone)))

    def finish(self) -> None:
        """All that was added takes effect, durably, or nothing of it does."""
        self._child.send(_ENCODE(Order()))
        done = _DONE(self._child.receive())
        if done.is_full:
            raise OutOfSpace(done.problem)
        if done.problem:
            raise ValueError(f"The search index cannot be written: {done.problem}")

    def close(self) -> None:
        """What is not finished never was."""
        self._child.close()


def write(pipe: Connection, path: str) -> None:
    """What the child does, until nobody is at the other end."""
    volume = Volume.open(schema(), Path(path), KEY)
    hand = _Hand(volume)
    while True:
        try:
            order = _ORDER(pipe.recv_bytes())
            if order.entries or order.gone:
                hand.add(order)
            else:
                pipe.send_bytes(_ENCODE(hand.finish()))
        except GONE:
            leave()


class _Hand:
    """What goes wrong is kept until somebody asks."""

    def __init__(self, volume: Volume | None) -> None:
        self._volume = volume
        self._writing: Writing | None = None
        self._problem: Done | None = None

    def add(self, order: Order) -> None:
        if self._problem is None:
            self._problem = self._tried(lambda volume: self._add(volume, order))

    def _add(self, volume: Volume, order: Order) -> None:
        if self._writing is None:
            self._writing = volume.writing(many=True)
        keys = [*(entry.key for entry in order.entries), *order.gone]
        self._writing.add(map(document, order.entries), volume.known(keys))

    def finish(self) -> Done:
        problem = self._problem or self._tried(self._finish)
        if problem is not None and self._writing is not None:
            self._tried(lambda _volume: self._drop())
        self._writing = self._problem = None
        return problem or Done()

    def _finish(self, volume: Volume) -> None:
        if self._writing is not None:
            self._writing.finish()
            self._writing = None
            volume.show()

    def _drop(self) -> None:
        if self._writing is not None:
            self._writing.drop()

    def _tried(self, step: Callable[[Volume], None]) -> Done | None:
        if self._volume is None:
            return Done("it is broken, or was made for other fields")
        try:
            step(self._volume)
        except OutOfSpace as error:
            return Done(error.detail, is_full=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other side is told
            return Done(" ".join(str(error).split()) or type(error).__name__)
        return None
