"""What every store on a SQL database does in the same way."""

from collections.abc import Sequence
from typing import ClassVar, Self

from sqlalchemy import Table

from marquee.engines.keeping import Keeping
from marquee.engines.sql.carrying import Cargo
from marquee.engines.sql.database import Database
from marquee.kit.moving import Portable


class SqlStore(Keeping[Database]):
    """A context's store extends it, and names the package of its own migrations.

    `tables` are those that are carried as they are when the instance moves.
    """

    migrations: ClassVar[str]
    tables: ClassVar[Sequence[Table]] = ()

    @classmethod
    async def open(cls, url: str) -> Self:
        """Bring the tables up to date and open."""
        return cls(await Database.open(url, migrations=cls.migrations))

    @property
    def portable(self) -> Portable:
        return Cargo(self._db, self.tables)
