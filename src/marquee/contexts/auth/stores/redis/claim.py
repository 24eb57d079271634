"""Making sure that what stands under our names in Redis is ours."""

from marquee.contexts.auth.stores.redis import lua
from marquee.engines.redis import Redis
from marquee.kit.errors import Invalid


async def claim(redis: Redis, *, field: str) -> None:
    """Invalid, naming `field`, when it is another program's."""
    about, cursor = f"{lua.PREFIX}about", "0"
    foreign = Invalid(f"{redis.address} holds keys {lua.PREFIX}… of another kind.", field=field)
    while await redis.do("TYPE", about) == "none":
        cursor, found = await redis.do("SCAN", cursor, "MATCH", f"{lua.PREFIX}*", "COUNT", 1_000)
        if any(name != about for name in found) and await redis.do("TYPE", about) == "none":
            raise foreign
        if str(cursor) == "0":
            await redis.do("SET", about, lua.SHAPE, "NX")
    if await redis.do("TYPE", about) != "string" or await redis.do("GET", about) != lua.SHAPE:
        raise foreign
