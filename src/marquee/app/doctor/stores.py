"""The store of each context, looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from marquee.app.contexts import CONTEXTS
from marquee.app.doctor.places import folder_of, is_elsewhere, store_url, where
from marquee.app.doctor.report import Part, Patience
from marquee.app.settings import Settings
from marquee.kit.findings import Finding, Look, ok

SECONDS = 5.0


@dataclass
class Store:
    """A context's; `look` is None where it could not be looked at, or is not here."""

    name: str
    part: Part
    look: Look | None = None

    @property
    def is_readable(self) -> bool:
        """Whether what it tells and has heard is known, be it nothing yet."""
        return self.look is not None and all(
            one.state != "wrong" for one in self.look.findings if one.what in CLOSED
        )


CLOSED = {"reachable", "version", "file", "whole", "tables", "alias"}
"""What, when it is wrong, keeps us from reading what is in a store."""


async def store(settings: Settings, name: str, patience: Patience) -> Store:
    url = store_url(settings, name)
    setting = f"MARQUEE_{name.upper()}_URL"
    found: list[Look] = []
    look = CONTEXTS[name].look

    async def work() -> Sequence[Finding]:
        if look is None:
            return []
        if is_elsewhere(settings, name):
            return [ok("file", f"where {name} is served")]
        found.append(await look(url, folder_of(settings, name) / name))
        return found[0].findings

    at = settings.address(name) if is_elsewhere(settings, name) else None
    shown = at or where(url, setting)
    part = await patience.part(name, shown, work, seconds=SECONDS, setting=setting)
    return Store(name, part, found[0] if found else None)


def kept() -> list[str]:
    """The contexts that keep something."""
    return [name for name, context in CONTEXTS.items() if context.look is not None]
