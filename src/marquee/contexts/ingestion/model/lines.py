"""Lines out of a stream of bytes, and records out of lines, however long they claim to be."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST = 1 << 20
"""Bytes of the longest line, and of the longest record over several lines."""

_MOST_LINES = 200
_OPEN = "unexpected end of data"
_UNCLOSED = "a quote is opened and not closed"


class Line(NamedTuple):
    """A physical line, numbered from 1, without its end; `body` is None when it is too long."""

    number: int
    body: bytes | None


class Record(NamedTuple):
    """Fields of a record and the line it starts on; or `problem`, and no fields."""

    number: int
    fields: list[str]
    problem: str = ""


def lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a stream. A line beyond LONGEST is passed over without being kept."""
    number, rest, skipping = 1, b"", False
    for chunk in chunks:
        pieces = chunk.split(b"\n")
        last = pieces.pop()
        for piece in pieces:
            body = rest + piece if rest else piece
            rest = b""
            long = skipping or len(body) > LONGEST
            yield Line(number, None if long else body.removesuffix(b"\r"))
            number, skipping = number + 1, False
        rest += last
        if len(rest) > LONGEST:
            rest, skipping = b"", True
    if rest or skipping:
        yield Line(number, None if skipping else rest.removesuffix(b"\r"))


def text_of(line: Line) -> str:
    """The line as text. Raises ValueError with the reason when it is not UTF-8, or too long."""
    if line.body is None:
        raise ValueError(f"the line is longer than {LONGEST:,} bytes")
    try:
        return line.body.decode()
    except UnicodeDecodeError as error:
        bad = error.object[error.start]
        raise ValueError(f"not UTF-8 (byte 0x{bad:02x} at column {error.start + 1})") from None


def records(source: Iterable[Line]) -> Iterator[Record]:
    """The records of a comma-separated table; blank lines are none, nor spaces before the header.

    A quoted field may run over lines. Where a quote is never closed, or what it encloses is no
    record, the line it starts on is reported and reading goes on with the very next line.
    """
    csv.field_size_limit(LONGEST)
    pending: deque[Line] = deque()
    stream = iter(source)
    width = 0
    while (line := _next(pending, stream)) is not None:
        if line.body == b"" or (not width and line.body and line.body.isspace()):
            continue
        record, taken = _record(line, pending, stream)
        if taken and not record.problem and width and len(record.fields) != width:
            record = Record(line.number, [], _UNCLOSED)
        if record.problem:
            pending.extendleft(reversed(taken))
        width = width or len(record.fields)
        yield record


def _next(pending: deque[Line], stream: Iterator[Line]) -> Line | None:
    return pending.popleft() if pending else next(stream, None)


def _record(line: Line, pending: deque[Line], stream: Iterator[Line]) -> tuple[Record, list[Line]]:
    """The record that starts on `line`, and which further lines it took."""
    taken: list[Line] = []
    try:
        text = text_of(line)
        while True:
            fields, problem = _fields(text)
            if problem != _OPEN:
                return Record(line.number, fields, problem), taken
            text = _longer(text, taken, pending, stream)
    except ValueError as error:
        return Record(line.number, [], str(error)), taken


def _fields(text: str) -> tuple[list[str], str]:
    try:
        return next(csv.reader([text], strict=True)), ""
    except csv.Error as error:
        return [], _OPEN if str(error) == _OPEN else f"not a row of the table: {error}"


def _longer(text: str, taken: list[Line], pending: deque[Line], stream: Iterator[Line]) -> str:
    """`text` with the lines up to the next that has a quote in it."""
    parts, size = [text], len(text)
    while True:
        line = _next(pending, stream)
        if line is None:
            raise ValueError(_UNCLOSED)
        taken.append(line)
        more = text_of(line)
        size += len(more)
        if len(taken) > _MOST_LINES or size > LONGEST:
            raise ValueError(_UNCLOSED)
        parts.append(more)
        if '"' in more:
            return "\n".join(parts)
