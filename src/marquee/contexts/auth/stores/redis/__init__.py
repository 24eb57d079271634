"""Sessions in Redis."""

from marquee.contexts.auth.stores.redis.look import look
from marquee.contexts.auth.stores.redis.store import RedisSessionStore

__all__ = ["RedisSessionStore", "look"]
