"""Accounts at home: on the embedded store, with hashes that are quick."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from tests.contexts.auth.house import PASSWORD, fresh_stores

from marquee.contexts.accounts.service import AccountService, Door
from marquee.contexts.accounts.stores.sql import SqlAccountStore
from marquee.engines.argon2 import Argon2
from marquee.engines.throttle.memory import MemoryThrottle
from marquee.kit.clock import SystemClock
from marquee.kit.errors import TooMany
from marquee.kit.ids import new_id

FIVE_MINUTES = 300
WRONG = "wrong it is"
PASSWORD_2 = "quite another sentence"


class Hasher(PasswordHasher):
    """Quick, and counts what it was asked."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost, 64, 1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its name
        self.verified.append(str(hash))
        return super().verify(hash, password)


@dataclass
class Home:
    service: AccountService
    store: SqlAccountStore
    hasher: Hasher

    async def register(self, username: str = "ada", address: str = "192.0.2.1") -> str:
        profile = await self.service.register(
            username=username,
            email=f"{new_id()}@example.org",
            password=PASSWORD,
            address=address,
        )
        return profile.id

    async def try_in(
        self, login: str, password: str = WRONG, address: str = "192.0.2.9", own: str = ""
    ) -> str:
        """How a try at the door ends: in, wrong or wait."""
        try:
            standing = await self.service.check_password(
                login=login, password=password, address=address, signed_in_as=own
            )
        except TooMany as refused:
            return "wait" if 1 <= (refused.retry_after or 0) <= FIVE_MINUTES else "for ever"
        return "in" if standing else "wrong"

    async def kinds(self) -> list[str]:
        return [sent.kind.partition(".")[2] for sent in await self.store.events_after(0, 500)]


@asynccontextmanager
async def a_home(folder: Path, hasher: Hasher | None = None) -> AsyncIterator[Home]:
    hasher = hasher or Hasher()
    await fresh_stores(folder)
    store = await SqlAccountStore.open(f"sqlite:///{folder / 'accounts.db'}")
    passwords = Argon2(hasher, threads=1)
    door = Door(store, passwords, MemoryThrottle(), SystemClock())
    try:
        yield Home(AccountService(store, door, SystemClock()), store, hasher)
    finally:
        await passwords.close()
        await store.close()
