"""Where sessions live: the scheme of the URL picks the adapter."""

from marquee.contexts.auth.ports import SessionStore
from marquee.kit.errors import Invalid


async def open_store(url: str) -> SessionStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.auth.stores.sql import SqlSessionStore

        return await SqlSessionStore.open(url)
    if scheme == "redis":
        from marquee.contexts.auth.stores.redis import RedisSessionStore

        return await RedisSessionStore.open(url)
    raise Invalid(f"Sessions cannot live on {scheme}: here.", field="MARQUEE_AUTH_URL")
