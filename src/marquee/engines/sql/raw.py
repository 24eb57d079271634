"""Statements of our own text, run by the driver itself: some 5 µs where SQLAlchemy takes 50.

For what every request asks. Parameters are marked `?` and a name that is a word of SQL is put in
double quotes, on every engine; neither may stand inside a literal. Errors are SQLAlchemy's, as
elsewhere.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
MEMBER = {
    "sqlite": "json_extract(CAST({column} AS TEXT), '$.{name}')",
    "postgresql": "(convert_from({column}, 'UTF8')::json ->> '{name}')",
    "mysql": (
        "nullif(json_unquote(json_extract(convert({column} USING utf8mb4), '$.{name}'))"
        " COLLATE utf8mb4_bin, 'null')"
    ),
}
LONGEST_KEPT = 4096
"""Letters; a longer one has a row of marks for each of many rows, and is soon translated."""
SPOKEN: dict[tuple[str, str], str] = {}
"""Our statements in the words of an engine; they are few."""


def rows(connection: Connection, sql: str, given: Row = ()) -> list[Row]:
    found: Sequence[Row] = _run(connection, sql, given).fetchall()
    return found if isinstance(found, list) else list(found)


def row(connection: Connection, sql: str, given: Row = ()) -> Row | None:
    """The first one, or None."""
    cursor = _run(connection, sql, given)
    found: Row | None = cursor.fetchone()
    cursor.close()
    return found


def run(connection: Connection, sql: str, given: Row = ()) -> int:
    """How many rows it changed."""
    count: int = _run(connection, sql, given).rowcount
    return count


def run_many(connection: Connection, sql: str, given: Sequence[Row]) -> int:
    """How many rows they changed together."""
    if not given:
        return 0
    try:
        cursor = driver_of(connection).cursor()
        cursor.executemany(_spoken(connection, sql), given)
    except Exception as error:
        raise _translated(connection, sql, error) from error
    count: int = cursor.rowcount
    return count


def member(connection: Connection, column: str, name: str) -> str:
    """The text of a member of a document in JSON, kept as bytes; NULL where there is none."""
    return MEMBER[connection.dialect.name].format(column=column, name=name)


def _run(connection: Connection, sql: str, given: Row) -> Any:
    try:
        cursor = driver_of(connection).cursor()
        cursor.execute(_spoken(connection, sql), given)
    except Exception as error:
        raise _translated(connection, sql, error) from error
    return cursor


def _spoken(connection: Connection, sql: str) -> str:
    name = connection.dialect.name
    return sql if name == "sqlite" else SPOKEN.get((name, sql)) or _translate(name, sql)


def _translate(name: str, sql: str) -> str:
    said = sql.replace("%", "%%").replace("?", "%s")
    said = said.replace('"', "`") if name == "mysql" else said
    if len(sql) < LONGEST_KEPT:
        SPOKEN[name, sql] = said
    return said


def driver_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _translated(connection: Connection, sql: str, error: Exception) -> BaseException:
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, None, error, base, dialect=dialect)
