"""Whether this process lives, whether it is ready, and its figures."""

import asyncio
from typing import Protocol

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from marquee.app.telemetry import Figures, State

PLAIN = {"cache-control": "no-store"}
PATIENCE = 2.0


class Watched(Protocol):
    """What health is asked of."""

    figures: Figures

    async def standing(self) -> tuple[list[str], list[str]]:
        """The names of what does not work, and of what it does without meanwhile."""
        ...

    async def state(self) -> State: ...


def handlers(building: Watched) -> list[HTTPRouteHandler]:
    @get("/livez", include_in_schema=False)
    async def livez() -> Response[bytes]:
        return _state({"status": "ok"}, 200)

    @get("/readyz", include_in_schema=False)
    async def readyz() -> Response[bytes]:
        try:
            async with asyncio.timeout(PATIENCE):
                troubles, degraded = await building.standing()
        except TimeoutError:
            troubles, degraded = ["a store does not answer"], []
        without = {"degraded": degraded} if degraded else {}
        if troubles:
            return _state({"status": "not ready", "troubles": troubles, **without}, 503)
        return _state({"status": "ready", **without}, 200)

    @get("/metrics", include_in_schema=False)
    async def metrics() -> Response[bytes]:
        text = building.figures.text(await building.state())
        return Response(text, headers=PLAIN, media_type="text/plain; version=0.0.4")

    return [livez, readyz, metrics]


def _state(body: dict[str, object], status: int) -> Response[bytes]:
    headers = {**PLAIN, **({"retry-after": "2"} if status == 503 else {})}  # noqa: PLR2004
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )
