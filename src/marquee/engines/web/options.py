"""OPTIONS: what an address takes, of all its methods together."""

from collections.abc import Sequence

from litestar import Response
from litestar.handlers import HTTPRouteHandler


def options(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """A handler for each address of `handlers`; it must be registered before them.

    The framework's own knows of the method that was registered first, and of no other.
    """
    taken: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            taken.setdefault(path, set()).update(str(method) for method in handler.http_methods)
    return [_answering(path, methods) for path, methods in taken.items()]


def _answering(path: str, methods: set[str]) -> HTTPRouteHandler:
    too = {"OPTIONS", "HEAD"} if "GET" in methods else {"OPTIONS"}
    headers = {"allow": ", ".join(sorted(methods | too)), "cache-control": "no-store"}

    async def handle() -> Response[bytes]:
        return Response(b"", status_code=204, headers=headers)

    return HTTPRouteHandler(path, http_method="OPTIONS", status_code=200, include_in_schema=False)(
        handle
    )
