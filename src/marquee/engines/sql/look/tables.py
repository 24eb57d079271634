"""Whether a database's tables are ours, whole and those of this Marquee."""

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, inspect

from marquee.engines.sql import raw
from marquee.engines.sql.migrate import lost_tables, version
from marquee.engines.sql.spine import TURN, is_served
from marquee.kit.findings import Finding, ok, warning, wrong

MARK = "migrating"
"""The table that says, on MySQL, that a step is not whole yet."""
GIVE_ANOTHER = "Give this context a database of its own, by its URL."


def tables(connection: Connection, package: str) -> tuple[Finding, bool]:
    """And whether they can be read as ours."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return ok("tables", "none yet: the first start makes them"), False
    steps = _steps(package)
    current = version(connection)
    found = (
        _half(connection, names, current, steps)
        or _foreign(connection, names, package)
        or _place(current, steps)
    )
    if current == steps[-1] and found.state == "ok":
        found = _lost(connection, package) or found
    return found, found.state != "wrong" and {"outbox", "inbox"} <= names


def _steps(package: str) -> list[str]:
    folder = Path(str(files(package))) / "versions"
    return sorted(path.stem.split("_")[0] for path in folder.glob("[0-9]*.py"))


def _half(
    connection: Connection, names: set[str], current: str | None, steps: list[str]
) -> Finding | None:
    if MARK not in names:
        return None
    found = raw.row(connection, f"SELECT revision FROM {MARK}")  # noqa: S608 - our own name
    step = found[0] if found else current
    if step == current:
        return None  # it was whole, only the mark was left
    if step == steps[0]:
        detail = "their first step was interrupted, or is under way"
        return warning("tables", detail, "Start Marquee: it begins that step anew.")
    return wrong(
        "tables",
        f"half-migrated: step {step} was interrupted",
        "Restore what was there before that step, then start Marquee.",
    )


def _foreign(connection: Connection, names: set[str], package: str) -> Finding | None:
    wanted = {"alembic_version", "outbox"} | ({TURN.name} if is_served(connection) else set())
    if not wanted <= names:
        return wrong("tables", "they are another program's, or not all of ours", GIVE_ANOTHER)
    if TURN.name not in wanted:
        return None
    found = raw.row(connection, "SELECT owner FROM turn WHERE id = 1")
    if found is None or found[0] not in {"", package}:
        return wrong("tables", "they are another context's", GIVE_ANOTHER)
    return None


def _lost(connection: Connection, package: str) -> Finding | None:
    lost = ", ".join(lost_tables(connection, package))
    if not lost:
        return None
    return wrong("tables", f"{lost} not there any longer", "Bring them back from a backup.")


def _place(current: str | None, steps: list[str]) -> Finding:
    if current is not None and current not in steps:
        detail = f"a newer Marquee made them: step {current} is not known here"
        return wrong("tables", detail, "Run that Marquee, or a later one.")
    behind = len(steps) - (steps.index(current) + 1 if current else 0)
    if behind:
        advice = "Make a backup, then start Marquee: it brings them up to date."
        return warning("tables", f"{behind} of {len(steps)} steps behind", advice)
    return ok("tables", f"up to date (step {current})")
