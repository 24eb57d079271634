"""The near end: an object with a contract's methods that sends each call away."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc
from grpc_health.v1 import health_pb2

from marquee.app.calls import Noted
from marquee.app.remote import failures, schema
from marquee.app.remote.events import contract as events
from marquee.app.remote.events.near import FarOutbox
from marquee.app.remote.patience import TRIES, Breaker, Budget, pause
from marquee.app.remote.tokens import Key, Token
from marquee.app.remote.wire import LIMITS, PROOF, REQUEST, Method, methods_of
from marquee.kit.calls import SECONDS, waits
from marquee.kit.errors import MarqueeError, Unavailable
from marquee.kit.events import Source
from marquee.kit.trace import current_request, current_trace

C = TypeVar("C")
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
LOST = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
SILENCE = 0.9
"""Seconds without an answer after which it is asked whether anybody is there."""
_PEER = "_marquee_peer"
HEALTH = "/grpc.health.v1.Health/Check"


class Peer:
    """Another service at `host:port`, `grpc://host:port` or `unix:/path`.

    It is connected to with the first call, and again whenever the connection is lost. One peer
    serves any number of contracts; close it when done.
    """

    def __init__(
        self,
        address: str,
        *,
        key: Key | None = None,
        caller: str = "marquee",
        trace: Callable[[], str | None] = current_trace.get,
    ) -> None:
        """`trace` gives the W3C `traceparent` of the call under way, if there is one."""
        self.address = address.removeprefix("grpc://")
        self._key = key
        self._caller = caller
        self._trace = trace
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}
        self._budget = Budget()
        self._breaker = Breaker()
        self.noted: Noted = _unnoted
        self.is_resting = self._breaker.is_resting

    def ask(self, contract: type[C]) -> C:
        """The contract as this peer answers it."""
        calls = {method.name: _calling(method) for method in methods_of(cast("type", contract))}
        return cast("C", type(f"Far{contract.__name__}", (), {**calls, _PEER: self})())

    def outbox(self, source: str) -> Source:
        """The outbox of a context that lives there."""
        return FarOutbox(self.ask(events.Outbox), source)

    async def is_well(self, contract: type | None = None) -> bool:
        """Whether it says so itself, within a second."""
        name = schema.service_of(contract) if contract else ""
        asked = health_pb2.HealthCheckRequest(service=name).SerializeToString()
        try:
            told = await self._stub(HEALTH)(asked, timeout=1.0)
        except grpc.aio.AioRpcError:
            return False
        answer = health_pb2.HealthCheckResponse.FromString(told)
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    async def call(self, method: Method, row: Mapping[str, Any]) -> Any:
        """One call with all its tries, within the method's deadline.

        Raises what the far end raised. Unavailable when there was no answer; what is not safe to
        repeat may have been done all the same.
        """
        began = time.monotonic()
        failure: BaseException | None = None
        try:
            return await self._call(method, row, began + method.terms.seconds)
        except BaseException as error:
            failure = error
            raise
        finally:
            self.noted(method.name, failure, time.monotonic() - began)

    async def _call(self, method: Method, row: Mapping[str, Any], ends: float) -> Any:
        request = method.asked.encode(row)
        tried = 0
        self._budget.earn()
        while True:
            self._breaker.enter(method.where)
            try:
                return await self._try(method, request, ends - time.monotonic())
            except _Lost as lost:
                tried += 1
                wait = pause(tried)
                is_over = not method.terms.is_safe or tried == TRIES
                if is_over or time.monotonic() + wait > ends or not self._budget.spend():
                    raise lost.failure from None
            await asyncio.sleep(wait)

    async def _try(self, method: Method, request: bytes, seconds: float) -> Any:
        token = self._token(method.context)
        sent = [("authorization", f"Bearer {token.text}")] if token else []
        if parent := self._trace():
            sent.append(("traceparent", parent))
        if number := current_request.get():
            sent.append((REQUEST, number))
        call = self._stub(method.path)(request, timeout=max(seconds, 0.001), metadata=sent)
        try:
            told = await (self._heard(call) if _is_urgent(seconds) else call)
        except grpc.aio.AioRpcError as error:
            raise self._failure(method, token, error) from None
        self._breaker.succeeded()
        if not self._is_proven(token, await call.trailing_metadata()):
            raise _stranger(method)
        return method.answered.decode(told).get("value")

    async def _heard(self, call: Any) -> bytes:
        """The answer to what may take long; Unavailable as soon as nobody is there to give it."""
        waiting = asyncio.ensure_future(_answer(call))
        try:
            while not (await asyncio.wait({waiting}, timeout=SILENCE))[0]:
                if not await self.is_well() and not waiting.done():
                    self._breaker.failed(silently=True)
                    raise Unavailable("The service does not answer.", retry_after=1)
            return await waiting
        finally:
            waiting.cancel()

    def _failure(
        self, method: Method, token: Token | None, error: grpc.aio.AioRpcError
    ) -> Exception:
        """What the far end raised, or what it means that nothing came back."""
        metadata = error.trailing_metadata() or ()
        told = failures.details_in(metadata)
        if told is not None:
            self._breaker.succeeded()
            return told if self._is_proven(token, metadata) else _stranger(method)
        failure = failures.failure_of(error.code(), error.details(), method.where)
        if error.code() in LOST:
            silently = error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            self._breaker.failed(silently=silently)
        else:
            self._breaker.succeeded()
        return _Lost(failure) if error.code() is grpc.StatusCode.UNAVAILABLE else failure

    def _token(self, audience: str) -> Token | None:
        return self._key.sign(caller=self._caller, audience=audience) if self._key else None

    def _is_proven(self, token: Token | None, metadata: Iterable[tuple[str, str | bytes]]) -> bool:
        if self._key is None or token is None:
            return True
        proof = next((value for name, value in metadata if name == PROOF), "")
        return isinstance(proof, str) and self._key.is_proven(token.mark, proof)

    def _stub(self, path: str) -> Any:
        """How a method is called; this is where the connection begins, and where it is kept."""
        if path not in self._stubs:
            if self._channel is None:
                self._channel = grpc.aio.insecure_channel(self.address, options=OPTIONS)
            self._stubs[path] = self._channel.unary_unary(path)
        return self._stubs[path]

    async def close(self) -> None:
        channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            await channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self.close()


def _unnoted(_method: str, _error: BaseException | None, _seconds: float) -> None:
    """Where nobody counts."""


class _Lost(Exception):
    """Nothing came back, and nothing may have arrived."""

    def __init__(self, failure: MarqueeError) -> None:
        super().__init__(failure.detail)
        self.failure = failure


async def _answer(call: Any) -> bytes:
    found: bytes = await call
    return found


def _is_urgent(seconds: float) -> bool:
    """Whether somebody waits for it who would rather be told soon."""
    return seconds > SECONDS >= waits.get()


def _calling(method: Method) -> Callable[..., Awaitable[Any]]:
    async def call(self: Any, **given: Any) -> Any:
        if unknown := given.keys() - method.parameters:
            message = f"{method.where} has no parameter {', '.join(sorted(unknown))}"
            raise TypeError(message)
        peer: Peer = getattr(self, _PEER)
        return await peer.call(method, {**method.defaults, **given})

    return call


def _stranger(method: Method) -> Unavailable:
    return Unavailable(f"What answers for {method.where} is not one of us.", retry_after=30)
