"""Accounts over HTTP."""

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.accounts.routes.legacy import legacy_routes
from marquee.contexts.accounts.routes.me import own_routes
from marquee.contexts.accounts.routes.users import public_routes
from marquee.contexts.accounts.service import AccountService


def routes(accounts: AccountService) -> list[HTTPRouteHandler]:
    return [*own_routes(accounts), *public_routes(accounts), *legacy_routes(accounts)]


__all__ = ["routes"]
