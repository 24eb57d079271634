"""What a host lends to a context, so that tests may have one or two of them in a folder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

from litestar import Litestar

from marquee.app.problems import HANDLERS
from marquee.kit.clock import Clock
from marquee.kit.context import Room
from marquee.kit.work import Queue

C = TypeVar("C")
TABLES: dict[str, bytes] = {}
"""Empty databases by name, made once: making them takes longer than most tests."""


@dataclass(frozen=True)
class Seat:
    """What a host lends to one context."""

    name: str
    folder: Path
    clock: Clock
    contracts: Mapping[Any, object] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    queue: Queue | None = None

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def database(self) -> Path:
        return self.folder / f"{self.name}.db"

    def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    def ask(self, contract: type[C]) -> C:
        return cast("C", self.contracts[contract])


async def built(wiring: Any, seat: Seat) -> Room:
    """As `wiring` builds it, on tables that are there already."""
    await furnish(wiring, seat)
    room: Room = await wiring.build(seat)
    return room


async def furnish(wiring: Any, seat: Seat) -> None:
    """Its tables, empty, unless it has some."""
    if seat.name not in TABLES:
        with TemporaryDirectory() as empty:
            elsewhere = replace(seat, folder=Path(empty))
            room: Room = await wiring.build(elsewhere)
            assert room.close is not None
            await room.close()
            TABLES[seat.name] = elsewhere.database.read_bytes()
    if not seat.database.exists():
        seat.database.write_bytes(TABLES[seat.name])


def an_app(rooms: Iterable[Room], gate: object) -> Litestar:
    """Their routes over HTTP; `gate` says who asks."""
    app = Litestar(
        route_handlers=[handler for room in rooms for handler in room.routes],
        openapi_config=None,
        exception_handlers=HANDLERS,
        logging_config=None,
    )
    app.state.gate = gate
    return app
