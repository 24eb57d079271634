"""Comma-separated tables: the header first, then rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from marquee.contexts.ingestion.model.columns import Columns
from marquee.contexts.ingestion.model.lines import Line, records


class Fields(NamedTuple):
    number: int
    columns: Columns
    fields: Sequence[str]
    problem: str


def read_table(lines: Iterable[Line]) -> Iterator[Fields]:
    """Each row below the header, by its columns."""
    columns: Columns | None = None
    for record in records(lines):
        if columns is None:
            columns = Columns(record.fields)
            if record.problem:
                yield Fields(record.number, columns, (), f"the header: {record.problem}")
                return
        else:
            yield Fields(record.number, columns, record.fields, record.problem)
