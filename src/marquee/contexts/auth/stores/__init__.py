"""Where sessions live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.auth.ports import SessionStore
from marquee.kit.errors import Invalid
from marquee.kit.findings import Look


async def open_store(url: str) -> SessionStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.auth.stores.sql import SqlSessionStore

        return await SqlSessionStore.open(url)
    if scheme == "redis":
        from marquee.contexts.auth.stores.redis import RedisSessionStore

        return await RedisSessionStore.open(url)
    raise Invalid(f"Sessions cannot live on {scheme}: here.", field="MARQUEE_AUTH_URL")


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    if url.startswith("redis:"):
        from marquee.contexts.auth.stores.redis import look as look_at_redis

        return await look_at_redis(url)
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.auth.migrations")
