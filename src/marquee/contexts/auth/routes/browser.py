"""For browsers: a session held by one cookie that no script can read."""

import structlog
from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Struct, UnsetType

from marquee.contexts.accounts.contract import Standing
from marquee.contexts.auth.model.hosts import is_at_home
from marquee.contexts.auth.model.sessions import ABSOLUTE
from marquee.contexts.auth.routes.tokens import Credentials, device_of
from marquee.contexts.auth.service import AuthService
from marquee.engines.web import Answer, Call, Cookie, endpoint
from marquee.kit.errors import Forbidden

SESSION, CSRF = "marquee_session", "marquee_csrf"
SECURED = "__Host-"
UNENCRYPTED = (
    "You signed in over plain HTTP: anybody on this network can read what you send, your password "
    "too. It is accepted here because this is a private address; use HTTPS where you can."
)
REFUSED = (
    "This site was reached by plain HTTP under a public name, where a password could be read on "
    "its way. Use https://; behind a proxy that ends HTTPS, name it in MARQUEE_TRUSTED_PROXIES."
)
log = structlog.get_logger("marquee.auth")


class SignedIn(Struct):
    id: str
    username: str
    display_name: str
    role: str


class BrowserSignIn(Struct, omit_defaults=True):
    """Send `csrf_token` as X-CSRF-Token with every change. `warning` is there on plain HTTP."""

    user: SignedIn
    csrf_token: str
    warning: str | UnsetType = UNSET


def browser_routes(auth: AuthService) -> list[HTTPRouteHandler]:
    @endpoint("POST", "/api/v1/auth/session", answers=BrowserSignIn, errors=(401, 403, 429, 503))
    async def sign_in(call: Call, body: Credentials) -> Answer:
        """Sign a browser in: the session is a cookie, and no token is in the answer."""
        if not call.secure and not is_at_home(call.host):
            raise Forbidden(REFUSED)
        session = await auth.sign_in(
            login=body.login,
            password=body.password,
            device=device_of(call),
            signed_in_as=call.actor.id if call.actor else "",
            replaces=call.request.cookies.get(_named(SESSION, call), ""),
        )
        if not call.secure:
            log.warning("signed in over plain HTTP", host=call.host, address=call.address)
        shown = BrowserSignIn(
            user=_shown(session.standing),
            csrf_token=session.csrf_token,
            warning=UNSET if call.secure else UNENCRYPTED,
        )
        return Answer(shown, cookies=_cookies(call, session.cookie, session.csrf_token))

    @endpoint("DELETE", "/api/v1/auth/session", status=204, answers=None)
    async def sign_out(call: Call) -> Answer:
        """Sign this browser out."""
        if call.actor is not None:
            await auth.sign_out(call.actor.session_id)
        return Answer(None, 204, cookies=_cookies(call))

    return [sign_in, sign_out]


def _cookies(call: Call, session: str = "", csrf: str = "") -> list[Cookie]:
    """Both cookies with these values; without, both are taken back."""
    age = int(ABSOLUTE.total_seconds()) if session else 0
    return [
        Cookie(_named(SESSION, call), session, age, secure=call.secure),
        Cookie(_named(CSRF, call), csrf, age, secure=call.secure, http_only=False),
    ]


def _named(name: str, call: Call) -> str:
    return SECURED + name if call.secure else name


def _shown(standing: Standing) -> SignedIn:
    return SignedIn(standing.id, standing.username, standing.display_name, standing.role)
