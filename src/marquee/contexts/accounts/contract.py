"""What others may ask of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marquee.kit.calls import safe, takes


@dataclass(frozen=True)
class Account:
    """Somebody, as everybody may see them."""

    id: str
    username: str
    display_name: str
    created_at: datetime


@dataclass(frozen=True)
class Standing:
    """What somebody may do at this moment.

    `epoch` grows when the password changes: what was granted under an older one is void.
    """

    id: str
    username: str
    display_name: str
    role: str
    is_active: bool
    epoch: int


class Accounts(Protocol):
    """Who there is, and whether it is them."""

    @takes(seconds=10)
    async def create_admin(self, *, username: str, email: str, password: str) -> Account:
        """Conflict names the field that is taken, Invalid the one that is not acceptable."""
        ...

    @takes(seconds=10)
    async def check_password(
        self, *, login: str, password: str, address: str = "", signed_in_as: str = ""
    ) -> Standing | None:
        """Who signs in with a username or an e-mail; None for a wrong pair of any kind.

        It costs one hash whether or not the login exists. `address` is the client's, and
        `signed_in_as` the account its session already belongs to, if any: both decide which
        tries count against it. TooMany when they are spent; Unavailable when too many wait.
        A suspended account is answered too, with `is_active` False.
        """
        ...

    @takes(seconds=10)
    async def change_password(self, *, account_id: str, current: str, new: str) -> Standing:
        """The standing with its new epoch; Invalid names `current` or `new`."""
        ...

    @safe
    async def standings(self, *, ids: Sequence[str]) -> dict[str, Standing]:
        """As they are now; who does not exist is absent."""
        ...

    @safe
    async def accounts(self, *, ids: Sequence[str]) -> dict[str, Account]:
        """The accounts that exist among `ids`, suspended ones too."""
        ...

    @safe
    async def find_account(self, *, username: str) -> Account | None:
        """By name, in any case; None for a suspended one too."""
        ...

    @safe
    async def has_admin(self) -> bool:
        """Whether anybody acts as an admin yet."""
        ...
