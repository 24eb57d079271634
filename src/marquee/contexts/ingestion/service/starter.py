"""The starter catalog: made from the raw table, always the same bytes, with a report."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec

from marquee.contexts.ingestion.model.rows import BadRow, Row, checked
from marquee.contexts.ingestion.model.starter_report import StarterReport, reported
from marquee.contexts.ingestion.model.tidying import tidied
from marquee.kit.errors import Invalid

STARTER = Path(__file__).parent.parent / "starter" / "movies.jsonl.gz"


def build(raw: Path, out: Path) -> StarterReport:
    """Read the raw table, write the starter catalog. The same table gives the same bytes."""
    made = tidied(_rows(raw))
    body = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=body, mode="wb", compresslevel=9, mtime=0) as packed:
        for row in made.rows:
            packed.write(msgspec.json.encode(row) + b"\n")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(body.getvalue())
    return reported(made, len(body.getvalue()))


def _rows(raw: Path) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(Row)
    try:
        with gzip.open(raw) if raw.suffix == ".gz" else raw.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield checked(decoder.decode(line))
                except (BadRow, msgspec.MsgspecError, ValueError) as error:
                    raise Invalid(f"{raw}, line {number}: {error}") from error
    except OSError as error:
        raise Invalid(f"{raw} cannot be read: {error.strerror or error}") from error
