"""Search on its own index and store, beside a catalog in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import httpx2
from litestar import Litestar, Request
from litestar.exceptions import HTTPException
from tests.contexts.search.fakes import MemoryCatalog

from marquee.app import problems
from marquee.contexts.search import wiring
from marquee.contexts.search.service import SearchService
from marquee.kit.context import Room
from marquee.kit.errors import MarqueeError
from marquee.kit.events import Heard

FRESH: dict[str, bytes] = {}


@dataclass
class Seat:
    """What a host lends to search."""

    folder: Path
    catalog: MemoryCatalog
    clock: Any = None

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder / 'search.db'}"

    def setting(self, _name: str) -> str | None:
        return None

    def ask(self, _contract: Any) -> Any:
        return self.catalog


class Nobody:
    """Everybody is a stranger here."""

    async def actor(self, _request: Request[Any, Any, Any]) -> None:
        return None

    def once(self, context: str) -> Any:
        raise KeyError(context)


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
        app = Litestar(
            route_handlers=list(self.room.routes),
            openapi_config=None,
            exception_handlers={
                MarqueeError: problems.of_error,
                HTTPException: problems.of_http,
                Exception: problems.of_bug,
            },
            logging_config=None,
        )
        app.state.gate = Nobody()
        transport = httpx2.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@asynccontextmanager
async def a_house(folder: Path, catalog: MemoryCatalog | None = None) -> AsyncIterator[House]:
    """Built as `wiring` builds it, in `folder`."""
    await _fresh(folder)
    catalog = catalog or MemoryCatalog()
    room = await wiring.build(Seat(folder, catalog))
    try:
        yield House(room, catalog, folder)
    finally:
        assert room.close is not None
        await room.close()


async def _fresh(folder: Path) -> None:
    """Migrations run once for all tests."""
    if not FRESH:
        with TemporaryDirectory() as empty:
            room = await wiring.build(Seat(Path(empty), MemoryCatalog()))
            assert room.close is not None
            await room.close()
            FRESH["search.db"] = Path(empty, "search.db").read_bytes()  # noqa: ASYNC240 - a test waits for nobody
    file = folder / "search.db"
    if not file.exists():
        file.write_bytes(FRESH["search.db"])


def titles(hits: Sequence[Any]) -> list[str]:
    return [hit.entry.names[0] for hit in hits]
