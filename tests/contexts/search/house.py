"""Search on its own index and store, beside a catalog in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx2
from litestar import Request
from tests.contexts.hosting import Seat, an_app, built
from tests.contexts.search.fakes import MemoryCatalog

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.search import wiring
from marquee.contexts.search.service import SearchService
from marquee.kit.clock import SystemClock
from marquee.kit.context import Room
from marquee.kit.events import Heard


class Nobody:
    """Everybody is a stranger here."""

    async def actor(self, _request: Request[Any, Any, Any]) -> None:
        return None

    def once(self, context: str) -> Any:
        raise KeyError(context)

    async def hear_now(self, context: str) -> None:
        """Nobody else is here to be heard."""


@dataclass(frozen=True, kw_only=True)
class Far(Seat):
    """A seat whose store is elsewhere."""

    url: str

    @property
    def store_url(self) -> str:
        return self.url


@dataclass
class House:
    room: Room
    catalog: MemoryCatalog
    folder: Path
    places: int = 0

    @property
    def search(self) -> SearchService:
        return cast("SearchService", self.room.service)

    async def hear(self, *events: Any) -> None:
        assert self.room.listener is not None
        heard = [Heard("catalog", self.places + n, event) for n, event in enumerate(events, 1)]
        self.places += len(events)
        await self.room.listener(heard)

    async def rebuilt(self, *known: Any) -> None:
        self.catalog.put(*known)
        await self.search.rebuild()

    def caller(self) -> httpx2.AsyncClient:
        app = an_app([self.room], Nobody())
        transport = httpx2.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@asynccontextmanager
async def a_house(
    folder: Path,
    catalog: MemoryCatalog | None = None,
    *,
    url: str | None = None,
    cache_url: str | None = None,
) -> AsyncIterator[House]:
    """Built as `wiring` builds it, in `folder` or at `url`."""
    catalog = catalog or MemoryCatalog()
    given = {"cache_url": cache_url} if cache_url is not None else {}
    seat = Seat("search", folder, SystemClock(), {Catalog: catalog}, given)
    if url is None or url == seat.store_url:
        room = await built(wiring, seat)
    else:
        room = await wiring.build(Far(**vars(seat), url=url))
    try:
        yield House(room, catalog, folder)
    finally:
        assert room.close is not None
        await room.close()


def titles(hits: Sequence[Any]) -> list[str]:
    return [hit.entry.names[0] for hit in hits]
