"""Which rows may have a key: in memory where nobody else writes, in a table where others do."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Protocol

import msgspec
from sqlalchemy import Connection

from marquee.contexts.catalog.stores.sql.hashes import Hashes
from marquee.contexts.catalog.stores.sql.rows import select_in
from marquee.contexts.catalog.stores.sql.saving import add
from marquee.engines.sql import Database

IDS = "SELECT id FROM lookups WHERE hash"
ROWS = "SELECT hash, id FROM lookups WHERE hash"
ADD = "INSERT INTO lookups (hash, id) VALUES"
Pairs = tuple[list[object], list[int]]
"""Keys (an id of a source, a name, a title with its year), and for each the row it leads to."""


class Lookups(Protocol):
    """A key may lead to rows that do not have it: whoever asks looks at the rows."""

    async def prepare(self, db: Database) -> None:
        """Before it is first asked; only one at a time."""

    def find(self, connection: Connection, keys: Iterable[object]) -> list[int]: ...

    def write(self, connection: Connection, pairs: Callable[[], Pairs]) -> None:
        """In the transaction that writes the rows."""

    def written(self, pairs: Callable[[], Pairs]) -> None:
        """After its commit."""


class InMemory:
    """See `hashes`: no index on disk keeps up with an import."""

    def __init__(self, all_pairs: Callable[[Connection], Iterator[Pairs]]) -> None:
        self._all_pairs = all_pairs
        self._hashes: Hashes | None = None

    async def prepare(self, db: Database) -> None:
        if self._hashes is None:
            self._hashes = await db.read_in_thread(self._load)

    def _load(self, connection: Connection) -> Hashes:
        hashes = Hashes()
        for keys, ids in self._all_pairs(connection):
            hashes.add(list(map(hash, keys)), ids)
        return hashes

    def find(self, _connection: Connection, keys: Iterable[object]) -> list[int]:
        found = self._hashes.find(list(map(hash, keys))) if self._hashes is not None else ()
        return sorted(found)

    def write(self, connection: Connection, pairs: Callable[[], Pairs]) -> None:
        """Nothing is written."""

    def written(self, pairs: Callable[[], Pairs]) -> None:
        if self._hashes is not None:
            keys, ids = pairs()
            self._hashes.add(list(map(hash, keys)), ids)


class InTable:
    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def prepare(self, db: Database) -> None:
        """It is there."""

    def find(self, connection: Connection, keys: Iterable[object]) -> list[int]:
        hashes = sorted({self._hash(key) for key in keys})
        return sorted({row[0] for row in select_in(connection, IDS, hashes)})

    def write(self, connection: Connection, pairs: Callable[[], Pairs]) -> None:
        asked = {(self._hash(key), id_) for key, id_ in zip(*pairs(), strict=True)}
        known = select_in(connection, ROWS, sorted({hashed for hashed, _ in asked}))
        add(connection, ADD, sorted(asked.difference(map(tuple, known))))

    def written(self, pairs: Callable[[], Pairs]) -> None:
        """It was written already."""

    def _hash(self, key: object) -> int:
        """The same in every process, unlike Python's own."""
        text = msgspec.json.encode((self._kind, key))
        return int.from_bytes(blake2b(text, digest_size=8).digest(), signed=True)
