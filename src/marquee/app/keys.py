"""The command `marquee keys`."""

from typing import TYPE_CHECKING

from cyclopts import App

from marquee.app.command import say

if TYPE_CHECKING:
    from marquee.engines.keyring import KeyFile

keys = App(name="keys", help="The keys that sign access tokens.")


@keys.command(name="list")
def list_keys() -> None:
    """The id of every key; the last one signs."""
    *old, signing = _file().kids()
    for kid in old:
        say(kid)
    say(f"{signing}  signs")


@keys.command
def rotate() -> None:
    """Sign with a new key from now on. Running servers see it; tokens of before stay good."""
    say(f"{_file().rotate()} signs now. When the old tokens have run out: marquee keys drop")


@keys.command
def drop(*key_ids: str) -> None:
    """Believe these keys no more, all but the one that signs when none is named."""
    gone = _file().drop(key_ids)
    say(f"{len(gone)} dropped.")


def _file() -> "KeyFile":
    from marquee.app.cli import CONTEXTS
    from marquee.app.settings import read
    from marquee.engines.keyring import KeyFile

    settings = read(CONTEXTS)
    if settings.auth_key_file is not None:
        return KeyFile(settings.auth_key_file)
    alone, of_services = settings.data / "auth" / "keys.json", settings.data / "keys.json"
    return KeyFile(of_services if of_services.exists() else alone)
