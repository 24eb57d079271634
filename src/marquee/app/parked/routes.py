"""Parked messages over HTTP, for admins."""

from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from marquee.app.parked.contract import Parked, ParkedMessages
from marquee.engines.web import endpoint
from marquee.kit.paging import Page, part


class Cut(Struct, forbid_unknown_fields=True):
    """Which part of the list."""

    cursor: str | None = None
    limit: int = 20


def routes(parked: ParkedMessages) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/parked", who="admin")
    async def list_parked(query: Cut) -> Page[Parked]:
        """Messages that a listener could not take, the longest parked first."""
        return part(list(await parked.messages()), ("parked",), query.cursor, query.limit)

    @endpoint("POST", "/api/v1/parked/{message_id}/replay", who="admin", errors=(404, 409))
    async def replay_parked(message_id: str) -> None:
        """Give a message to its listener again; it is dropped when that works."""
        await parked.replay(message_id=message_id)

    @endpoint("DELETE", "/api/v1/parked/{message_id}", who="admin", errors=(404,))
    async def drop_parked(message_id: str) -> None:
        """Forget a message for good."""
        await parked.drop(message_id=message_id)

    return [list_parked, replay_parked, drop_parked]
