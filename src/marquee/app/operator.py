"""Commands of the operator: through the running server, or on the folder when nobody has it."""

import contextlib
from collections.abc import AsyncIterator
from typing import TypeVar

from marquee.app.assemble import CONTEXTS
from marquee.app.folder import Folder, control_socket
from marquee.app.settings import read
from marquee.kit.errors import Conflict

C = TypeVar("C")


@contextlib.asynccontextmanager
async def asking(contract: type[C]) -> AsyncIterator[C]:
    """The contract of the instance in the data folder; whatever it tells is heard in the end."""
    settings = read(tuple(CONTEXTS))
    try:
        folder = Folder.own(settings.data)
    except Conflict:
        from marquee.app.remote.client import Peer

        async with Peer(f"unix:{control_socket(settings.data)}", caller="operator") as peer:
            yield peer.ask(contract)
        return
    from marquee.app.serving import catch_up, opened

    try:
        async with opened(settings) as building:
            yield building.contract(contract)
            await catch_up(building)
    finally:
        folder.leave()
