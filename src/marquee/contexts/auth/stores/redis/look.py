"""Look at sessions in Redis without changing anything."""

from marquee.contexts.auth.stores.redis import lua
from marquee.contexts.auth.stores.redis.claim import ABOUT, foreign
from marquee.contexts.auth.stores.redis.store import SETTING, RedisSessionStore
from marquee.engines.redis import Redis
from marquee.engines.redis.examine import examine
from marquee.kit.errors import Unavailable
from marquee.kit.findings import Finding, Look, ok, wrong


async def look(url: str) -> Look:
    found = list(await examine(url, field=SETTING, keeps=True))
    if any(one.what == "reachable" and one.state == "wrong" for one in found):
        return Look(found)
    redis = Redis.at(url, field=SETTING, reads_text=True)
    try:
        keys, is_readable = await _keys(redis)
    except Unavailable:
        return Look(found, close=redis.close)
    books = RedisSessionStore(redis) if is_readable else None
    return Look([*found, keys], books, books, redis.close)


async def _keys(redis: Redis) -> tuple[Finding, bool]:
    """And whether it can be read as ours, be it that there is nothing yet."""
    found = await foreign(redis)
    if found is not None:
        advice = "Give sessions a database of their own, by its number."
        return wrong("tables", f"it holds {found}, or a newer Marquee's", advice), False
    if await redis.do("TYPE", ABOUT) == "none":
        return ok("tables", "no keys of ours yet: the first start makes them"), True
    return ok("tables", f"up to date ({lua.SHAPE})"), True
