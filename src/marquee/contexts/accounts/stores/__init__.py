"""Where accounts live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.accounts.ports import AccountStore
from marquee.kit.errors import Invalid
from marquee.kit.findings import Look


async def open_store(url: str) -> AccountStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.accounts.stores.sql import SqlAccountStore

        return await SqlAccountStore.open(url)
    raise Invalid(f"Accounts cannot live on {scheme}: here.", field="MARQUEE_ACCOUNTS_URL")


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.accounts.migrations")
