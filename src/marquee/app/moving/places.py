"""Where the contexts of a deployment live, by its settings."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from marquee.app.assemble import Seat
from marquee.app.contexts import CONTEXTS
from marquee.app.folder import UNFINISHED, Folder
from marquee.app.settings import Settings
from marquee.app.up.plan import groups
from marquee.engines.address import Address
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Conflict, Invalid

NOT_COPIED = {
    "auth": "everybody signs in again",
    "search": "is built anew from the catalog",
    "ingestion": "keeps nothing",
}
COPIED = tuple(name for name in CONTEXTS if name not in NOT_COPIED)
PORTS = {"postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379, "opensearch": 9200}


def own_settings(settings: Settings, context: str) -> Settings:
    """As the process has them that serves it: where `marquee up` starts several, each has a folder."""
    together = next((names for names in groups(settings) if context in names), None)
    quiet = replace(settings, cache_url=None)  # nobody's tries are counted here
    if together is None:
        return quiet
    keys = settings.auth_key_file or settings.data / "keys.json"
    return replace(quiet, data=settings.data / "-".join(together), auth_key_file=keys)


def seat(settings: Settings, context: str, contracts: dict[type, object]) -> Seat:
    return Seat(context, own_settings(settings, context), contracts, SystemClock())


def shown(settings: Settings, context: str) -> str:
    """Its store, as anybody may see it."""
    url = seat(settings, context, {}).store_url
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return str(_file(url))
    if scheme not in PORTS:
        raise Invalid(f"{context.capitalize()} cannot live on {scheme}: here.")
    return str(Address.read(url.partition("?")[0], scheme=scheme, port=PORTS[scheme]))


def must_exist(settings: Settings, context: str) -> None:
    """Invalid where the store would be a file and there is none: it shall not be made."""
    url = seat(settings, context, {}).store_url
    if url.startswith("sqlite:") and not _file(url).is_file():
        raise Invalid(f"The source's {context} is not there: {_file(url)} does not exist.")


def must_differ(source: Settings, target: Settings) -> None:
    for context in COPIED:
        if shown(source, context) == shown(target, context):
            raise Conflict(
                f"Source and target have the same {context}: {shown(source, context)}."
                " A move is to places of its own."
            )


def folders(settings: Settings) -> set[Path]:
    """The data folders of its processes."""
    return {own_settings(settings, name).data.resolve() for name in CONTEXTS}


@contextlib.contextmanager
def held(source: Settings, target: Settings) -> Iterator[None]:
    """Nobody else has the folders meanwhile; Conflict where somebody does."""
    there = [one for one in folders(source) if one.is_dir()]
    with contextlib.ExitStack() as stack:
        for path in sorted({*there, *folders(target)}):
            is_source = path in there
            try:
                folder = Folder.own(path, moving=not is_source)
            except Conflict as error:
                stop = " Stop it first." if "in use" in error.detail else ""
                raise Conflict(f"{error.detail}{stop}") from None
            stack.callback(folder.leave)
        yield


def marked(source: Settings, target: Settings) -> list[Path]:
    """Where it is said that the target is not whole; a folder of the source's stays as it is."""
    return [path / UNFINISHED for path in sorted(folders(target) - folders(source))]


def started(marks: Iterable[Path]) -> None:
    for path in marks:
        path.touch(mode=0o600)


def ended(marks: Iterable[Path]) -> None:
    for path in marks:
        path.unlink(missing_ok=True)


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).resolve()
