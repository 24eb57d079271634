"""Put contexts together into one application."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from litestar.handlers import HTTPRouteHandler

from marquee import __version__
from marquee.app import behind, problems
from marquee.app.behind import Behind
from marquee.app.bff import docs, far, health, site
from marquee.app.bff.browsable import Browsable
from marquee.app.building import Building
from marquee.app.carriers import broker_of, checks_of, greet_cache, queue_of
from marquee.app.contexts import CONTEXTS
from marquee.app.edge import Edge
from marquee.app.identity import Gate
from marquee.app.parked.contract import ParkedMessages
from marquee.app.parked.everywhere import Everywhere
from marquee.app.parked.routes import routes as parked_routes
from marquee.app.parked.service import ParkedService
from marquee.app.passes import Passes
from marquee.app.plain import Plain
from marquee.app.relay import Relay
from marquee.app.relay.pulling import Renewal
from marquee.app.settings import Settings
from marquee.app.telemetry import Figures
from marquee.app.tracing import Tracing
from marquee.contexts.auth.contract import Auth
from marquee.contexts.reviews.contract import Reviews
from marquee.engines.web import Endpoint
from marquee.engines.web.options import options
from marquee.kit.clock import Clock, SystemClock
from marquee.kit.context import Context, Room
from marquee.kit.errors import MarqueeError, Unavailable
from marquee.kit.events import Source
from marquee.kit.work import Queue

if TYPE_CHECKING:
    from marquee.contexts.catalog.service import CatalogService

C = TypeVar("C")
WEB = "web"
"""What houses no context: the site and the API's documents, for contexts that are elsewhere."""
MOST_BODY = 1024 * 1024
SECRET_BYTES = 32
KEPT_FOR, FINELY = 0.5, 1 << 40
"""Seconds; and how many such moments there are to a generation."""


@dataclass(frozen=True)
class Seat:
    """The world handed to one context."""

    name: str
    settings: Settings
    contracts: Mapping[type, object]
    clock: Clock
    queue: Queue | None = None

    @property
    def store_url(self) -> str:
        given = self.settings.store_url(self.name)
        return given or f"sqlite:///{self.settings.data / f'{self.name}.db'}"

    @property
    def folder(self) -> Path:
        return self.settings.data / self.name

    def setting(self, name: str) -> str | None:
        value = getattr(self.settings, name, None)
        return None if value is None else str(value)

    def ask(self, contract: type[C]) -> C:
        if contract not in self.contracts:
            setting = f"MARQUEE_{contract.__module__.split('.')[2].upper()}_AT"
            raise Unavailable(
                f"{self.name} needs {contract.__name__}, which is neither served here nor reached "
                f"elsewhere: set {setting}.",
                field=setting,
            )
        return cast("C", self.contracts[contract])


async def assemble(  # noqa: PLR0913 - what a building is put together from
    settings: Settings,
    names: Sequence[str] = (),
    *,
    clock: Clock | None = None,
    far: Mapping[type, object] | None = None,
    outboxes: Mapping[str, Source] | None = None,
    figures: Figures | None = None,
    parked: Mapping[str, ParkedMessages] | None = None,
) -> Building:
    """Build the named contexts here, all when none is named and none when only `web` is.

    `far` and `outboxes` are the contracts and events of those that are elsewhere, and `parked` what
    their services have put aside.
    """
    chosen = [CONTEXTS[name] for name in names or CONTEXTS if name != WEB]
    contracts: dict[type, object] = dict(far or {})
    settings.data.mkdir(parents=True, exist_ok=True)
    broker, parking = await broker_of(settings)
    shared = [context.name for context in chosen if settings.is_shared(context.name)]
    service = "-".join(names) or "marquee"
    tracing = Tracing(settings.otlp_url, service)
    relay = Relay(parking, broker=broker, shared=shared, tracing=tracing)
    own = ParkedService(parking, relay.deliveries)
    building = Building(settings, {}, contracts, relay, figures or Figures(), own, tracing)
    contracts[ParkedMessages] = Everywhere({service: own, **(parked or {})})
    told = dict(outboxes or {})
    try:
        building.queue = await queue_of(settings, chosen)
        building.shared = checks_of(relay, building.queue)
        await greet_cache(settings, chosen)
        for context in in_order(chosen):
            seat = Seat(context.name, settings, contracts, clock or SystemClock(), building.queue)
            room = await built(context, seat)
            building.rooms[context.name] = room
            if room.close is not None:
                building._closers.append(room.close)  # noqa: SLF001 - our own, just made
            if context.offers is not None:
                contracts[context.offers] = room.service
            if room.outbox is not None:
                told[context.name] = room.outbox
        await relay.connect(building.rooms, told, _renewals(building))
    except BaseException:
        await building.close()
        raise
    return building


def _renewals(building: Building) -> dict[tuple[str, str], Renewal]:
    """How those make good what they have missed who may not ask for it by themselves."""
    catalog = building.rooms.get("catalog")
    if catalog is None or Reviews not in building.contracts:
        return {}
    from marquee.app.retally import retallying

    service = cast("CatalogService", catalog.service)
    return {("catalog", "reviews"): retallying(service, building.contract(Reviews))}


async def built(context: Context, seat: Seat) -> Room:
    """The room; an error in building it names the setting of its store, where there is one."""
    try:
        return await context.build(seat)
    except MarqueeError as error:
        if error.field is None and seat.settings.store_url(context.name) is not None:
            error.field = f"MARQUEE_{context.name.upper()}_URL"
        raise


def in_order(contexts: Sequence[Context]) -> list[Context]:
    """Sort so that each context comes after those it needs."""
    offered: dict[Any, Context] = {
        context.offers: context for context in contexts if context.offers is not None
    }
    graph = {
        context.name: [offered[need].name for need in context.needs if need in offered]
        for context in contexts
    }
    return [CONTEXTS[name] for name in TopologicalSorter(graph).static_order()]


def endpoints(building: Building) -> list[Endpoint]:
    """Every documented route of this process."""
    found = [handler for room in building.rooms.values() for handler in room.routes]
    found += _own_routes(building)
    return [handler.opt["endpoint"] for handler in found if "endpoint" in handler.opt]


def _schema(building: Building) -> Callable[[], dict[str, Any]]:
    """Of what is served here, or of all where it is one service of several; made when asked for."""

    @lru_cache(maxsize=1)
    def schema() -> dict[str, Any]:
        from marquee.app.openapi import document

        if building.rooms and not building.settings.behind_edge:
            return document(endpoints(building), __version__)
        from marquee.app import paths

        return document(paths.endpoints(), __version__)

    return schema


def _own_routes(building: Building) -> list[HTTPRouteHandler]:
    """Of no context; the edge has them answered by the service of the site."""
    return parked_routes(cast("Everywhere", building.contracts[ParkedMessages]))


def _secret(settings: Settings) -> bytes:
    """Made on first use; whoever loses it only loses the answers kept for repeated requests.

    Behind an edge it comes from the services' key, so that replicas know each other's answers.
    """
    if settings.behind_edge:
        from marquee.app.neighbors import service_key

        return service_key(settings).derive("marquee: requests")
    path = settings.data / "requests.key"
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(SECRET_BYTES))
        fresh.replace(path)
    return path.read_bytes()


def web(building: Building) -> Edge | Behind:
    """The web face of a building, ready for a server."""
    settings, rooms, own = building.settings, building.rooms, _own_routes(building)
    passes = _passes(settings)
    schema = _schema(building)
    if not rooms:
        schema()  # to show it is what this process is for
    auth, relay = cast("Auth | None", building.contracts.get(Auth)), building.relay
    gate = Gate(auth, rooms, _secret(settings), relay)
    ask = gate.actor if "auth" in rooms else None
    app = Plain(
        route_handlers=[
            *options([*(handler for room in rooms.values() for handler in room.routes), *own]),
            *(handler for room in rooms.values() for handler in room.routes),
            *own,
            *health.handlers(building),
            *(behind.handlers(passes, ask) if passes is not None else ()),
            *docs.handlers(schema),
            *site.handlers(settings.site_url, far.reader(settings, rooms, passes)),
        ],
        openapi_config=None,
        request_max_body_size=MOST_BODY,
        exception_handlers=problems.HANDLERS,
        debug=False,
        logging_config=None,
    )
    app.state.gate = gate
    generations = {
        name: _current(
            _passing(room.generation) if settings.is_shared(name) else room.generation, relay, name
        )
        for name, room in rooms.items()
    }
    face = Edge(Browsable(app, schema), generations, building.figures, building.tracing)
    return face if passes is None else Behind(face, passes)


def _passes(settings: Settings) -> Passes | None:
    """What the edge and its services know each other by, where there is an edge."""
    if not settings.behind_edge:
        return None
    from marquee.app.neighbors import service_key

    return Passes(service_key(settings))


def _current(generation: Callable[[], int], relay: Relay, name: str) -> Callable[[], int]:
    """While there is news to hear before a reading, nothing kept is good, nor what is made then."""
    never = count(-1, -1)
    return lambda: next(never) if relay.has_news(name) else generation()


def _passing(generation: Callable[[], int]) -> Callable[[], int]:
    """Of a store that others change too: what is kept of it is good for a moment only."""
    return lambda: generation() * FINELY + int(time.monotonic() / KEPT_FOR) % FINELY
