"""Files as streams of lines: plain or gzip, recognised before anything is read from them."""

import gzip
import zlib
from collections.abc import Iterator
from io import SEEK_END, BufferedReader
from pathlib import Path

from marquee.contexts.ingestion.model.dialects.dialect import Dialect, Found
from marquee.contexts.ingestion.model.lines import lines
from marquee.contexts.ingestion.model.recognising import (
    GZIP,
    HEAD,
    UTF_8_MARK,
    Unreadable,
    recognised,
)
from marquee.kit.errors import Invalid

_CHUNK = 256 * 1024


class Source:
    """A file that is known to be readable, at its beginning. Close it when done."""

    def __init__(self, path: Path) -> None:
        """Invalid, in one line, when there is nothing here to import."""
        self.path = path
        self._broken = ""
        try:
            self._file: BufferedReader = path.open("rb")
        except OSError as error:
            raise Invalid(f"{path} cannot be read: {_why(error)}.", field="file") from None
        if not self._file.seekable():
            self._file.close()
            raise Invalid(f"{path} is a pipe; an import reads a file.", field="file")
        try:
            self.size = self._file.seek(0, SEEK_END)
            self._file.seek(0)
            self._body = self._unpacked()
            self.dialect: Dialect = self._recognised()
        except BaseException:
            self._file.close()
            raise

    def _unpacked(self) -> gzip.GzipFile | BufferedReader:
        self.is_packed = self._file.read(len(GZIP)) == GZIP
        self._file.seek(0)
        return gzip.GzipFile(fileobj=self._file) if self.is_packed else self._file

    def _recognised(self) -> Dialect:
        self._head = self._beginning()
        if self._broken:
            raise Invalid(f"{self.path} {self._broken}.", field="file")
        self._head = self._head.removeprefix(UTF_8_MARK)
        try:
            return recognised(self._head)
        except Unreadable as reason:
            raise Invalid(f"{self.path} is {reason}", field="file") from None

    def _beginning(self) -> bytes:
        head = b""
        while len(head) < HEAD and (more := self._read()):
            head += more
        return head

    @property
    def done(self) -> int:
        """Bytes read so far, of those on the disk."""
        return self._file.tell()

    def rows(self) -> Iterator[Found]:
        """What each row came to. Invalid when the file breaks off or cannot be read any more."""
        return self.dialect.read(lines(self._chunks()))

    def _chunks(self) -> Iterator[bytes]:
        yield self._head
        while chunk := self._read():
            yield chunk
        if self._broken:
            raise Invalid(f"{self.path} {self._broken}.", field="file")

    def _read(self) -> bytes:
        """The next bytes; none at the end, or where the file is `_broken`."""
        try:
            return b"" if self._broken else self._body.read1(_CHUNK)
        except EOFError:
            self._broken = "breaks off in the middle: its compressed data is cut short"
        except (gzip.BadGzipFile, zlib.error):
            self._broken = "is damaged: its compressed data makes no sense"
        except OSError as error:
            self._broken = f"cannot be read: {_why(error)}"
        return b""

    def close(self) -> None:
        self._file.close()


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, PermissionError):
        return "it may not be opened"
    return error.strerror or type(error).__name__
