"""Reading a report, and an instance to be examined."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from marquee.app.doctor.report import Report
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.kit.findings import Finding


def settings(folder: Path, urls: Mapping[str, str] | None = None, **others: Any) -> Settings:
    """`urls` by context."""
    of_contexts = {f"{name}_url": url for name, url in (urls or {}).items()}
    return Settings(data=folder, of_contexts=of_contexts, starter=False, **others)


def found(report: Report, part: str) -> dict[str, Finding]:
    """What was found of a part, by what it is about; the worst of several."""
    [one] = [one for one in report.parts if one.name == part]
    ordered = sorted(one.findings, key=lambda each: ("ok", "warning", "wrong").index(each.state))
    return {finding.what: finding for finding in ordered}


def problems(report: Report) -> dict[tuple[str, str], Finding]:
    """But for the disk, which is not ours."""
    return {
        (part.name, finding.what): finding
        for part in report.parts
        for finding in part.findings
        if finding.state != "ok" and part.name != "disk"
    }


async def lived_in(folder: Path) -> Settings:
    """An instance that was used and stopped."""
    given = settings(folder)
    with for_its_owner():
        await _live_in(given)
    return given


async def _live_in(given: Settings) -> None:
    async with opened(given) as building:
        await building.contract(Catalog).merge(source="test", movies=[MovieFacts("Mirror", 1975)])
        await building.relay.settle()


@contextmanager
def for_its_owner() -> Iterator[None]:
    """What is made is its owner's alone, as where somebody takes the folder."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def change(path: Path, sql: str) -> None:
    """As somebody else would do it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(sql)
