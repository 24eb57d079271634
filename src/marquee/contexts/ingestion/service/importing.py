"""Movies out of files into the catalog, batch by batch."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from marquee.contexts.catalog.contract import Catalog, MergeReport
from marquee.contexts.ingestion.model.progress import (
    BadLine,
    FileReport,
    ImportReport,
    Progress,
    Tally,
)
from marquee.contexts.ingestion.model.text import forget
from marquee.contexts.ingestion.service.batches import Batch
from marquee.contexts.ingestion.service.files import Source
from marquee.contexts.ingestion.service.reading import reader
from marquee.contexts.ingestion.service.starter import STARTER
from marquee.kit.errors import Invalid

_EXAMPLES = 100


@dataclass(frozen=True)
class Ears:
    """Who is told of the import while it goes on."""

    on_progress: Callable[[Progress], None]
    on_bad_row: Callable[[BadLine], None]


async def import_files(
    catalog: Catalog, paths: Sequence[Path], ears: Ears, abreast: int = 1
) -> ImportReport:
    """Every file is looked at before the first is imported, so that a wrong name costs nothing.

    `abreast` batches are given to the catalog at a time, in their order: more than one only to a
    catalog that keeps it.
    """
    if not paths:
        raise Invalid("Name at least one file to import.", field="file")
    with ExitStack() as stack:
        sources = []
        for path in paths:
            source = Source(path)
            stack.callback(source.close)
            sources.append(source)
        sources.sort(key=lambda source: source.dialect.turn)
        total, before = sum(source.size for source in sources), 0
        reports = []
        for source in sources:
            one = _Import(catalog, source, ears, abreast, before, total)
            reports.append(await one.run())
            before += source.size
        forget()
        return ImportReport(tuple(reports))


class _Import:
    """One file on its way into the catalog."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is imported, how, and where it stands among others
        self, catalog: Catalog, source: Source, ears: Ears, abreast: int, before: int, total: int
    ) -> None:
        self._catalog = catalog
        self._source = source
        self._ears = ears
        self._before = before
        self._total = total
        self._tally = Tally(str(source.path), source.dialect.name)
        self._abreast = abreast
        self._reader = reader(source)
        self._merging: deque[tuple[Batch, asyncio.Task[MergeReport]]] = deque()
        self._broken = ""

    async def run(self) -> FileReport:
        """Reads the next batch, in a thread, while the catalog takes those before."""
        reading = asyncio.ensure_future(asyncio.to_thread(self._reader.read))
        try:
            while not (batch := await reading).is_empty:
                self._broken = self._broken or batch.broken
                reading = asyncio.ensure_future(asyncio.to_thread(self._reader.read))
                self._merging.append((batch, asyncio.create_task(self._merge(batch))))
                if len(self._merging) >= self._abreast:
                    await self._finish_first()
            self._broken = self._broken or batch.broken
            while self._merging:
                await self._finish_first()
        finally:
            await asyncio.gather(
                reading, *(task for _, task in self._merging), return_exceptions=True
            )
            await asyncio.to_thread(self._reader.close)
        if self._broken:
            raise self._said(self._broken)
        return self._tally.report()

    async def _merge(self, batch: Batch) -> MergeReport:
        if not batch.numbers:
            return MergeReport(0, 0, 0)
        dialect = self._source.dialect
        name = "starter" if self._source.path == STARTER else dialect.source
        return await self._catalog.merge(source=name, movies=batch.movies)

    async def _finish_first(self) -> None:
        batch, task = self._merging.popleft()
        self._count(batch, await task)
        self._tell(batch)

    def _count(self, batch: Batch, report: MergeReport) -> None:
        tally = self._tally
        tally.rows += len(batch.numbers) + len(batch.others)
        for found in batch.others:
            if found.left_out:
                tally.left_out[found.left_out] += 1
            else:
                self._bad(found.number, found.problem)
        tally.created += report.created
        tally.updated += report.updated
        tally.unchanged += report.unchanged
        for skip in report.skipped:
            if skip.is_unwanted or self._source.dialect.adds:
                tally.left_out[skip.reason] += 1
            else:
                self._bad(batch.numbers[skip.index], skip.reason)

    def _bad(self, number: int, reason: str) -> None:
        bad = BadLine(self._tally.path, number, reason)
        self._tally.bad += 1
        if len(self._tally.examples) < _EXAMPLES:
            self._tally.examples.append(bad)
        self._ears.on_bad_row(bad)

    def _tell(self, batch: Batch) -> None:
        done = self._before + batch.done
        self._ears.on_progress(
            Progress(
                self._tally.path,
                self._tally.kind,
                done,
                self._total,
                self._tally.rows,
                self._tally.bad,
            )
        )

    def _said(self, problem: str) -> Invalid:
        tally = self._tally
        return Invalid(
            f"{problem} The {tally.rows:,} rows before that are imported; "
            "import it again once it is whole.",
            field="file",
            extra={"rows": tally.rows, "created": tally.created, "updated": tally.updated},
        )
