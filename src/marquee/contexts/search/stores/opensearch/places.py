"""How far the index has heard, beside it on OpenSearch."""

from typing import Self

from marquee.engines.opensearch import Cluster, Elsewhere, Shelf, address, prefix
from marquee.engines.opensearch.cluster import OLDER, QUICK, encoded
from marquee.kit.errors import Unavailable
from marquee.kit.events import Heard

PLACES, SOON = "-places", 10
BODY = {
    "settings": {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "-1",  # it is only ever got by id
        "translog.durability": "request",
    },
    "mappings": {"dynamic": "strict", "properties": {"place": {"type": "long", "index": False}}},
}


class OpenSearchStore:
    """A document for each source. The place is its version too, so that none ever goes back."""

    def __init__(self, cluster: Cluster, shelf: Shelf) -> None:
        self._cluster = cluster
        self._alias = shelf.current
        self._generation = 0

    @classmethod
    async def open(cls, url: str) -> Self:
        where = address(url)
        name = f"{prefix(where)}{PLACES}"
        cluster = await Cluster.open(where)
        try:
            shelf = Shelf(cluster, name, BODY)
            await shelf.open()
        except BaseException:
            await cluster.close()
            raise
        return cls(cluster, shelf)

    @property
    def generation(self) -> int:
        """Grows with every place that is kept here."""
        return self._generation

    async def heard_up_to(self, source: str) -> int:
        try:
            found = await self._cluster.get(self._alias, source)
        except Elsewhere as error:
            raise Unavailable("Where search keeps its place is gone.") from error
        return int(found["_source"]["place"]) if found else 0

    async def pass_over(self, source: str, place: int) -> None:
        if place > await self.heard_up_to(source):
            await self.hear(Heard(source, place, None))

    async def hear(self, heard: Heard) -> None:
        name = {"_id": heard.source, "version": heard.place, "version_type": "external_gte"}
        lines = b"%b\n%b\n" % (encoded({"index": name}), encoded({"place": heard.place}))
        try:
            await self._cluster.write(self._alias, lines, passing={OLDER}, seconds=QUICK)
        except Elsewhere as error:
            raise Unavailable("Where search keeps its place is gone.") from error
        self._generation += 1

    async def check(self) -> None:
        """Unavailable when it does not answer, or takes no change here or in the index."""
        await self._cluster.check(self._alias)
        blocked = await self._cluster.blocked(f"{self._alias.removesuffix(PLACES)},{self._alias}")
        if blocked:
            raise Unavailable(f"{blocked[0]} takes no change.", retry_after=SOON)

    async def close(self) -> None:
        await self._cluster.close()
