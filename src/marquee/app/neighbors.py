"""The contexts that are served elsewhere, as if they were here."""

import secrets
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from marquee.app.calls import Calls
from marquee.app.contexts import CONTEXTS, OFFERED
from marquee.app.parked.contract import ParkedMessages
from marquee.app.settings import Settings
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.events import Source

if TYPE_CHECKING:
    from marquee.app.remote.client import Peer
    from marquee.app.remote.tokens import Key

SECRET_BYTES = 48


class Neighbors:
    """`contracts` and `outboxes` of every context that is not housed here but has an address.

    `parked` is what each of those services has put aside, by the service's name.
    """

    def __init__(
        self, settings: Settings, names: Sequence[str], calls: Calls | None = None
    ) -> None:
        self.contracts: dict[type, object] = {}
        self.outboxes: dict[str, Source] = {}
        self.parked: dict[str, ParkedMessages] = {}
        self._settings = settings
        self._calls = calls
        self._caller = "-".join(names) or "marquee"
        elsewhere = [name for name in CONTEXTS if settings.address(name) is not None]
        if elsewhere and not names:
            setting = f"MARQUEE_{elsewhere[0].upper()}_AT"
            raise Invalid(
                f"{setting} says {elsewhere[0]} is served elsewhere, but everything is served here. "
                "Name the contexts to serve.",
                field=setting,
            )
        self._addresses = {
            name: address
            for name in CONTEXTS
            if name not in names and (address := settings.address(name)) is not None
        }
        self._peers: list[Peer] = []

    async def __aenter__(self) -> Self:
        if not self._addresses:
            return self
        from marquee.app.remote.client import Peer

        key = service_key(self._settings)
        for name, address in self._addresses.items():
            peer = Peer(address, key=key, caller=self._caller)
            if self._calls is not None:
                peer.noted = self._calls.to(name)
                self._calls.watch(name, peer.is_resting)
            self._peers.append(peer)
            offers = OFFERED[name]
            if offers is not None:
                self.contracts[offers] = peer.ask(offers)
            self.outboxes[name] = peer.outbox(name)
        for service, address in self._services().items():
            for number, one in enumerate(address.split(","), start=1):
                peer = Peer(one, key=key, caller=self._caller)
                self._peers.append(peer)
                called = service if number == 1 else f"{service}-{number}"
                self.parked[called] = peer.ask(ParkedMessages)
        return self

    def _services(self) -> Mapping[str, str]:
        """The address of each service; contexts of the same address are served together."""
        together: dict[str, list[str]] = {}
        for name, address in self._addresses.items():
            together.setdefault(address, []).append(name)
        return {"-".join(names): address for address, names in together.items()}

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for peer in self._peers:
            await peer.close()


def service_key(settings: Settings) -> "Key":
    """The secret that services share; made on first use where it is in the data folder."""
    from marquee.app.remote.tokens import Key

    path = settings.service_key_file or settings.data / "service.key"
    try:
        if settings.service_key_file is None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(SECRET_BYTES), encoding="ascii")
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.") from None
    return Key.load(path)
