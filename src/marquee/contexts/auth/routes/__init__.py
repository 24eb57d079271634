"""Signing in over HTTP."""

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.auth.routes.browser import browser_routes
from marquee.contexts.auth.routes.sessions import session_routes
from marquee.contexts.auth.routes.tokens import token_routes
from marquee.contexts.auth.service import AuthService


def routes(auth: AuthService) -> list[HTTPRouteHandler]:
    return [*token_routes(auth), *browser_routes(auth), *session_routes(auth)]


__all__ = ["routes"]
