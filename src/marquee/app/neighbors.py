"""The contexts that are served elsewhere, as if they were here."""

import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from marquee.app.assemble import CONTEXTS
from marquee.app.settings import Settings
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.events import Outbox

if TYPE_CHECKING:
    from marquee.app.remote.tokens import Key

SECRET_BYTES = 48


class Neighbors:
    """`contracts` and `outboxes` of every context that is not housed here but has an address."""

    def __init__(self, settings: Settings, names: Sequence[str]) -> None:
        self.contracts: dict[type, object] = {}
        self.outboxes: dict[str, Outbox] = {}
        self._settings = settings
        self._addresses = {
            name: _target(name, address)
            for name in CONTEXTS
            if names and name not in names and (address := settings.address(name)) is not None
        }
        self._close: list[Any] = []

    async def __aenter__(self) -> Self:
        if not self._addresses:
            return self
        from marquee.app.remote.client import connect
        from marquee.app.remote.outbox import FarOutbox

        key = service_key(self._settings)
        for name, address in self._addresses.items():
            offers = CONTEXTS[name].offers
            if offers is not None:
                far = connect(offers, address, key=key)
                self.contracts[offers] = far
                self._close.append(far)
            outbox = FarOutbox(address, source=name, key=key)
            self.outboxes[name] = outbox
            self._close.append(outbox)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._close:
            await each.close()


def _target(name: str, address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if scheme != "grpc" or not separator or not rest:
        raise Invalid(
            f"MARQUEE_{name.upper()}_AT takes grpc://HOST:PORT.", field=f"MARQUEE_{name.upper()}_AT"
        )
    return rest


def service_key(settings: Settings) -> "Key":
    """The secret that services share; made on first use where it is in the data folder."""
    from marquee.app.remote.tokens import Key

    path = settings.service_secret_file or settings.data / "service.secret"
    try:
        if settings.service_secret_file is None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(SECRET_BYTES), encoding="ascii")
        return Key.load(path)
    except OSError as error:
        raise Unavailable(
            f"MARQUEE_SERVICE_SECRET_FILE cannot be read: {error.strerror}."
        ) from None
