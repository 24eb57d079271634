"""Where one has signed in, and how to end it."""

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.auth.service import AuthService, SessionView
from marquee.engines.web import Call, endpoint
from marquee.kit.paging import Page


def session_routes(auth: AuthService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/auth/sessions", who="member")
    async def sessions(call: Call) -> Page[SessionView]:
        """Where you have signed in, the latest used first."""
        actor = call.member()
        found = await auth.sessions(actor.id, actor.session_id)
        return Page(found, None, len(found))

    @endpoint("DELETE", "/api/v1/auth/sessions/{session_id}", who="member", errors=(404,))
    async def revoke(call: Call, session_id: str) -> None:
        """End one of your sessions."""
        await auth.revoke(call.member().id, session_id)

    return [sessions, revoke]
