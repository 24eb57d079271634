"""What every store on MongoDB does in the same way."""

from collections.abc import Sequence
from typing import ClassVar, Self

from marquee.engines.keeping import Keeping
from marquee.engines.mongo.database import Database
from marquee.engines.mongo.steps import Step


class MongoStore(Keeping[Database]):
    """A context's store extends it, and names its context and the steps of its own collections."""

    of: ClassVar[str]
    steps: ClassVar[Sequence[Step]]

    @classmethod
    async def open(cls, url: str) -> Self:
        """Bring the collections up to date and open."""
        return cls(await Database.open(url, of=cls.of, steps=cls.steps))
