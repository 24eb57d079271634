"""Commands of the operator: to a service, the running server, or the folder when nobody has it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, TypeVar

from marquee.app.contexts import CONTEXTS
from marquee.app.folder import Folder, control_socket
from marquee.app.neighbors import Neighbors
from marquee.app.parked.contract import ParkedMessages
from marquee.app.parked.everywhere import Everywhere
from marquee.app.settings import read
from marquee.kit.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from marquee.app.remote.client import Peer

C = TypeVar("C")
PATIENCE, KNOCKS = 50, 15


@contextlib.asynccontextmanager
async def asking(contract: type[C]) -> AsyncIterator[C]:
    """The contract of the instance in the data folder; whatever it tells is heard in the end."""
    settings = read(tuple(CONTEXTS))
    elsewhere = settings.address(contract.__module__.split(".")[2])
    if elsewhere is not None:
        from marquee.app.neighbors import service_key
        from marquee.app.remote.client import Peer

        async with Peer(elsewhere, key=service_key(settings), caller="operator") as peer:
            yield peer.ask(contract)
        return
    try:
        folder = Folder.own(settings.data)
    except Conflict:
        from marquee.app.remote.client import Peer

        path = control_socket(settings.data)
        for _try in range(PATIENCE):  # a server that has just started opens it in a moment
            if path.exists():
                break
            await asyncio.sleep(0.1)
        else:
            raise _not_yet()
        async with Peer(f"unix:{path}", caller="operator") as peer:
            await knock(peer)
            yield peer.ask(contract)
        return
    from marquee.app.serving import catch_up, hearing, opened

    try:
        async with opened(settings) as building:
            async with hearing(building):
                yield building.contract(contract)
            await catch_up(building)
    finally:
        folder.leave()


@contextlib.asynccontextmanager
async def parked() -> AsyncIterator[Everywhere]:
    """Of every service that the settings name, or of the instance in the data folder alone."""
    settings = read(tuple(CONTEXTS))
    async with (
        Neighbors(settings, ("operator",)) as neighbors,
        contextlib.AsyncExitStack() as stack,
    ):
        places = dict(neighbors.parked)
        path = control_socket(settings.data)
        if not places:
            places["here"] = await stack.enter_async_context(asking(ParkedMessages))
        elif path.exists():  # a server of this folder asks those services too
            from marquee.app.remote.client import Peer

            peer = await stack.enter_async_context(Peer(f"unix:{path}", caller="operator"))
            await knock(peer)
            places["here"] = peer.ask(ParkedMessages)
        yield Everywhere(places)


async def knock(peer: "Peer") -> None:
    """The first word has gRPC loaded there: on a slow machine that outlasts a call's patience."""
    for _try in range(KNOCKS):
        if await peer.is_well():
            return
        await asyncio.sleep(0.1)
    raise _not_yet()


def _not_yet() -> Unavailable:
    what = "The server of this data folder takes no commands yet, as while it fills a new catalog."
    return Unavailable(f"{what} Do it again when it says where it is.", retry_after=5)
