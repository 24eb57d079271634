"""What one can do with the catalog."""

from collections.abc import Sequence

from marquee.contexts.catalog.ports import CatalogStore, Lists
from marquee.contexts.catalog.service.desk import Desk
from marquee.contexts.catalog.service.editing import Editing
from marquee.contexts.catalog.service.importing import Importing
from marquee.contexts.catalog.service.legacy import Legacy
from marquee.contexts.catalog.service.people import Peopling
from marquee.contexts.catalog.service.platforms import Carrying
from marquee.contexts.catalog.service.reading import Reading
from marquee.contexts.catalog.service.tallying import Tallying
from marquee.kit.clock import Clock
from marquee.kit.events import Heard

UNKEPT = 1000


class CatalogService(Reading, Peopling, Carrying, Editing, Importing, Tallying, Legacy):
    def __init__(self, store: CatalogStore, lists: Lists, clock: Clock, place: int) -> None:
        """`lists` show what the store had told up to `place`, and maybe more."""
        self._desk = Desk(store, lists, clock, place)
        self._looked_at = 0

    async def follow(self, batch: Sequence[Heard]) -> None:
        """What other processes have told of the store that we share."""
        await self._desk.hear(batch)

    async def keep_lists(self) -> None:
        """Snapshot the lists when much has changed, and nothing since this was last called."""
        if self._desk.unkept >= UNKEPT and self._desk.generation == self._looked_at:
            await self._desk.keep()
        self._looked_at = self._desk.generation

    async def close(self) -> None:
        if self._desk.unkept:
            await self._desk.keep()
        await self._desk.store.close()
