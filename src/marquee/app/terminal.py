"""The operator's terminal: what Marquee says there, and its bars."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(file=sys.stderr, highlight=False)


def say_plainly(title: str) -> None:
    """What is going on, once, where there is no terminal to draw a bar on."""
    if not console.is_terminal:
        console.print(f"{title} …", soft_wrap=True)


def bar(title: str, *, total: float | None = None) -> Progress:
    """A progress bar on standard error, with one task."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    say_plainly(title)
    progress.add_task(title, total=total)
    return progress
