"""The operator's terminal: what Marquee says there, and its bars."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(file=sys.stderr, highlight=False)


def bar(title: str, *, total: float | None = None) -> Progress:
    """A progress bar on standard error, with one task."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=not console.is_terminal,
    )
    progress.add_task(title, total=total)
    return progress
