"""What accounts needs from outside."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from marquee.contexts.accounts.contract import Standing
from marquee.contexts.accounts.model.members import Member
from marquee.contexts.accounts.model.tries import Quota
from marquee.kit.events import Event, OwnOutbox
from marquee.kit.moving import Movable
from marquee.kit.once import OnceStore

Change = Callable[[Member], tuple[Member, Sequence[Event]]]
"""What becomes of a member, and what to tell of it. It runs inside the transaction."""


@dataclass(frozen=True)
class MemberQuestion:
    """Which members, in which order: `sort` is username or created_at, "-" descends."""

    q: str = ""
    with_inactive: bool = False
    sort: str = "username"


class AccountStore(OwnOutbox, OnceStore, Movable, Protocol):
    """Members with unique names and addresses. `generation` grows with each commit."""

    @property
    def generation(self) -> int: ...

    async def add(self, member: Member, events: Sequence[Event]) -> None:
        """Conflict names the field that is taken."""
        ...

    async def is_taken(self, *, username: str, email: str) -> str | None:
        """The field that is taken: `username`, `email` or neither."""
        ...

    async def find(self, account_id: str) -> Member | None: ...

    async def find_by_login(self, login: str) -> Member | None:
        """By username, or by e-mail when there is an @ in it."""
        ...

    async def hash_of_login(self, login: str) -> tuple[str, str, int] | None:
        """Whose it is, the password's hash and the epoch, found as `find_by_login` does.

        It takes as long when there is none: nothing is made of what was found.
        """
        ...

    async def members(self, ids: Sequence[str]) -> dict[str, Member]: ...

    async def standings(self, ids: Sequence[str]) -> dict[str, Standing]: ...

    async def has_admin(self) -> bool: ...

    async def change(self, account_id: str, change: Change) -> Member:
        """Read, change and keep in one transaction.

        NotFound when there is no such account; Conflict when a field is taken, or when no
        acting admin would be left.
        """
        ...

    async def remove(self, account_id: str, events: Sequence[Event]) -> None:
        """For good. The same errors as `change`."""
        ...

    async def page(
        self, question: MemberQuestion, after: Sequence[Any] | None, offset: int, limit: int
    ) -> tuple[list[Member], int]:
        """The members after `after` (sort value, id) or from `offset` on, and how many in all."""
        ...

    async def is_familiar(self, account_id: str, mark: str) -> bool: ...

    async def welcome(
        self, account_id: str, mark: str, at: datetime, replaced: tuple[str, str] | None
    ) -> None:
        """Remember where the account signed in from; and its new hash in place of the old one."""
        ...

    async def forget_places(self, before: datetime) -> int:
        """How many had not been used since."""
        ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


class Passwords(Protocol):
    """Slow hashes, a few at a time; Unavailable when too many wait."""

    async def hashed(self, password: str) -> str: ...

    async def matches(self, encoded: str | None, password: str) -> bool:
        """None never matches and costs as much as one that may."""
        ...

    def is_outdated(self, encoded: str) -> bool: ...

    async def close(self) -> None: ...


class Try(Protocol):
    """One try under way; leaving by an error spends it."""

    def spend(self) -> None: ...


class Throttle(Protocol):
    def admit(self, *quotas: Quota) -> AbstractAsyncContextManager[Try]:
        """TooMany where a quota is spent; Unavailable where that cannot be known."""
        ...
