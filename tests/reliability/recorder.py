"""Records what SQLite writes and syncs, and rebuilds its files as a power cut would leave them.

The recorder is a VFS of the very library that the `sqlite3` module uses, laid over the default one,
so the code under test is the real store, unchanged.
"""

import _sqlite3
import ctypes
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODELS = ("all", "some", "prefix")
SECTOR = 512
OK = 0

OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
WRITE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = ctypes.CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = ctypes.CFUNCTYPE(c_int, c_void_p, c_int)


class Vfs(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("app", c_void_p),
        ("open", OPEN),
        ("delete", DELETE),
        *((f"other_{n}", c_void_p) for n in range(14)),
    )


class Methods(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", WRITE),
        ("truncate", TRUNCATE),
        ("sync", SYNC),
        *((f"other_{n}", c_void_p) for n in range(13)),
    )


class File(ctypes.Structure):
    _fields_ = (("methods", POINTER(Methods)),)


@dataclass(frozen=True)
class Wrote:
    path: str
    offset: int
    raw: bytes


@dataclass(frozen=True)
class Truncated:
    path: str
    size: int


@dataclass(frozen=True)
class Synced:
    path: str


@dataclass(frozen=True)
class Deleted:
    path: str


@dataclass(frozen=True)
class Said:
    """What the caller knew at this point: it `tried` to bring something to a state, or was `told`
    that it is in it.
    """

    what: str
    key: str
    state: Any


Step = Wrote | Truncated | Synced | Deleted | Said


class Recorder:
    """Everything written under `folder`, in order, with what the caller said meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.steps: list[Step] = []
        self._folder = str(folder).encode()
        self._paths: dict[int, str] = {}
        self._wrapped: dict[int, Methods] = {}
        self._kept: list[Any] = []
        lib = ctypes.CDLL(_sqlite3.__file__ if hasattr(_sqlite3, "__file__") else None)
        lib.sqlite3_vfs_find.restype = POINTER(Vfs)
        self._lib = lib
        self._real = lib.sqlite3_vfs_find(None).contents
        self.vfs = Vfs()
        ctypes.pointer(self.vfs)[0] = self._real
        self.vfs.next = None
        self.vfs.name = b"recorder"
        self.vfs.open = OPEN(self._open)
        self.vfs.delete = DELETE(self._delete)

    def register(self) -> None:
        assert self._lib.sqlite3_vfs_register(ctypes.byref(self.vfs), 1) == OK

    def unregister(self) -> None:
        assert self._lib.sqlite3_vfs_unregister(ctypes.byref(self.vfs)) == OK
        assert self._lib.sqlite3_vfs_register(ctypes.byref(self._real), 1) == OK

    def said(self, what: str, key: str, state: Any) -> None:
        self.steps.append(Said(what, key, state))

    def _open(self, vfs: int, name: int, file: int, flags: int, got: Any) -> int:
        answer = self._real.open(vfs, name, file, flags, got)
        path = ctypes.string_at(name) if name else b""
        if answer == OK and path.startswith(self._folder):
            self._paths[file] = path.decode()
            self._wrap(ctypes.cast(file, POINTER(File)).contents)
        return int(answer)

    def _wrap(self, file: File) -> None:
        """Put our methods before the file's own."""
        real = file.methods.contents
        address = ctypes.addressof(real)
        if address not in self._wrapped:
            ours = Methods()
            ctypes.pointer(ours)[0] = real
            write, truncate, sync = real.write, real.truncate, real.sync
            self._kept += [real, write, truncate, sync]

            def on_write(this: int, raw: int, size: int, offset: int) -> int:
                self.steps.append(Wrote(self._paths[this], offset, ctypes.string_at(raw, size)))
                return int(write(this, raw, size, offset))

            def on_truncate(this: int, size: int) -> int:
                self.steps.append(Truncated(self._paths[this], size))
                return int(truncate(this, size))

            def on_sync(this: int, flags: int) -> int:
                answer = int(sync(this, flags))
                self.steps.append(Synced(self._paths[this]))
                return answer

            ours.write, ours.truncate, ours.sync = (
                WRITE(on_write),
                TRUNCATE(on_truncate),
                SYNC(on_sync),
            )
            self._wrapped[address] = ours
        file.methods = ctypes.pointer(self._wrapped[address])

    def _delete(self, vfs: int, name: bytes, sync: int) -> int:
        self.steps.append(Deleted(name.decode()))
        return int(self._real.delete(vfs, name, sync))


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """SQLite files opened in `folder` during the block are recorded until they are closed."""
    recorder = Recorder(folder)
    recorder.register()
    try:
        yield recorder
    finally:
        recorder.unregister()


def after_power_cut(
    steps: Sequence[Step], cut: int, model: str, rng: random.Random
) -> dict[str, bytes]:
    """The files as they may be found when the power went before step `cut`.

    What was synced is there. Of what was not, `all` is lost; or `some`, any subset, a write
    perhaps torn between sectors; or what came after a random point, `prefix`.
    """
    files: dict[str, bytearray] = {}
    waiting: dict[str, list[Wrote | Truncated]] = {}
    for step in steps[:cut]:
        if isinstance(step, (Wrote, Truncated)):
            waiting.setdefault(step.path, []).append(step)
        elif isinstance(step, Synced):
            for change in waiting.pop(step.path, ()):
                _apply(files, change)
        elif isinstance(step, Deleted):
            files.pop(step.path, None)
            waiting.pop(step.path, None)
    for changes in waiting.values():
        for change in _survivors(changes, model, rng):
            _apply(files, change)
    return {path: bytes(raw) for path, raw in files.items()}


def _survivors(
    changes: Sequence[Wrote | Truncated], model: str, rng: random.Random
) -> Iterator[Wrote | Truncated]:
    if model == "prefix":
        yield from changes[: rng.randrange(len(changes) + 1)]
    elif model == "some":
        for change in changes:
            fate = rng.random()
            if fate < 0.45:
                yield change
            elif fate < 0.6 and isinstance(change, Wrote) and len(change.raw) > SECTOR:
                torn = SECTOR * rng.randrange(1, 1 + len(change.raw) // SECTOR)
                yield Wrote(change.path, change.offset, change.raw[:torn])


def _apply(files: dict[str, bytearray], change: Wrote | Truncated) -> None:
    raw = files.setdefault(change.path, bytearray())
    if isinstance(change, Truncated):
        del raw[change.size :]
        return
    end = change.offset + len(change.raw)
    if len(raw) < end:
        raw.extend(bytes(end - len(raw)))
    raw[change.offset : end] = change.raw
