"""Where accounts live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.accounts.ports import AccountStore
from marquee.engines.address import scheme_of
from marquee.kit.findings import Look

SETTING = "MARQUEE_ACCOUNTS_URL"
TAKEN = ("sqlite", "postgresql", "mysql")


async def open_store(url: str) -> AccountStore:
    scheme_of(url, taken=TAKEN, field=SETTING)
    from marquee.contexts.accounts.stores.sql import SqlAccountStore

    return await SqlAccountStore.open(url)


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    scheme_of(url, taken=TAKEN, field=SETTING)
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.accounts.migrations")
