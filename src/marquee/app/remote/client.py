"""The near end: an object with a contract's methods that sends each call away."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc

from marquee.app.calls import Noted
from marquee.app.remote import failures, schema
from marquee.app.remote.events import contract as events
from marquee.app.remote.events.near import FarOutbox
from marquee.app.remote.patience import TRIES, Budget, pause
from marquee.app.remote.replica import Choice, Replica, replicas
from marquee.app.remote.tokens import Key, Token
from marquee.app.remote.wire import PROOF, REQUEST, Method, methods_of
from marquee.kit.calls import SECONDS, waits
from marquee.kit.errors import MarqueeError, Unavailable
from marquee.kit.events import Source
from marquee.kit.trace import current_request, current_trace

C = TypeVar("C")
LOST = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
SILENCE = 0.9
"""Seconds without an answer after which it is asked whether anybody is there."""
ASKED_FOR = 0.4
"""Seconds that the question may take where another replica could answer instead."""
_PEER = "_marquee_peer"


class Peer:
    """Another service at `host:port`, `grpc://host:port` or `unix:/path`; its replicas by comma.

    They are connected to with the first call, and again whenever a connection is lost. One peer
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
        self._choice = Choice(replicas(address))
        self._key = key
        self._caller = caller
        self._trace = trace
        self._budget = Budget()
        self.noted: Noted = _unnoted
        self.is_resting = self._choice.all_rest

    def ask(self, contract: type[C]) -> C:
        """The contract as this peer answers it."""
        calls = {method.name: _calling(method) for method in methods_of(cast("type", contract))}
        return cast("C", type(f"Far{contract.__name__}", (), {**calls, _PEER: self})())

    def outbox(self, source: str) -> Source:
        """The outbox of a context that lives there."""
        return FarOutbox(self.ask(events.Outbox), source)

    async def is_well(self, contract: type | None = None) -> bool:
        """Whether one of its replicas says so itself, within a second."""
        name = schema.service_of(contract) if contract else ""
        return any(await asyncio.gather(*(one.is_well(name) for one in self._choice.among)))

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
        tried: list[Replica] = []
        self._budget.earn()
        while True:
            replica = self._choice.next(tried, method)
            tried.append(replica)
            spare = method.terms.is_safe and self._choice.has_fresh(tried)
            try:
                return await self._try(
                    replica, method, request, ends - time.monotonic(), spare=spare
                )
            except _Lost as lost:
                wait = self._wait(method, tried)
                if wait is None or time.monotonic() + wait > ends:
                    raise lost.failure from None
            await asyncio.sleep(wait)

    def _wait(self, method: Method, tried: list[Replica]) -> float | None:
        """Seconds until the next try; None where there shall be none.

        Another replica is asked at once, and that is no burden on the one that is gone.
        """
        if not method.terms.is_safe:
            return None
        if self._choice.has_fresh(tried):
            return 0.0
        again = len(tried) - len(set(tried)) + 1
        return pause(again) if again < TRIES and self._budget.spend() else None

    async def _try(
        self, replica: Replica, method: Method, request: bytes, seconds: float, *, spare: bool
    ) -> Any:
        """`spare`: another replica could be asked instead."""
        token = self._token(method.context)
        sent = [("authorization", f"Bearer {token.text}")] if token else []
        if parent := self._trace():
            sent.append(("traceparent", parent))
        if number := current_request.get():
            sent.append((REQUEST, number))
        call = replica.stub(method.path)(request, timeout=max(seconds, 0.001), metadata=sent)
        try:
            watched = spare or _is_urgent(seconds)
            told = await (_heard(replica, call, spare=spare) if watched else call)
        except grpc.aio.AioRpcError as error:
            raise self._failure(replica, method, token, error) from None
        replica.breaker.succeeded()
        if not self._is_proven(token, await call.trailing_metadata()):
            raise _stranger(method)
        return method.answered.decode(told).get("value")

    def _failure(
        self, replica: Replica, method: Method, token: Token | None, error: grpc.aio.AioRpcError
    ) -> Exception:
        """What the far end raised, or what it means that nothing came back."""
        metadata = error.trailing_metadata() or ()
        told = failures.details_in(metadata)
        if told is not None:
            replica.breaker.succeeded()
            return told if self._is_proven(token, metadata) else _stranger(method)
        failure = failures.failure_of(error.code(), error.details(), method.where)
        if error.code() in LOST:
            silently = error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            replica.breaker.failed(silently=silently)
        else:
            replica.breaker.succeeded()
        return _Lost(failure) if error.code() is grpc.StatusCode.UNAVAILABLE else failure

    def _token(self, audience: str) -> Token | None:
        return self._key.sign(caller=self._caller, audience=audience) if self._key else None

    def _is_proven(self, token: Token | None, metadata: Iterable[tuple[str, str | bytes]]) -> bool:
        if self._key is None or token is None:
            return True
        proof = next((value for name, value in metadata if name == PROOF), "")
        return isinstance(proof, str) and self._key.is_proven(token.mark, proof)

    async def close(self) -> None:
        for replica in self._choice.among:
            await replica.close()

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


async def _heard(replica: Replica, call: Any, *, spare: bool) -> bytes:
    """The answer to what may take long; _Lost as soon as nobody is there to give it."""
    waiting = asyncio.ensure_future(_answer(call))
    try:
        while not (await asyncio.wait({waiting}, timeout=SILENCE))[0]:
            is_well = await replica.is_well(within=ASKED_FOR if spare else 1.0)
            if not is_well and not waiting.done():
                replica.breaker.failed(silently=True)
                failure = Unavailable("The service does not answer.", retry_after=1)
                raise _Lost(failure) if spare else failure
        return await waiting
    finally:
        waiting.cancel()


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
