"""How far the index has heard, beside it in a SQL database."""

from marquee.engines.sql import SqlStore
from marquee.kit.events import Heard


class SqlSearchStore(SqlStore):
    migrations = "marquee.contexts.search.migrations"

    async def hear(self, heard: Heard) -> None:
        await self._db.write(lambda connection: self._db.hear(connection, heard))
