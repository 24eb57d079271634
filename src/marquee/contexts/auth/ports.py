"""What auth needs from outside."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from marquee.contexts.auth.model.sessions import Exchange, Session
from marquee.kit.events import Event, Heard, OwnInbox, OwnOutbox


class SessionStore(OwnOutbox, OwnInbox, Protocol):
    """Sessions that have not ended. `generation` grows with each commit."""

    @property
    def generation(self) -> int: ...

    async def start(self, session: Session, most: int, events: Sequence[Event]) -> None:
        """Keep it; the account's sessions beyond `most`, unused the longest, end as displaced."""
        ...

    async def find(self, session_id: str) -> Session | None: ...

    async def find_by_digest(self, digest: str) -> Session | None: ...

    async def of_account(self, account_id: str) -> list[Session]: ...

    async def exchange(
        self, session_id: str, how: Callable[[Session], Exchange]
    ) -> Exchange | None:
        """Read, decide and keep in one transaction; None when there is no such session.

        `how` may be asked again, of the session as it has become meanwhile.
        """
        ...

    async def end(self, session_id: str, reason: str, *, account_id: str | None = None) -> bool:
        """False when there is none, or none of `account_id` when that is said."""
        ...

    async def keep_only(self, session_id: str, account_id: str, epoch: int, reason: str) -> None:
        """Carry this session into a new epoch, and end the others of the account."""
        ...

    async def end_heard(
        self,
        heard: Heard,
        account_id: str,
        reason: str,
        *,
        before_epoch: int | None = None,
        spared: Collection[str] = (),
    ) -> None:
        """End the account's sessions, of older epochs only when one is said; once per event."""
        ...

    async def seen(self, moments: Mapping[str, datetime]) -> None: ...

    async def end_unused(self, seen_before: datetime, created_before: datetime) -> int:
        """End what has run out; how many."""
        ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


class Tokens(Protocol):
    """Signs claims, and reads them back from what it has signed."""

    @property
    def secret(self) -> bytes: ...

    def sign(self, claims: dict[str, Any], *, kind: str) -> str: ...

    def verify(self, token: str, *, kind: str) -> Mapping[str, Any]:
        """Unauthenticated for any other text."""
        ...

    def jwks(self) -> str: ...
