"""Bring movies in from files, and make the starter catalog."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.ingestion.model.progress import BadLine, ImportReport, Progress
from marquee.contexts.ingestion.model.starter_report import StarterReport
from marquee.contexts.ingestion.service.importing import Ears, import_files
from marquee.contexts.ingestion.service.starter import STARTER, build

__all__ = ["STARTER", "IngestionService", "build_starter"]


def _nobody(_: object) -> None:
    """Nobody listens."""


class IngestionService:
    """What one can do with movies from elsewhere."""

    def __init__(self, catalog: Catalog, *, abreast: int = 1) -> None:
        """`abreast` batches are under way at a time; see `import_files`."""
        self._catalog = catalog
        self._abreast = abreast

    async def import_files(
        self,
        paths: Sequence[Path | str],
        *,
        on_progress: Callable[[Progress], None] = _nobody,
        on_bad_row: Callable[[BadLine], None] = _nobody,
    ) -> ImportReport:
        """Add what the files say to the catalog; twice is once, and so is half and then again.

        Bad rows are told to `on_bad_row` one by one and do not stop the rest. Invalid, before
        anything is imported, when one of the files is none that can be read; Invalid, with all
        rows up to there imported, when a file breaks off.
        """
        ears = Ears(on_progress, on_bad_row)
        files = [Path(path) for path in paths]
        return await import_files(self._catalog, files, ears, self._abreast)

    async def load_starter(
        self, *, on_progress: Callable[[Progress], None] = _nobody
    ) -> ImportReport:
        """Import the catalog that comes with Marquee."""
        return await self.import_files([STARTER], on_progress=on_progress)

    async def build_starter(
        self, raw: Path | str, out: Path | str, report: Path | str | None = None
    ) -> StarterReport:
        """See the function of the same name."""
        return await asyncio.to_thread(build_starter, raw, out, report)


def build_starter(
    raw: Path | str, out: Path | str, report: Path | str | None = None
) -> StarterReport:
    """Clean a raw table into a starter catalog, and write the account of it where asked.

    The same table gives the same bytes. Invalid when the table cannot be read whole.
    """
    made = build(Path(raw), Path(out))
    if report is not None:
        Path(report).write_text(made.markdown, encoding="utf-8")
    return made
