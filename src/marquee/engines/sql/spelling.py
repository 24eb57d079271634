"""How our columns are spelled on engines that are servers, so that all keep and order the same.

SQLite takes text of any length, compares it byte by byte, and has one integer of 64 bits. Imported
once, before the first table is made there.
"""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable

LONG, LONGEST_KEY = 200, 512
PLAIN_TEXT = 'TEXT COLLATE "C"'


@compiles(Integer, "postgresql", "mysql")
def _integer(_type: Any, _compiler: Any, **_more: Any) -> str:
    return "BIGINT"


@compiles(String, "postgresql")
@compiles(Text, "postgresql")
def _text(_type: Any, compiler: Any, **more: Any) -> str:
    """In parameters too: else a server's own locale would decide what a letter's lower one is."""
    is_plain = more.get("type_expression") is None or isinstance(more["type_expression"], Column)
    return PLAIN_TEXT if is_plain else str(compiler.visit_TEXT(_type))


@compiles(String, "mysql")
def _line(type_: Any, compiler: Any, **more: Any) -> str:
    """There a text is cut at its length, and a letter may become three when it is folded."""
    column = more.get("type_expression")
    if not isinstance(column, Column) or type_.length is None:
        return str(compiler.visit_VARCHAR(type_))
    if type_.length >= LONG and not _is_key(column):
        return "LONGTEXT"
    return f"VARCHAR({max(type_.length, min(3 * type_.length, LONGEST_KEY))})"


def _is_key(column: Column[Any]) -> bool:
    unique = (one for one in column.table.constraints if isinstance(one, UniqueConstraint))
    return column.primary_key or any(column.name in one.columns for one in unique)


@compiles(Text, "mysql")
def _long_text(_type: Any, _compiler: Any, **_more: Any) -> str:
    return "LONGTEXT"


@compiles(LargeBinary, "mysql")
def _long_binary(_type: Any, _compiler: Any, **_more: Any) -> str:
    return "LONGBLOB"


@compiles(CreateTable, "mysql")
def _table(element: Any, compiler: Any, **more: Any) -> str:
    """Two texts that differ in a letter, or in spaces at the end, are two."""
    collation = plain_collation(is_mariadb=compiler.dialect.is_mariadb)
    ending = f" ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE {collation}"
    return str(compiler.visit_create_table(element, **more)).rstrip() + ending


def plain_collation(*, is_mariadb: bool) -> str:
    """By code point, trailing spaces counted."""
    return "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"
