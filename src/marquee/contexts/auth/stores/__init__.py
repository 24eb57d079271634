"""Where sessions live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.auth.ports import SessionStore
from marquee.engines.address import scheme_of
from marquee.kit.findings import Look

SETTING = "MARQUEE_AUTH_URL"
TAKEN = ("sqlite", "postgresql", "mysql", "redis")


async def open_store(url: str) -> SessionStore:
    if scheme_of(url, taken=TAKEN, field=SETTING) == "redis":
        from marquee.contexts.auth.stores.redis import RedisSessionStore

        return await RedisSessionStore.open(url)
    from marquee.contexts.auth.stores.sql import SqlSessionStore

    return await SqlSessionStore.open(url)


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    if scheme_of(url, taken=TAKEN, field=SETTING) == "redis":
        from marquee.contexts.auth.stores.redis import look as look_at_redis

        return await look_at_redis(url)
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.auth.migrations")
