"""Making sure that what stands under our names in Redis is ours, and that no others share it."""

from marquee.contexts.auth.stores.redis import lua
from marquee.engines.redis import Redis
from marquee.kit.errors import Invalid

OURS = "marquee:"
"""How all keys of any part of Marquee begin."""
ABOUT = f"{lua.PREFIX}about"


async def claim(redis: Redis, *, field: str) -> None:
    """Invalid, naming `field`, when it is another program's. What comes there later is let be."""
    found = await foreign(redis)
    if found is None and await redis.do("TYPE", ABOUT) == "none":
        await redis.do("SET", ABOUT, lua.SHAPE, "NX")
        found = await foreign(redis)
    if found is not None:
        raise Invalid(
            f"{redis.address} holds {found}: name a database of its own by its number.", field=field
        )


async def foreign(redis: Redis) -> str | None:
    """What is there that is not ours; None where there is nothing, or it is ours."""
    another, cursor = f"keys {lua.PREFIX}… of another kind", "0"
    look = redis.script(lua.FOREIGN)
    while await redis.do("TYPE", ABOUT) == "none":
        cursor, theirs, unmarked = await look([], [cursor, OURS])
        if (theirs or unmarked) and await redis.do("TYPE", ABOUT) == "none":
            return "another program's keys" if theirs else another
        if str(cursor) == "0":
            return None
    if await redis.do("TYPE", ABOUT) != "string" or await redis.do("GET", ABOUT) != lua.SHAPE:
        return another
    return None
