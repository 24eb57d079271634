"""Parked messages over HTTP, for admins."""

from collections.abc import Sequence
from typing import Annotated

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.app.parked.contract import Parked
from marquee.app.parked.everywhere import Everywhere
from marquee.engines.web import endpoint
from marquee.kit.paging import LIMIT, MOST, part

Limit = Annotated[int, Meta(ge=1, le=MOST)]


class Cut(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which part of the list."""

    cursor: str | None = None
    limit: Limit = LIMIT


class ParkedPage(Struct):
    """`away` are services that did not answer: what is parked there is not in the list."""

    items: Sequence[Parked]
    next: str | None
    total: int
    away: Sequence[str]


def routes(parked: Everywhere) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/parked", who="admin")
    async def list_parked(query: Cut) -> ParkedPage:
        """Messages that a listener could not take, the longest parked first."""
        listed = await parked.listed()
        page = part(listed.messages, ("parked",), query.cursor, query.limit)
        return ParkedPage(page.items, page.next, page.total, listed.away)

    @endpoint("POST", "/api/v1/parked/{message_id}/replay", who="admin", errors=(404, 409))
    async def replay_parked(message_id: str) -> None:
        """Give a message to its listener again; it is dropped when that works."""
        await parked.replay(message_id=message_id)

    @endpoint("DELETE", "/api/v1/parked/{message_id}", who="admin", errors=(404,))
    async def drop_parked(message_id: str) -> None:
        """Forget a message for good."""
        await parked.drop(message_id=message_id)

    return [list_parked, replay_parked, drop_parked]
