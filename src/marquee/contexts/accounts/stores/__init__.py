"""Where accounts live: the scheme of the URL picks the adapter."""

from marquee.contexts.accounts.ports import AccountStore
from marquee.kit.errors import Invalid


async def open_store(url: str) -> AccountStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.accounts.stores.sql import SqlAccountStore

        return await SqlAccountStore.open(url)
    raise Invalid(f"Accounts cannot live on {scheme}: here.", field="MARQUEE_ACCOUNTS_URL")
