"""For API clients: access and refresh tokens, the password, and the public keys."""

from typing import Annotated

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.contexts.auth.model.sessions import Device
from marquee.contexts.auth.service import AuthService, TokenPair
from marquee.engines.web import Answer, Call, endpoint

MOST_LOGIN = 254
FEWEST_LETTERS = 8
MOST_LETTERS = 1_024
KEYS_KEPT = "public, max-age=300"

Login = Annotated[str, Meta(min_length=1, max_length=MOST_LOGIN, description="Name or e-mail.")]
Password = Annotated[str, Meta(max_length=MOST_LETTERS)]
Shown = Annotated[str, Meta(max_length=MOST_LETTERS)]


class Credentials(Struct, forbid_unknown_fields=True, kw_only=True):
    login: Login
    password: Password


class Refresh(Struct, forbid_unknown_fields=True, kw_only=True):
    refresh_token: Shown


class NewPassword(Struct, forbid_unknown_fields=True, kw_only=True):
    current: Password
    new: Annotated[str, Meta(min_length=FEWEST_LETTERS, max_length=MOST_LETTERS)]


class PublicKey(Struct):
    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class PublicKeys(Struct):
    keys: list[PublicKey]


def device_of(call: Call) -> Device:
    return Device(call.address, call.user_agent)


def token_routes(auth: AuthService) -> list[HTTPRouteHandler]:
    @endpoint("POST", "/api/v1/auth/login", errors=(401, 403, 429, 503))
    async def log_in(call: Call, body: Credentials) -> TokenPair:
        """Sign in with a username or an e-mail address."""
        return await auth.log_in(
            login=body.login,
            password=body.password,
            device=device_of(call),
            signed_in_as=call.actor.id if call.actor else "",
        )

    @endpoint("POST", "/api/v1/auth/refresh", errors=(401,))
    async def refresh(body: Refresh) -> TokenPair:
        """The next pair of tokens; each refresh token may be used once."""
        return await auth.refresh(body.refresh_token)

    @endpoint("POST", "/api/v1/auth/logout")
    async def log_out(body: Refresh) -> None:
        """End the session of a refresh token."""
        await auth.log_out(body.refresh_token)

    @endpoint("POST", "/api/v1/auth/password", who="member", errors=(429, 503))
    async def change_password(call: Call, body: NewPassword) -> None:
        """Change your password; all your other sessions end."""
        actor = call.member()
        await auth.change_password(
            account_id=actor.id, session_id=actor.session_id, current=body.current, new=body.new
        )

    @endpoint("GET", "/.well-known/jwks.json", answers=PublicKeys)
    async def public_keys() -> Answer:
        """The keys that access tokens are checked against."""
        keys = await auth.jwks()
        return Answer(keys.encode(), headers={"cache-control": KEYS_KEPT})

    return [log_in, refresh, log_out, change_password, public_keys]
