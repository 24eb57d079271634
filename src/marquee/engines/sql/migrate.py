"""Bring a context's tables up to date, by its own alembic versions."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from marquee.kit.errors import Unavailable

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


def migrate(engine: Engine, package: str) -> None:
    """Run what is missing, each step and its mark in one transaction.

    A version's file is named by its revision (`0001_start.py`). Unavailable when the tables were
    made by a newer Marquee, or by another program.
    """
    folder = Path(str(files(package)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if _current(connection) == _newest(folder):
            return  # alembic is slow to load, and there is nothing for it to do
        from alembic.script import ScriptDirectory

        script = ScriptDirectory(str(folder))
        while _step(connection, script):
            pass


def _newest(folder: Path) -> str:
    return max(path.stem.split("_")[0] for path in (folder / "versions").glob("[0-9]*.py"))


def _current(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found) if found is not None else None
    if tables:
        raise Unavailable("It holds another program's tables.")
    return None


def _step(connection: Connection, script: "ScriptDirectory") -> bool:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        context = MigrationContext.configure(connection)
        current = context.get_current_revision()
        missing = _missing(script, current)
        if missing:
            revision = script.get_revision(missing[-1])
            with Operations.context(context):
                revision.module.upgrade()
            context._ensure_version_table()  # noqa: SLF001 - alembic offers no public name for it
            context.stamp(script, revision.revision)
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    return bool(missing)


def _missing(script: "ScriptDirectory", current: str | None) -> list[str]:
    """The revisions still to run, the next one last."""
    known = [revision.revision for revision in script.walk_revisions()]
    if current is not None and current not in known:
        raise Unavailable("These tables were made by a newer Marquee; run that one.")
    return known[: known.index(current)] if current else known
