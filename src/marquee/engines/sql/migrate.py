"""Bring a context's tables up to date, by its own alembic versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Connection, Engine, inspect

from marquee.engines.sql import raw
from marquee.engines.sql.spine import TABLES, TURN, is_served
from marquee.kit.errors import Unavailable

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


class Steps:
    """How a step is whole: it and its mark in one transaction."""

    begin: ClassVar[str] = "BEGIN"

    @contextmanager
    def one(self, connection: Connection) -> Iterator[None]:
        raw.run(connection, self.begin)
        try:
            yield
            raw.run(connection, "COMMIT")
        except BaseException:
            raw.run(connection, "ROLLBACK")
            raise

    def begun(self, connection: Connection, revision: str) -> None:
        """Within the step, before its first change."""

    def mend(self, connection: Connection, current: str | None, first: str) -> None:
        """Finish or refuse what an earlier process left half done."""


class FileSteps(Steps):
    begin = "BEGIN IMMEDIATE"


def migrate(engine: Engine, package: str) -> None:
    """Run what is missing in a file.

    A version's file is named by its revision (`0001_start.py`). Unavailable when the tables were
    made by a newer Marquee, or by another program, or some are lost.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not is_current(connection, package):
            bring_up(connection, package, FileSteps())
        check_tables(connection, package)


def check_tables(connection: Connection, package: str) -> None:
    """Unavailable when some are lost. They are at the newest step."""
    lost = lost_tables(connection, package)
    if lost:
        raise Unavailable(f"it has lost {', '.join(lost)}: bring the tables back from a backup")


def lost_tables(connection: Connection, package: str) -> list[str]:
    wanted = names_of(package, is_served=is_served(connection))
    return sorted(wanted - set(inspect(connection).get_table_names()))


def names_of(package: str, *, is_served: bool) -> frozenset[str]:
    """The tables that there are at the newest step."""
    module = import_module(package)
    found = {*TABLES.tables, "alembic_version", *module.TABLES}
    if is_served:
        found |= {TURN.name, *getattr(module, "SERVED_TABLES", ())}
    return frozenset(found)


def all_of(package: str, *, is_served: bool) -> str:
    """A query that finds nothing, and fails where one of the tables is not there."""
    names = ", ".join(sorted(names_of(package, is_served=is_served)))
    return f"SELECT 1 FROM {names} WHERE 1 = 0"  # noqa: S608 - our own names


def is_current(connection: Connection, package: str) -> bool:
    """Whether there is nothing to do for alembic, which is slow to load."""
    folder = _folder(package) / "versions"
    newest = max(path.stem.split("_")[0] for path in folder.glob("[0-9]*.py"))
    return version(connection) == newest


def version(connection: Connection) -> str | None:
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    found = raw.row(connection, "SELECT version_num FROM alembic_version")
    return str(found[0]) if found else None


def bring_up(connection: Connection, package: str, steps: Steps) -> None:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(_folder(package)))
    [first] = script.get_bases()
    steps.mend(connection, version(connection), first)
    tables = inspect(connection).get_table_names()
    if tables and "alembic_version" not in tables:
        raise Unavailable("It holds another program's tables.")
    while _step(connection, script, steps):
        pass


def _folder(package: str) -> Path:
    return Path(str(files(package)))


def _step(connection: Connection, script: "ScriptDirectory", steps: Steps) -> bool:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with steps.one(connection):
        context = MigrationContext.configure(connection)
        missing = _missing(script, context.get_current_revision())
        if missing:
            revision = script.get_revision(missing[-1])
            steps.begun(connection, revision.revision)
            with Operations.context(context):
                revision.module.upgrade()
            context._ensure_version_table()  # noqa: SLF001 - alembic offers no public name for it
            context.stamp(script, revision.revision)
    return bool(missing)


def _missing(script: "ScriptDirectory", current: str | None) -> list[str]:
    """The revisions still to run, the next one last."""
    known = [revision.revision for revision in script.walk_revisions()]
    if current is not None and current not in known:
        raise Unavailable("These tables were made by a newer Marquee; run that one.")
    return known[: known.index(current)] if current else known
