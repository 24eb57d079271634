"""Snapshots: named arrays in one file that is whole or refused."""

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from marquee.engines.columns.lanes import Array
from marquee.engines.columns.shape import Unreadable

_MAGIC = b"marquee columns 1\n"
_HEADER_MOST = 1 << 26


def write(path: Path, facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Durable and all at once: a reader meets the old file or the new one, never a part."""
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    plan = [
        (name, array.dtype.str, array.shape, zlib.crc32(_octets(array)))
        for name, array in whole.items()
    ]
    header = json.dumps({"facts": facts, "arrays": plan}).encode()
    part = path.with_name(f"{path.name}.part")
    try:
        _fill(part, header, list(whole.values()))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fill(path: Path, header: bytes, arrays: list[Array]) -> None:
    with path.open("wb") as file:
        file.write(_MAGIC)
        file.write(len(header).to_bytes(8, "little"))
        file.write(zlib.crc32(header).to_bytes(4, "little"))
        file.write(header)
        for array in arrays:
            file.write(_octets(array))
        file.flush()
        os.fsync(file.fileno())


def _octets(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def read(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """The facts and the arrays, or Unreadable."""
    try:
        with path.open("rb") as file:
            header = _header(file)
            arrays = {name: _array(file, *rest) for name, *rest in header["arrays"]}
            if file.read(1):
                raise Unreadable(f"{path}: longer than its header says")
            return header["facts"], arrays
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: {error}") from error


def _header(file: BinaryIO) -> dict[str, Any]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise Unreadable("not a snapshot of this version")
    size = int.from_bytes(file.read(8), "little")
    check = int.from_bytes(file.read(4), "little")
    header = file.read(min(size, _HEADER_MOST))
    if len(header) != size or zlib.crc32(header) != check:
        raise Unreadable("its header is torn")
    found: dict[str, Any] = json.loads(header)
    return found


def _array(file: BinaryIO, dtype: str, shape: list[int], check: int) -> Array:
    array: Array = np.zeros(shape, np.dtype(dtype))
    octets = _octets(array)
    if file.readinto(octets) != len(octets) or zlib.crc32(octets) != check:  # type: ignore[attr-defined]
        raise Unreadable("its arrays are torn")
    return array
