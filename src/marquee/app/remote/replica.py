"""One process of a service: the connection to it, and whether it answers."""

from typing import Any

import grpc
from grpc_health.v1 import health_pb2

from marquee.app.remote.patience import Breaker
from marquee.app.remote.wire import LIMITS, Method

OPTIONS = (
    *LIMITS,
    ("grpc.enable_retries", 0),  # only what is declared safe is tried again, and by us
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),  # services are neighbors; a proxy is for the world outside
    ("grpc.service_config_disable_resolution", 1),
)
HEALTH = "/grpc.health.v1.Health/Check"


class Replica:
    """At `host:port` or `unix:/path`; connected to with the first call, and again when that is lost."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.breaker = Breaker()
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}

    def stub(self, path: str) -> Any:
        """How a method is called."""
        if path not in self._stubs:
            self._stubs[path] = self._connected().unary_unary(path)
        return self._stubs[path]

    def is_connected(self) -> bool:
        """Whether a call would go out now; if not, it is connected to meanwhile."""
        state = self._connected().get_state(try_to_connect=True)
        return bool(state is grpc.ChannelConnectivity.READY)

    async def is_well(self, service: str = "", *, within: float = 1.0) -> bool:
        """Whether it says so itself."""
        asked = health_pb2.HealthCheckRequest(service=service).SerializeToString()
        try:
            told = await self.stub(HEALTH)(asked, timeout=within)
        except grpc.aio.AioRpcError:
            return False
        answer = health_pb2.HealthCheckResponse.FromString(told)
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    def _connected(self) -> Any:
        if self._channel is None:
            self._channel = grpc.aio.insecure_channel(self.address, options=OPTIONS)
        return self._channel

    async def close(self) -> None:
        channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            await channel.close()


def replicas(address: str) -> list[Replica]:
    """Of `grpc://HOST:PORT`, several by comma, or `unix:/path`."""
    places = [address] if address.startswith("unix:") else address.split(",")
    return [Replica(place.removeprefix("grpc://")) for place in places]


class Choice:
    """Whose turn it is: one after the other, as far as they answer."""

    def __init__(self, among: list[Replica]) -> None:
        self.among = among
        self._turn = 0

    def next(self, tried: list[Replica], method: Method) -> Replica:
        """Those that were not tried go first, then those that are connected.

        What is not safe to repeat goes to one in doubt only where there is no other. Unavailable
        when all of them rest.
        """
        if len(self.among) == 1:
            self.among[0].breaker.enter(method.where)
            return self.among[0]
        self._turn += 1
        start = self._turn % len(self.among)
        turns = [*self.among[start:], *self.among[:start]]
        awake = [one for one in turns if not one.breaker.is_resting()] or turns
        found = min(awake, key=lambda one: _order(one, tried, method))
        found.breaker.enter(method.where)
        return found

    def has_fresh(self, tried: list[Replica]) -> bool:
        """Whether there is one that was not tried and may be."""
        return any(one not in tried and not one.breaker.is_resting() for one in self.among)

    def all_rest(self) -> bool:
        return all(one.breaker.is_resting() for one in self.among)


def _order(one: Replica, tried: list[Replica], method: Method) -> tuple[bool, bool, bool]:
    is_doubtful = not method.terms.is_safe and one.breaker.is_in_doubt()
    return one in tried, is_doubtful, not one.is_connected()
