"""Nobody calls a service without a token, and a service that answers proves itself in turn."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

import grpc

from marquee.app.remote.tokens import Key
from marquee.app.remote.wire import PROOF
from marquee.kit.errors import Unauthenticated

OPEN = "/grpc.health.v1.Health/"
Metadata = Iterable[tuple[str, str | bytes]]


class Guard(grpc.aio.ServerInterceptor):
    """Asks every call for its token, except whether the service is well.

    Without a key it lets everyone in: that is for a socket file only its owner may open.
    """

    def __init__(self, key: Key | None, audiences: Collection[str]) -> None:
        self._key = key
        self._audiences = frozenset(audiences)

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        method = handler_call_details.method
        if self._key is None or method.startswith(OPEN):
            return await continuation(handler_call_details)
        try:
            audience = method[1:].split(".")[1]
            wanted = {audience} if method.startswith("/marquee.") else self._audiences
            self._key.check(bearer_in(handler_call_details.invocation_metadata), wanted)
        except (Unauthenticated, IndexError):
            return _REFUSAL
        return await continuation(handler_call_details)

    def proof_for(self, metadata: Metadata) -> tuple[tuple[str, str], ...]:
        """Trailing metadata that answers the token of a call that was let in."""
        if self._key is None:
            return ()
        caller = self._key.check(bearer_in(metadata), self._audiences)
        return ((PROOF, self._key.prove(caller.mark)),)


def bearer_in(metadata: Metadata) -> str:
    """Unauthenticated when there is no token."""
    for name, value in metadata:
        if name == "authorization" and isinstance(value, str) and value.startswith("Bearer "):
            return value.removeprefix("Bearer ")
    raise Unauthenticated("A service calls with a token.")


async def _refuse(_request: object, context: Any) -> None:
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "A service calls with a signed token.")


_REFUSAL: Any = grpc.unary_unary_rpc_method_handler(_refuse)
