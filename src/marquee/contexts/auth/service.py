"""The use cases of auth."""

from dataclasses import dataclass, replace
from datetime import datetime

from marquee.contexts.accounts.contract import Accounts, Standing
from marquee.contexts.auth.contract import Identity
from marquee.contexts.auth.events import SessionStarted
from marquee.contexts.auth.model.claims import KIND, LIFETIME, Grant, claims_for, granted
from marquee.contexts.auth.model.secrets import (
    MOST_COOKIE,
    RefreshToken,
    csrf_of,
    digest_of,
    new_cookie,
)
from marquee.contexts.auth.model.sessions import (
    ABSOLUTE,
    IDLE,
    MOST_SESSIONS,
    SEEN_EVERY,
    Device,
    Kind,
    Session,
    exchange,
    session_on,
)
from marquee.contexts.auth.ports import SessionStore, Tokens
from marquee.kit.clock import Clock
from marquee.kit.errors import Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from marquee.kit.ids import new_id


@dataclass(frozen=True)
class TokenPair:
    """`expires_in` is the access token's, in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name


@dataclass(frozen=True)
class BrowserSession:
    """`cookie` is for the browser alone; `csrf_token` for the page."""

    cookie: str
    csrf_token: str
    standing: Standing


@dataclass(frozen=True)
class SessionView:
    """One of the places where somebody has signed in. `current` is the one that asks."""

    id: str
    kind: Kind
    current: bool
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    address: str


class AuthService:
    def __init__(
        self, store: SessionStore, accounts: Accounts, tokens: Tokens, clock: Clock
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._tokens = tokens
        self._clock = clock
        self._seen: dict[str, datetime] = {}
        self.changing: set[str] = set()
        """Sessions whose own request is changing the password at this moment."""

    async def log_in(
        self, *, login: str, password: str, device: Device, signed_in_as: str
    ) -> TokenPair:
        """Unauthenticated for a wrong pair of any kind, Forbidden for a suspended account."""
        standing = await self._check(login, password, device, signed_in_as)
        session_id = new_id()
        token = RefreshToken.first(session_id, self._tokens.secret)
        await self._start(session_id, standing, "bearer", token.text, device)
        return self._pair(standing.id, token)

    async def sign_in(
        self, *, login: str, password: str, device: Device, signed_in_as: str, replaces: str
    ) -> BrowserSession:
        """The same for a browser; `replaces` is the cookie it had before, whose session ends."""
        standing = await self._check(login, password, device, signed_in_as)
        cookie = new_cookie()
        await self._start(new_id(), standing, "cookie", cookie, device)
        before = await self._store.find_by_digest(digest_of(replaces)) if replaces else None
        if before is not None:
            await self._store.end(before.id, "signed_out")
        return BrowserSession(cookie, csrf_of(cookie, self._tokens.secret), standing)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """The next pair; Unauthenticated, and the end of the session, for a token of the past."""
        secret, now = self._tokens.secret, self._clock.now()
        shown = RefreshToken.read(refresh_token, secret)
        session = await self._store.find(shown.session_id) if shown else None
        if shown is None or session is None:
            raise _ended()
        await self._standing_of(session)
        done = await self._store.exchange(
            session.id, lambda current: exchange(self._as_seen(current), shown, secret, now)
        )
        if done is None or done.token is None:
            raise _ended()
        return self._pair(session.account_id, done.token)

    async def log_out(self, refresh_token: str) -> None:
        """End the session of a refresh token; of one that has ended, or is not ours, nothing."""
        shown = RefreshToken.read(refresh_token, self._tokens.secret)
        if shown is not None:
            await self._store.end(shown.session_id, "signed_out")

    async def sign_out(self, session_id: str) -> None:
        await self._store.end(session_id, "signed_out")

    async def change_password(
        self, *, account_id: str, session_id: str, current: str, new: str
    ) -> None:
        """All other sessions of the account end; Invalid names `current` or `new`."""
        self.changing.add(session_id)
        try:
            standing = await self._accounts.change_password(
                account_id=account_id, current=current, new=new
            )
            await self._store.keep_only(session_id, account_id, standing.epoch, "password")
        finally:
            self.changing.discard(session_id)

    async def sessions(self, account_id: str, current_id: str) -> list[SessionView]:
        """Those that are alive, the latest used first."""
        now = self._clock.now()
        found = [self._as_seen(session) for session in await self._store.of_account(account_id)]
        alive = [
            SessionView(
                id=session.id,
                kind=session.kind,
                current=session.id == current_id,
                created_at=session.created_at,
                last_seen_at=session.last_seen_at,
                user_agent=session.user_agent,
                address=session.address,
            )
            for session in found
            if session.is_alive(now)
        ]
        return sorted(alive, key=lambda view: view.last_seen_at, reverse=True)

    async def revoke(self, account_id: str, session_id: str) -> None:
        """NotFound for a session of somebody else, as for none."""
        if not await self._store.end(session_id, "revoked", account_id=account_id):
            raise NotFound("You have no such session.")

    async def identify(self, *, token: str, kind: str) -> Identity | None:
        if kind == "bearer":
            grant = granted(self._tokens.verify(token, kind=KIND), self._clock.now())
            session = await self._store.find(grant.session_id)
            if session is None or session.account_id != grant.account_id:
                raise _ended()
            return self._identity(session, await self._standing_of(session), csrf="")
        if kind != "cookie":
            raise Invalid("A token is of the kind bearer or cookie.", field="kind")
        if not token or len(token) > MOST_COOKIE:
            return None
        session = await self._store.find_by_digest(digest_of(token))
        if session is None or session.kind != "cookie":
            return None
        try:
            standing = await self._standing_of(session)
        except Unauthenticated:
            return None
        return self._identity(session, standing, csrf=csrf_of(token, self._tokens.secret))

    async def jwks(self) -> str:
        return self._tokens.jwks()

    async def keep_seen(self) -> None:
        """Write down who was here; it is gathered in memory, for reading costs no write."""
        seen, self._seen = self._seen, {}
        try:
            await self._store.seen(seen)
        except Unavailable:
            self._seen = seen | self._seen
            raise

    async def end_unused(self) -> int:
        """End sessions unused for 14 days, and those of 90; how many."""
        now = self._clock.now()
        return await self._store.end_unused(now - IDLE, now - ABSOLUTE)

    async def _check(
        self, login: str, password: str, device: Device, signed_in_as: str
    ) -> Standing:
        standing = await self._accounts.check_password(
            login=login, password=password, address=device.address, signed_in_as=signed_in_as
        )
        if standing is None:
            raise Unauthenticated("No account has this login and password.")
        if not standing.is_active:
            raise Forbidden("This account is suspended.")
        return standing

    async def _start(
        self, session_id: str, standing: Standing, kind: Kind, held_by: str, device: Device
    ) -> None:
        session = session_on(
            device,
            session_id=session_id,
            account_id=standing.id,
            kind=kind,
            epoch=standing.epoch,
            held_by=held_by,
            now=self._clock.now(),
        )
        started = SessionStarted(session_id=session_id, account_id=standing.id, kind=kind)
        await self._store.start(session, MOST_SESSIONS, [started])

    async def _standing_of(self, session: Session) -> Standing:
        """Unauthenticated when the session, or what it was granted on, does not stand."""
        now = self._clock.now()
        session = self._as_seen(session)
        if not session.is_alive(now):
            raise _ended()
        found = await self._accounts.standings(ids=(session.account_id,))
        standing = found.get(session.account_id)
        if standing is None or not standing.is_active or standing.epoch != session.epoch:
            raise _ended()
        if now - session.last_seen_at >= SEEN_EVERY:
            self._seen[session.id] = now
        return standing

    def _as_seen(self, session: Session) -> Session:
        """With what is gathered in memory and not yet written down."""
        seen = self._seen.get(session.id)
        if seen is None or seen <= session.last_seen_at:
            return session
        return replace(session, last_seen_at=seen)

    def _identity(self, session: Session, standing: Standing, *, csrf: str) -> Identity:
        return Identity(
            standing.id, standing.username, standing.display_name, standing.role, session.id, csrf
        )

    def _pair(self, account_id: str, token: RefreshToken) -> TokenPair:
        claims = claims_for(Grant(account_id, token.session_id), self._clock.now())
        access = self._tokens.sign(claims, kind=KIND)
        return TokenPair(access, token.text, int(LIFETIME.total_seconds()))


def _ended() -> Unauthenticated:
    return Unauthenticated("This session has ended. Sign in again.")
