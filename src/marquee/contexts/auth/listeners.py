"""What auth does when accounts speak."""

from collections.abc import Sequence
from typing import Final

from marquee.contexts.accounts.events import AccountDeleted, AccountSuspended, PasswordChanged
from marquee.contexts.auth.ports import SessionStore
from marquee.contexts.auth.service import AuthService
from marquee.kit.events import Event, Heard, Listener

HEARS: Final[tuple[type[Event], ...]] = (AccountDeleted, AccountSuspended, PasswordChanged)


def listener(store: SessionStore, auth: AuthService) -> Listener:
    """What these sessions were granted on is gone already: `identify` asks for the standing.

    Ending them too tells those who hold connections open, and leaves nothing behind.
    """

    async def on_accounts(batch: Sequence[Heard]) -> None:
        for heard in batch:
            event = heard.event
            if isinstance(event, AccountDeleted):
                await store.end_heard(heard, event.account_id, "deleted")
            elif isinstance(event, AccountSuspended):
                await store.end_heard(heard, event.account_id, "suspended")
            elif isinstance(event, PasswordChanged):
                await store.end_heard(
                    heard,
                    event.account_id,
                    "password",
                    before_epoch=event.epoch,
                    spared=tuple(auth.changing),
                )

    return on_accounts


async def renew(_source: str) -> None:
    """What was missed ended sessions that `identify` refuses anyway, and they run out by themselves."""
