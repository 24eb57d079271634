"""Look at a context's database without changing anything, also while it is in use."""

from typing import TYPE_CHECKING

from marquee.engines.sql.look.books import Books
from marquee.kit.findings import Look

if TYPE_CHECKING:
    from marquee.engines.sql.look.file import File
    from marquee.engines.sql.look.served import Served


async def look(url: str, *, migrations: str) -> Look:
    """`migrations` is the package of the context's own; Invalid for a URL that will not do."""
    store = _at(url)
    findings, is_readable = await store.examine(migrations)
    books = Books(store.read) if is_readable else None
    return Look(findings, books, books, store.close)


def _at(url: str) -> "File | Served":
    if url.startswith("sqlite:"):
        from marquee.engines.sql.look.file import File

        return File.at(url)
    from marquee.engines.sql.look.served import Served

    return Served.at(url)


__all__ = ["look"]
