"""A client of Redis, opened from a URL, whose errors are ours and whose scripts are sent once."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

from marquee.engines.address import Address, driver
from marquee.kit.ending import heeding
from marquee.kit.errors import Invalid, MarqueeError, OutOfSpace, Unavailable

PORT = 6379
OLDEST = (6, 2)
WITHIN = 1.5
"""Seconds that anything may take, connecting and waiting for a free connection included."""
AGAIN = 2
CONNECTIONS = 64
CLOSED = "closed"
"""In what uvloop says, as no error of a connection, of one that the other side has hung up."""
NOT_NOW = ("BUSY", "MISCONF", "NOREPLICAS")
NOT_NOW_ERRORS = ("BusyLoadingError", "ClusterDownError", "MasterDownError")
"""How answers begin, and what the library makes of others, that refuse for now; nothing was done."""
NOT_ALLOWED = re.compile("ACL failure|The user executing the script can't")
"""Within what Redis says of a script that does what its user may not: of 7, and of 6."""
PROBE = "marquee:probe"
NOTHING = "marquee:nothing"
"""No such key is ever made."""

Script = Callable[[Sequence[str], Sequence[str | bytes | int]], Awaitable[Any]]
"""Takes the names of keys and the other arguments. It runs wholly or not at all, unseen halfway."""


class Redis:
    """One Redis, not a cluster: our scripts touch keys that a cluster would scatter."""

    def __init__(self, client: Any, address: Address) -> None:
        self._client = client
        self._errors = driver("redis.exceptions", extra="redis")
        self.address = address

    @classmethod
    def at(cls, url: str, *, field: str, reads_text: bool = False) -> Self:
        """Invalid names `field`. Nothing is sent yet; answers are bytes unless `reads_text`."""
        try:
            address = Address.read(url, scheme="redis", port=PORT)
            return cls(_client(address, reads_text=reads_text), address)
        except Invalid as error:
            raise Invalid(error.detail, field=field) from None

    @classmethod
    async def open(
        cls, url: str, *, field: str, reads_text: bool = False, may_be_away: bool = False
    ) -> Self:
        """The same, once it answers, lets us in and is one that we can use."""
        redis = cls.at(url, field=field, reads_text=reads_text)
        try:
            await redis.greet()
            why = None if may_be_away else await redis.refusal()
        except Unavailable:
            if may_be_away:
                return redis
            await redis.close()
            raise
        except Invalid as error:
            await redis.close()
            raise Invalid(error.detail, field=field) from None
        if why is not None:
            await redis.close()
            raise Invalid(why, field=field)
        return redis

    async def do(self, *words: str | bytes | int) -> Any:
        """A command and its answer."""
        return await self._within(lambda: self._client.execute_command(*words))

    def script(self, lua: str) -> Script:
        """Sent in full the first time, and after a restart; by its digest at other times."""
        registered = self._client.register_script(lua)

        async def run(keys: Sequence[str], arguments: Sequence[str | bytes | int]) -> Any:
            return await self._within(lambda: registered(keys=keys, args=arguments))

        return run

    async def check(self) -> None:
        """Unavailable when it does not answer, or takes no writes; OutOfSpace when it is full."""
        await self.do("SET", PROBE, "", "PX", 1000)

    async def refusal(self) -> str | None:
        """Why it takes no writes from us, as long as nobody changes that; nothing is written."""
        try:
            await self.do("DEL", NOTHING)
        except Unavailable as error:
            return error.detail if self._is_refusal(error.__cause__) else None
        return None

    def _is_refusal(self, error: BaseException | None) -> bool:
        """Whether it takes no writes from us, and will not as long as nobody changes that."""
        known = self._errors
        kinds = (known.ReadOnlyError, known.AuthorizationError, known.NoPermissionError)
        return isinstance(error, kinds) or NOT_ALLOWED.search(str(error)) is not None

    async def close(self) -> None:
        await self._client.aclose()

    async def greet(self) -> None:
        """Invalid when it refuses us for good, or is older than 6.2, or a cluster."""
        refused = (self._errors.AuthenticationError, self._errors.ResponseError)
        try:
            told = await self._within(lambda: self._client.info("server"))
        except (Unavailable, self._errors.ResponseError) as error:
            if isinstance(error, refused) or isinstance(error.__cause__, refused):
                raise Invalid(f"{self.address} says no to the user or the database.") from None
            raise
        version = tuple(int(part) for part in str(told["redis_version"]).split(".")[:2])
        if version < OLDEST:
            raise Invalid(f"{self.address} is Redis {told['redis_version']}; 6.2 is needed.")
        if told.get("redis_mode") == "cluster":
            raise Invalid(f"{self.address} is part of a cluster; a single Redis is needed.")

    async def _within(self, work: Callable[[], Awaitable[Any]]) -> Any:
        try:
            with heeding():
                async with asyncio.timeout(WITHIN):
                    return await work()
        except (self._errors.RedisError, OSError, TimeoutError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and CLOSED not in str(error):
                raise
            ours = self._ours(error)
            if ours is None:
                raise
            raise ours from error

    def _ours(self, error: Exception) -> MarqueeError | None:
        """None for what is a mistake of ours."""
        if isinstance(error, self._errors.OutOfMemoryError):
            return OutOfSpace(f"{self.address} has no memory left.")
        why = "does not answer"
        if isinstance(error, self._errors.ReadOnlyError):
            why = "is a replica, which takes no writes"
        elif self._is_refusal(error):
            why = "does not let this user do all with keys that begin with marquee:"
        elif isinstance(error, self._errors.DataError) or self._is_mistake(error):
            return None
        return Unavailable(f"{self.address} {why}.", retry_after=AGAIN)

    def _is_mistake(self, error: Exception) -> bool:
        passing = tuple(getattr(self._errors, name) for name in NOT_NOW_ERRORS)
        is_answer = isinstance(error, self._errors.ResponseError)
        return is_answer and not isinstance(error, passing) and not str(error).startswith(NOT_NOW)


def _client(address: Address, *, reads_text: bool) -> Any:
    if len(address.hosts) > 1:
        raise Invalid("It takes one host.")
    if not (address.name or "0").isdecimal():
        raise Invalid("What follows the host is the number of a database.")
    library = driver("redis.asyncio", extra="redis")
    retry = driver("redis.asyncio.retry", extra="redis")
    backoff = driver("redis.backoff", extra="redis")
    encrypted: dict[str, Any] = {}
    if address.is_encrypted:
        encrypted = {"connection_class": library.SSLConnection, "ssl_ca_certs": address.ca}
    pool = library.BlockingConnectionPool(
        host=address.host,
        port=address.port,
        db=int(address.name or 0),
        username=address.user,
        password=address.password,
        max_connections=CONNECTIONS,
        timeout=WITHIN,
        socket_timeout=WITHIN,
        socket_connect_timeout=WITHIN,
        # What was sent may have been done: whoever asked decides whether to ask again.
        retry=retry.Retry(backoff.NoBackoff(), 0),
        decode_responses=reads_text,
        protocol=2,
        driver_info=None,
        **encrypted,
    )
    return library.Redis.from_pool(pool)
