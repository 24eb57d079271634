"""The number a request brings along from a proxy that we trust."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from marquee.kit.trace import NUMBER

App = Callable[[Any, Any, Any], Awaitable[None]]
HEADER = b"x-request-id"


def numbered(app: App, proxies: Sequence[str]) -> App:
    """Keep X-Request-Id when the peer itself is in `proxies`: before its address is rewritten."""
    networks = [ip_network(proxy, strict=False) for proxy in proxies]

    def is_trusted(scope: Any) -> bool:
        try:
            peer = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(peer in network for network in networks)

    async def called(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and is_trusted(scope):
            number = number_in(scope["headers"])
            if number:
                scope["marquee.request_id"] = number
        await app(scope, receive, send)

    return called


def number_in(headers: Sequence[tuple[bytes, bytes]]) -> str:
    """Empty when there is none, several, or one that does not look like ours."""
    found = [value.decode("latin-1") for name, value in headers if name == HEADER]
    return found[0] if len(found) == 1 and NUMBER.fullmatch(found[0]) else ""
