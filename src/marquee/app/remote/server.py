"""The far end: contracts and outboxes of this process, answered over gRPC."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from marquee.app.calls import Noted, outcome
from marquee.app.remote import failures, schema
from marquee.app.remote.events import contract as events
from marquee.app.remote.events.far import Outboxes
from marquee.app.remote.guard import Guard
from marquee.app.remote.tokens import Key
from marquee.app.remote.wire import LIMITS, REQUEST, Method, methods_of
from marquee.kit.errors import Invalid, MarqueeError, Unavailable
from marquee.kit.events import Source
from marquee.kit.trace import NUMBER, current_request

BUSY = 512
OPTIONS = (
    *LIMITS,
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a lottery
    ("grpc.server_handshake_timeout_ms", 3_000),  # whoever says nothing holds up its end
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
)
log = structlog.get_logger()
Call = Callable[..., Awaitable[Any]]
Traced = Callable[[str, str | None], AbstractContextManager[None]]
"""Is given the method (`catalog.movies`) and the caller's W3C `traceparent`, around each call."""


class Server:
    """A running server; `address` has the real port where 0 was asked for."""

    def __init__(self, address: str, server: Any, well: Any, names: tuple[str, ...]) -> None:
        self.address = address
        self._server = server
        self._well = well
        self._names = names

    async def say(self, *, is_well: bool) -> None:
        """Tell those who ask for its health."""
        status = health_pb2.HealthCheckResponse.ServingStatus
        for name in ("", *self._names):
            await self._well.set(name, status.SERVING if is_well else status.NOT_SERVING)

    async def stop(self, grace: float = 5.0) -> None:
        """Take no more calls, and give those under way `grace` seconds."""
        await self._well.enter_graceful_shutdown()
        await self._server.stop(grace)


async def serve(  # noqa: PLR0913 - each by its name, most with a default
    contracts: Mapping[type, object],
    *,
    address: str,
    key: Key | None,
    outboxes: Mapping[str, Source] | None = None,
    traced: Traced = lambda _where, _parent: nullcontext(),
    noted: Noted | None = None,
) -> Server:
    """Answer `contracts` at `host:port` or `unix:/path`, with health and reflection.

    Every call needs a token of `key`; only a socket file, which nobody but its owner may open,
    does without. Unavailable when the address is taken.
    """
    address = address.removeprefix("grpc://")
    is_file = address.startswith("unix:")
    if key is None and not is_file:
        raise Invalid("Services on a network need a key.", field="service_key_file")
    everything = dict(contracts)
    if outboxes:
        everything[events.Outbox] = Outboxes(outboxes)
    guard = Guard(key, {schema.context_of(contract) for contract in everything})
    server = grpc.aio.server(interceptors=[guard], options=OPTIONS, maximum_concurrent_rpcs=BUSY)
    for contract, service in everything.items():
        server.add_generic_rpc_handlers((_handlers(contract, service, guard, traced, noted),))
    names = tuple(schema.service_of(contract) for contract in everything)
    well = _add_standards(server, names)
    port = _bind(server, address)
    await server.start()
    place = address if is_file else f"{address.rpartition(':')[0]}:{port}"
    running = Server(place, server, well, names)
    await running.say(is_well=True)
    return running


def _bind(server: Any, address: str) -> int:
    """Listen, and keep a socket file to its owner from its first moment."""
    umask = os.umask(0o177)
    try:
        port: int = server.add_insecure_port(address)
        if address.startswith("unix:"):
            Path(address.removeprefix("unix:")).chmod(0o600)
    except (RuntimeError, OSError):
        raise Unavailable(f"Cannot listen at {address}: it is taken or not ours.") from None
    finally:
        os.umask(umask)
    return port


def _add_standards(server: Any, names: tuple[str, ...]) -> Any:
    well = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(well, server)
    for standard in (health_pb2, reflection_pb2):
        schema.POOL.AddSerializedFile(standard.DESCRIPTOR.serialized_pb)
    shown = (*names, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(shown, server, pool=schema.POOL)
    return well


def _handlers(
    contract: type, service: object, guard: Guard, traced: Traced, noted: Noted | None
) -> Any:
    return grpc.method_handlers_generic_handler(
        schema.service_of(contract),
        {
            method.path.rpartition("/")[2]: grpc.unary_unary_rpc_method_handler(
                _answering(
                    method, _counted(method, getattr(service, method.name), noted), guard, traced
                )
            )
            for method in methods_of(contract)
        },
    )


def _counted(method: Method, call: Call, noted: Noted | None) -> Call:
    """The same, telling `noted` of each call and the log of what is answered."""

    async def counted(**asked: Any) -> Any:
        began = time.monotonic()
        failure: BaseException | None = None
        try:
            return await call(**asked)
        except BaseException as error:
            failure = error
            raise
        finally:
            log.debug("answered a call", call=method.where, outcome=outcome(failure))
            if noted is not None:
                noted(method.where, failure, time.monotonic() - began)

    return counted


def _answering(
    method: Method, call: Call, guard: Guard, traced: Traced
) -> Callable[[bytes, Any], Awaitable[bytes]]:
    async def answer(request: bytes, context: Any) -> bytes:
        metadata = context.invocation_metadata()
        proof = guard.proof_for(metadata)
        sent = {name: value for name, value in metadata if isinstance(value, str)}
        current_request.set(_number(sent))  # each call is a task of its own
        try:
            with traced(method.where, sent.get("traceparent")):
                asked = method.asked.decode(request)
                answered = await call(**asked)
        except MarqueeError as error:
            details = ((failures.DETAILS, failures.details_of(error)), *proof)
            await context.abort(failures.status_of(error), failures.summary_of(error), details)
        except Exception:
            log.exception("a call failed", call=method.where)
            await context.abort(grpc.StatusCode.INTERNAL, "Something went wrong.", proof)
        context.set_trailing_metadata(proof)
        return _written(method, answered)

    return answer


def _number(sent: Mapping[str, str]) -> str:
    """Of the request that this call is made for; empty when it is made for none."""
    number = sent.get(REQUEST, "")
    return number if NUMBER.fullmatch(number) else ""


def _written(method: Method, answer: Any) -> bytes:
    """An answer that cannot be written is our own mistake, not the caller's."""
    try:
        return method.answered.encode(method.row_of(answer))
    except (MarqueeError, TypeError):
        log.exception("an answer cannot be sent", call=method.where)
        raise
