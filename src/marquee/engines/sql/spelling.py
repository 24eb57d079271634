"""How our columns are spelled on engines that are servers, so that all keep and order the same.

SQLite takes text of any length, compares it byte by byte, and has one integer of 64 bits. Imported
once, before the first table is made there.
"""

from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable

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
