"""The connection to RabbitMQ: made when first needed, and again whenever it is gone."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from marquee.engines.address import Address, driver
from marquee.kit.errors import Invalid, Unavailable

SECONDS = 1.8
"""How long somebody who waits for an answer may have to."""
SECONDS_IN_BACKGROUND = 10.0
"""How long a worker may have to, for whom nobody waits."""
HEARTBEAT = 10
OLDEST = (3, 10)
RETRY_AFTER, ALARMED_FOR = 2, 10
NOBODY = "nobody"
OPENED = "Connection.OpenOk"
"""What the driver misses where the server closes instead of opening the vhost."""


class Link:
    """Not aio-pika's robust connection.

    That one logs the user's name, and does not tell who waits that it is waiting itself.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._pika: Any = driver("aio_pika", extra="rabbitmq")
        for name in ("aio_pika", "aiormq"):
            # They log users and whole bodies; what goes wrong reaches us as errors.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._connection: Any = None
        self._opening = asyncio.Lock()
        self._dropping: set[asyncio.Task[None]] = set()
        self.version = ""
        """The broker's, once it was connected to."""

    async def channel(self) -> Any:
        """A new one, where each message is confirmed, and one that reaches no queue is an error."""
        async with self._opening:
            # An aio-pika connection that broke is not `is_closed`, only no longer `connected`.
            if self._connection is None or not self._connection.connected.is_set():
                self._drop()
                self._connection = await self._connect()
            connection = self._connection
        return await connection.channel(publisher_confirms=True, on_return_raises=True)

    async def take(self, channel: Any) -> None:
        """Returns when it would take a message now: one to nobody comes back.

        Where an alarm keeps all messages out, this waits as whatever is sent does. The first on a
        connection comes through even then, so it takes two to tell.
        """
        for _ in range(2):
            with suppress(self._pika.exceptions.DeliveryError):
                message = self._pika.Message(b"")
                await channel.default_exchange.publish(message, NOBODY, mandatory=True)

    async def is_blocked(self) -> bool:
        """Whether the server told us that an alarm keeps our messages out."""
        connection = self._connection
        if connection is None or not connection.connected.is_set():
            return False
        try:
            async with asyncio.timeout(0):
                await connection.transport.connection.ready()
        except TimeoutError:
            return True
        return False

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """As `asked`, refused at once while an alarm is known, whose connection is kept to hear its end."""
        if await self.is_blocked():
            raise self._alarmed()
        async with self.asked(keeps_blocked=True):
            yield

    @asynccontextmanager
    async def asked(
        self, seconds: float = SECONDS, *, keeps_blocked: bool = False
    ) -> AsyncIterator[None]:
        """What RabbitMQ and its driver raise within becomes ours."""
        failures = self._pika.exceptions
        try:
            async with asyncio.timeout(seconds):
                yield
        except failures.ProbableAuthenticationError:
            raise Invalid(f"{self._address} refuses the user or the password.") from None
        except failures.ChannelPreconditionFailed as error:
            if "inequivalent" not in str(error):
                raise self._away(type(error).__name__) from None
            raise Invalid(f"{self._address} has other queues by our names: set ?prefix=.") from None
        except TimeoutError:
            is_blocked = await self.is_blocked()
            if not (is_blocked and keeps_blocked):
                self._drop()
            raise (self._alarmed() if is_blocked else self._away("no answer in time")) from None
        except failures.CONNECTION_EXCEPTIONS as error:
            raise self._away(type(error).__name__) from None
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            # The driver cancels what waits on a connection that has gone; we were not cancelled.
            raise self._away("the connection has gone") from None

    async def close(self) -> None:
        self._drop()
        await asyncio.gather(*self._dropping)

    async def _connect(self) -> Any:
        """To the first of the hosts that answers."""
        for host, port in self._address.hosts[:-1]:
            with suppress(OSError, self._pika.exceptions.AMQPConnectionError):
                return await self._connect_to(host, port, SECONDS / len(self._address.hosts))
        return await self._connect_to(*self._address.hosts[-1], SECONDS_IN_BACKGROUND)

    async def _connect_to(self, host: str, port: int, seconds: float) -> Any:
        connection = await self._let_in(host, port, seconds)
        version = str(connection.transport.connection.server_properties.get("version", ""))
        if _number(version) < OLDEST:
            await connection.close()
            raise Invalid(f"{self._address} is not RabbitMQ 3.10 or later.")
        self.version = version
        return connection

    async def _let_in(self, host: str, port: int, seconds: float) -> Any:
        address, made = self._address, list[Any]()

        def kept(*given: Any, **named: Any) -> Any:
            made.append(self._pika.Connection(*given, **named))
            return made[-1]

        try:
            return await self._pika.connect(
                host=host,
                port=port,
                login=address.user or "guest",
                password=address.password or "guest",
                virtualhost=address.name or "/",
                ssl=address.is_encrypted,
                ssl_context=ssl.create_default_context(cafile=address.ca)
                if address.is_encrypted
                else None,
                timeout=seconds,
                heartbeat=HEARTBEAT,
                connection_class=kept,
            )
        except BaseException as error:
            # Left to itself it would close when it is collected, perhaps in a thread without a loop.
            for one in made:
                await _closed(one)
            if isinstance(error, self._pika.exceptions.InvalidFrameError) and OPENED in str(error):
                raise Invalid(f"{address} has no such vhost, or not for this user.") from None
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            dropping = asyncio.create_task(_closed(connection))
            self._dropping.add(dropping)
            dropping.add_done_callback(self._dropping.discard)

    def _alarmed(self) -> Unavailable:
        detail = f"{self._address} takes no work: an alarm on its memory or disk."
        return Unavailable(detail, retry_after=ALARMED_FOR)

    def _away(self, why: str) -> Unavailable:
        return Unavailable(f"{self._address} does not answer: {why}.", retry_after=RETRY_AFTER)


async def _closed(connection: Any) -> None:
    # One that hangs is given up; its socket ends with it.
    with suppress(Exception):
        async with asyncio.timeout(SECONDS):
            await connection.close()


def _number(version: str) -> tuple[int, ...]:
    parts = version.split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()
