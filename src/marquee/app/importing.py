"""Import as a person sees it: a bar while it goes on, every bad row, a line in the end."""

import asyncio
import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from marquee.app import memory
from marquee.app.command import asking
from marquee.app.contexts import CONTEXTS
from marquee.app.settings import Settings, read
from marquee.app.terminal import console, say_plainly
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.ingestion.model.progress import BadLine, ImportReport
from marquee.contexts.ingestion.model.progress import Progress as Done
from marquee.contexts.ingestion.service import STARTER, IngestionService
from marquee.contexts.ingestion.service import build_starter as build
from marquee.kit.errors import Invalid, OutOfSpace, Unavailable

MARK = "starter.loaded"
FULL = "The disk is full. Make room and do it again: what was kept before is there."


async def import_files(paths: Sequence[Path]) -> None:
    """Through the running server, or into the folder when nobody serves it."""
    memory.hold_little()
    try:
        await _import_files(paths)
    except OutOfSpace:  # it speaks of one batch, and those before it are kept
        raise OutOfSpace(FULL) from None


async def _import_files(paths: Sequence[Path]) -> None:
    settings = read(tuple(CONTEXTS))
    async with asking(Catalog) as catalog:
        with _bar("Importing") as bar:
            try:
                ingestion = IngestionService(catalog, abreast=_abreast(catalog))
                report = await ingestion.import_files(
                    paths, on_progress=_shown(bar), on_bad_row=_told
                )
            except Unavailable as error:
                kept = "What was imported before that is kept; run the import again."
                raise Unavailable(f"{error.detail} {kept}") from None
    for line in [*summary(report), f"into the catalog {place(settings)}"]:
        print(line)  # noqa: T201 - what the command answers
    used = report.created + report.updated + report.unchanged
    if report.bad and not used:
        raise Invalid("Not one row could be used.")


def place(settings: Settings) -> str:
    """Where the catalog is, in words; a store's URL may hold a password."""
    if at := settings.address("catalog"):
        return f"at {at}"
    if settings.is_shared("catalog"):
        return "that MARQUEE_CATALOG_URL names"
    return f"in {settings.data}"


def _abreast(catalog: Catalog) -> int:
    """Near by a batch is read while the one before is written; far calls may overtake each other."""
    return 2 if isinstance(catalog, CatalogService) else 1


async def load_starter(ingestion: IngestionService, folder: Path) -> bool:
    """Fill a catalog that has not had this starter yet; whether it did. Killed half-way, it is done again."""
    mark = folder / MARK
    digest = await asyncio.to_thread(_digest, STARTER)
    if await asyncio.to_thread(_says, mark, digest):
        return False
    with _bar("Filling the catalog") as bar:
        await ingestion.load_starter(on_progress=_shown(bar))
    await asyncio.to_thread(_say, mark, digest)
    return True


def build_starter(raw: Path, out: Path, report: Path | None) -> None:
    made = build(raw, out, report)
    print(f"{out}: {made.movies:,} films.")  # noqa: T201 - what the command answers


def summary(report: ImportReport) -> list[str]:
    """A line a file: what became of its rows."""
    lines = []
    for file in report.files:
        parts = [
            f"{count:,} {word}"
            for count, word in (
                (file.created, "new"),
                (file.updated, "changed"),
                (file.unchanged, "as they were"),
                (file.bad, "not readable"),
            )
            if count
        ]
        parts += [f"{count:,} {_why(reason)}" for reason, count in file.left_out.items()]
        rows = f"{file.rows:,} row{'' if file.rows == 1 else 's'}"
        lines.append(f"{file.path} ({file.kind}): {rows}: {', '.join(parts) or 'nothing'}")
    return lines


def _why(reason: str) -> str:
    """A kind of rows that nobody wants says enough by itself; a sentence becomes part of another."""
    is_sentence = reason.endswith(".")
    return f"left out ({reason[0].lower()}{reason[1:-1]})" if is_sentence else reason


def _told(bad: BadLine) -> None:
    print(bad, file=sys.stderr)  # noqa: T201 - what the command answers


def _shown(bar: Progress) -> Callable[[Done], None]:
    [task] = bar.task_ids

    def show(done: Done) -> None:
        bar.update(task, completed=done.done_bytes, total=done.all_bytes, rows=done.rows)

    return show


def _bar(title: str) -> Progress:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} films"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    say_plainly(title)
    bar.add_task(title, total=None, rows=0)
    return bar


def _says(mark: Path, digest: str) -> bool:
    return mark.is_file() and mark.read_text("ascii", errors="replace").strip() == digest


def _say(mark: Path, digest: str) -> None:
    fresh = mark.with_suffix(".new")
    fresh.write_text(digest, encoding="ascii")
    fresh.replace(mark)


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
