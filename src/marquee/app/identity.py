"""Who is asking: a bearer token or a browser's cookie, and what each may do."""

import hmac
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Request

from marquee.app.relay import Relay
from marquee.contexts.auth.contract import Auth, Identity
from marquee.contexts.auth.model.sessions import ABSOLUTE
from marquee.engines.web import Cookie
from marquee.engines.web.call import header
from marquee.kit.actor import Actor
from marquee.kit.context import Room
from marquee.kit.errors import Forbidden, MarqueeError, Unauthenticated, Unavailable
from marquee.kit.once import OnceStore

COOKIES = ("__Host-marquee_session", "marquee_session")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNING_IN = frozenset(f"/api/v1/auth/{name}" for name in ("login", "refresh", "logout"))
DECIDING = ("auth", "accounts")
"""Whose stores say who somebody is. Where one is elsewhere, it is asked every time."""
VOUCHED = "marquee.vouched"
"""Where in the scope of a request stands who asks, when the edge has said so."""
LOST = "marquee.lost_cookie"
"""Where in the scope stands the cookie that a page reads its token from, when it has to be sent again."""
KNOWN_FOR, MOST_KNOWN = 1.0, 10_000
OWN_SITE = frozenset({"same-origin", "none"})


@dataclass(frozen=True)
class Known:
    """Who a token was a moment ago, good as long as nothing has changed in the stores since."""

    identity: Identity
    generations: tuple[int, ...]
    until: float


class Gate:
    """Lent to every endpoint as `app.state.gate`."""

    def __init__(
        self,
        auth: Auth | None,
        rooms: Mapping[str, Room],
        secret: bytes,
        relay: Relay | None = None,
    ) -> None:
        self._relay = relay
        self._auth = auth
        self._rooms = rooms
        self._secret = secret
        self._deciding = [rooms[name].generation for name in DECIDING if name in rooms]
        self._known: dict[tuple[str, str], Known] = {}

    @property
    def secret(self) -> bytes:
        return self._secret

    async def actor(self, request: Request[Any, Any, Any]) -> Actor | None:
        """None for a stranger; Unauthenticated for a token that does not hold.

        A cookie alone never changes anything: the page must also repeat the CSRF token. Behind an
        edge all this was looked at there.
        """
        if VOUCHED in request.scope:
            return cast("Actor | None", dict(request.scope)[VOUCHED])
        bearer = header(request, b"authorization")
        if bearer is not None:
            scheme, _, token = bearer.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Unauthenticated("Send Authorization: Bearer and the token.")
            try:
                return _actor(await self._identify(token.strip(), "bearer"))
            except Unauthenticated:
                # Some clients send their old token along even while they fetch a new one.
                if request.scope["path"].rstrip("/") in SIGNING_IN:
                    return None
                raise
        if request.method not in SAFE:
            _refuse_other_sites(request)
        return None if header(request, b"cookie") is None else await self._of_cookie(request)

    async def welcome(self, request: Request[Any, Any, Any]) -> None:
        """A page is about to be given: where a session is live, it must find some token.

        One that is out of date is put right with what the page asks for next.
        """
        cookies = request.cookies if header(request, b"cookie") is not None else {}
        if any(name in cookies for name in COOKIES) and not any(
            csrf_beside(name) in cookies for name in COOKIES
        ):
            with suppress(MarqueeError):  # the page itself is for everybody
                await self.actor(request)

    def once(self, context: str) -> OnceStore:
        store = self._rooms[context].once
        if store is None:
            raise LookupError(f"{context} keeps no answers.")
        return store

    async def hear_now(self, context: str) -> None:
        if self._relay is not None:
            await self._relay.hear_now(context)

    async def _of_cookie(self, request: Request[Any, Any, Any]) -> Actor | None:
        # Over HTTPS only the name that no other host can have set.
        names = COOKIES[:1] if request.scope["scheme"] == "https" else COOKIES
        name = next((name for name in names if request.cookies.get(name)), "")
        if not name:
            return None
        identity = await self._identify(request.cookies[name], "cookie")
        if identity is None:
            return None
        if request.method in SAFE:
            _give_back(request, name, identity)
        elif not _repeats_the_token(request, identity):
            # Whoever lost it could not even sign out; and no other site can read what comes back.
            _give_back(request, name, identity)
            raise Forbidden(
                "Repeat the CSRF token of this session in X-CSRF-Token.", field="X-CSRF-Token"
            )
        return _actor(identity)

    async def _identify(self, token: str, kind: str) -> Identity | None:
        if self._auth is None:
            raise Unavailable("Signing in is not served here.", retry_after=5)
        if len(self._deciding) < len(DECIDING):
            return await self._auth.identify(token=token, kind=kind)
        now, generations = time.monotonic(), self._generations()
        known = self._known.get((kind, token))
        if known is not None and known.generations == generations and now < known.until:
            return known.identity
        identity = await self._auth.identify(token=token, kind=kind)
        if identity is not None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[kind, token] = Known(identity, generations, now + KNOWN_FOR)
        return identity

    def _generations(self) -> tuple[int, ...]:
        return tuple([read() for read in self._deciding])


def _actor(identity: Identity | None) -> Actor | None:
    if identity is None:
        return None
    return Actor(
        id=identity.account_id,
        username=identity.username,
        display_name=identity.display_name,
        role=identity.role,
        session_id=identity.session_id,
    )


def _refuse_other_sites(request: Request[Any, Any, Any]) -> None:
    """A page of another site may not act with this visitor's cookies, nor sign them in."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    foreign = origin is not None and _host_of(origin) != request.headers.get("host")
    if foreign or (site is not None and site not in OWN_SITE):
        raise Forbidden("This request came from another site.", field="Origin")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _repeats_the_token(request: Request[Any, Any, Any], identity: Identity) -> bool:
    sent = request.headers.get("x-csrf-token", "")
    return bool(identity.csrf) and hmac.compare_digest(sent.encode(), identity.csrf.encode())


def csrf_beside(session: str) -> str:
    """The name of the readable cookie that belongs to this one."""
    return session.replace("_session", "_csrf")


def _give_back(request: Request[Any, Any, Any], session: str, identity: Identity) -> None:
    name = csrf_beside(session)
    if not identity.csrf or request.cookies.get(name) == identity.csrf:
        return
    age, secure = int(ABSOLUTE.total_seconds()), name.startswith("__Host-")
    cookie = Cookie(name, identity.csrf, age, secure=secure, http_only=False)
    scope: Any = request.scope
    scope[LOST] = cookie.header().to_encoded_header()
