"""A house with accounts and auth in it, and people who call on it over HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx2
from litestar import Litestar
from tests.contexts.hosting import Seat, an_app, furnish

from marquee.app.identity import Gate
from marquee.app.parked.local import LocalParking
from marquee.app.relay import Relay
from marquee.contexts.accounts import wiring as accounts_wiring
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.service import AccountService
from marquee.contexts.auth import wiring as auth_wiring
from marquee.contexts.auth.service import AuthService
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.context import Room

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


async def fresh_stores(folder: Path) -> None:
    for wiring, name in ((accounts_wiring, "accounts"), (auth_wiring, "auth")):
        await furnish(wiring, Seat(name, folder, SystemClock(), {Accounts: None}))


@asynccontextmanager
async def a_house(folder: Path, clock: Clock | None = None) -> AsyncIterator[House]:
    """Built as `wiring` builds it, on stores in `folder`."""
    await fresh_stores(folder)
    clock = clock or SystemClock()
    rooms = {"accounts": await accounts_wiring.build(Seat("accounts", folder, clock))}
    contracts = {Accounts: rooms["accounts"].service}
    rooms["auth"] = await auth_wiring.build(Seat("auth", folder, clock, contracts))
    gate = Gate(cast("Any", rooms["auth"].service), rooms, b"not in the store")
    app = an_app(rooms.values(), gate)
    relay = Relay(LocalParking(folder / "parked.db"))
    outboxes = {name: room.outbox for name, room in rooms.items() if room.outbox is not None}
    await relay.connect(rooms, outboxes)
    try:
        yield House(app, rooms, relay, folder)
    finally:
        for room in reversed(rooms.values()):
            if room.close is not None:
                await room.close()
