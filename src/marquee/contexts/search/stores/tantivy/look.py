"""Look at the index in its folder, and at its place beside it, without changing anything."""

from dataclasses import replace
from pathlib import Path

from marquee.engines.sql.look import look as look_at
from marquee.engines.tantivy import in_use
from marquee.kit.findings import Finding, Look, ok, warning


async def look(url: str, folder: Path) -> Look:
    found = await look_at(url, migrations="marquee.contexts.search.migrations")
    return replace(found, findings=[*found.findings, _index(folder)])


def _index(folder: Path) -> Finding:
    if in_use(folder) is not None:
        return ok("index", "there is one in use")
    if folder.exists():
        detail = "none is in use: it is being built, or was lost"
        return warning("index", detail, "Start Marquee: it is built anew from the catalog.")
    return ok("index", "not there yet: the first start makes it")
