"""A house with accounts and auth in it, and people who call on it over HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

import httpx2
from litestar import Litestar
from litestar.exceptions import HTTPException

from marquee.app import problems
from marquee.app.identity import Gate
from marquee.app.relay import Relay
from marquee.contexts.accounts import wiring as accounts_wiring
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.service import AccountService
from marquee.contexts.auth import wiring as auth_wiring
from marquee.contexts.auth.service import AuthService
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.context import Room
from marquee.kit.errors import MarqueeError

C = TypeVar("C")
PASSWORD = "violet kettle by the harbor"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class ToldClock:
    """It is what time it was told."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **lengths: float) -> None:
        self.moment += timedelta(**lengths)


@dataclass
class Seat:
    """What a host lends to a context."""

    name: str
    folder: Path
    clock: Clock
    contracts: Mapping[Any, object] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.folder / f'{self.name}.db'}"

    def setting(self, name: str) -> str | None:
        return self.settings.get(name)

    def ask(self, contract: type[C]) -> C:
        return cast("C", self.contracts[contract])


@dataclass
class House:
    app: Litestar
    rooms: dict[str, Room]
    relay: Relay
    folder: Path

    @property
    def accounts(self) -> AccountService:
        return cast("AccountService", self.rooms["accounts"].service)

    @property
    def auth(self) -> AuthService:
        return cast("AuthService", self.rooms["auth"].service)

    def caller(
        self, address: str = "192.0.2.1", site: str = "http://127.0.0.1:8000", **headers: str
    ) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(
            app=cast("Any", self.app), client=(address, 40_000), raise_app_exceptions=False
        )
        return httpx2.AsyncClient(transport=transport, base_url=site, headers=headers)

    async def register(self, username: str = "ada", password: str = PASSWORD) -> dict[str, Any]:
        async with self.caller() as caller:
            answer = await caller.post("/api/v1/accounts", json=a_person(username, password))
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json())

    async def log_in(
        self, login: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1"
    ) -> dict[str, Any]:
        async with self.caller(address) as caller:
            answer = await caller.post(
                "/api/v1/auth/login", json={"login": login, "password": password}
            )
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())

    async def signed_in(self, username: str = "ada") -> httpx2.AsyncClient:
        """A caller who registered and sends a bearer token."""
        await self.register(username)
        return self.bearing(await self.log_in(username))

    def bearing(self, pair: Mapping[str, Any]) -> httpx2.AsyncClient:
        return self.caller(authorization=f"Bearer {pair['access_token']}")

    async def an_admin(self, username: str = "chief") -> httpx2.AsyncClient:
        await self.accounts.create_admin(
            username=username, email=f"{username}@example.org", password=PASSWORD
        )
        return self.bearing(await self.log_in(username))


def a_person(username: str = "ada", password: str = PASSWORD) -> dict[str, str]:
    return {"username": username, "email": f"{username}@example.org", "password": password}


FRESH: dict[str, bytes] = {}
"""Empty databases with their tables, made once: making them takes longer than most tests."""


async def fresh_stores(folder: Path) -> None:
    if not FRESH:
        with TemporaryDirectory() as empty:
            path = Path(empty)
            for wiring, name in ((accounts_wiring, "accounts"), (auth_wiring, "auth")):
                seat = Seat(name, path, SystemClock(), {Accounts: None})
                room = await wiring.build(seat)
                assert room.close is not None
                await room.close()
                FRESH[f"{name}.db"] = (path / f"{name}.db").read_bytes()
    for name, content in FRESH.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(content)


@asynccontextmanager
async def a_house(folder: Path, clock: Clock | None = None) -> AsyncIterator[House]:
    """Built as `wiring` builds it, on stores in `folder`."""
    await fresh_stores(folder)
    clock = clock or SystemClock()
    rooms = {"accounts": await accounts_wiring.build(Seat("accounts", folder, clock))}
    contracts = {Accounts: rooms["accounts"].service}
    rooms["auth"] = await auth_wiring.build(Seat("auth", folder, clock, contracts))
    app = Litestar(
        route_handlers=[handler for room in rooms.values() for handler in room.routes],
        openapi_config=None,
        exception_handlers={
            MarqueeError: problems.of_error,
            HTTPException: problems.of_http,
            Exception: problems.of_bug,
        },
        logging_config=None,
    )
    app.state.gate = Gate(cast("Any", rooms["auth"].service), rooms, b"not in the store")
    relay = Relay()
    outboxes = {name: room.outbox for name, room in rooms.items() if room.outbox is not None}
    await relay.connect(rooms, outboxes)
    try:
        yield House(app, rooms, relay, folder)
    finally:
        for room in reversed(rooms.values()):
            if room.close is not None:
                await room.close()
