"""What others may ask of auth."""

from dataclasses import dataclass
from typing import Protocol

from marquee.kit.calls import safe


@dataclass(frozen=True)
class Identity:
    """Who is asking, by a session that stands. `csrf` is empty for a bearer token."""

    account_id: str
    username: str
    display_name: str
    role: str
    session_id: str
    csrf: str


class Auth(Protocol):
    """Tell who is asking."""

    @safe
    async def identify(self, *, token: str, kind: str) -> Identity | None:
        """`kind` is `bearer` or `cookie`.

        Unauthenticated for a bearer token that does not hold; None for a cookie that does not.
        What ended a moment ago, or an account suspended a moment ago, does not hold.
        """
        ...

    @safe
    async def jwks(self) -> str:
        """The public keys that access tokens are checked against, as a JWK set."""
        ...
