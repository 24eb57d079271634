"""The command `marquee doctor`."""

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marquee.app.command import run

if TYPE_CHECKING:
    from marquee.app.doctor.report import Report

FAILED = 1


def doctor(*, config: Path | None = None, json: bool = False) -> None:
    """Look at everything this instance lives on, running or not, and change nothing.

    Fails when something is wrong; what is only worth a warning does not.
    """
    from marquee.app.contexts import CONTEXTS
    from marquee.app.doctor.examination import examine
    from marquee.app.settings import read

    settings = read(tuple(CONTEXTS), config=config)
    logging.disable(logging.CRITICAL)  # drivers tell at length what is a finding here

    async def work() -> "Report":
        report = await examine(settings)
        _say(report, json=json)
        if report.hangs:  # a thread that waits for what hangs would keep us
            sys.stdout.flush()
            os._exit(FAILED if report.state == "wrong" else 0)
        return report

    if run(work).state == "wrong":
        raise SystemExit(FAILED)


def _say(report: "Report", *, json: bool) -> None:
    from rich.console import Console

    from marquee.app.command import say
    from marquee.app.doctor.table import as_json, show

    if json:
        say(as_json(report))
    else:
        show(report, Console(highlight=False))
