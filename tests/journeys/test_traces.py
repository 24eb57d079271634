"""A request is followed through every service that has to do with it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as messages
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as services
from tests.journeys.conftest import Far, Town
from tests.journeys.test_a_film_club import SOLARIS, found, post

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@dataclass
class Collector(services.TraceServiceServicer):  # type: ignore[misc]
    """Takes spans as any OTLP collector does."""

    url: str = ""
    spans: list[Any] = field(default_factory=list)

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 - as gRPC calls it
        self.spans += [
            span
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return messages.ExportTraceServiceResponse()


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    collector, server = Collector(), grpc.aio.server()
    services.add_TraceServiceServicer_to_server(collector, server)
    collector.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield collector
    await server.stop(None)


@pytest.fixture
def otlp_url(collector: Collector) -> str:
    return collector.url


async def test_one_trace_leads_from_the_request_to_what_hears_of_it(
    town: Town, collector: Collector
) -> None:
    await town.open_with(SOLARIS)
    ada = await town.join("ada")
    movie = await found(town, "Solaris")
    await post(town, {**ada, "traceparent": PARENT}, movie["id"], 9)
    await town.settle()
    expected = {"POST /api/v1/reviews", "catalog hears ReviewPosted"}
    if town.is_split:
        asking = {"auth.identify", "GET /internal/introspect"}
        expected |= {"catalog.movies", min(asking) if isinstance(town, Far) else max(asking)}
    for _try in range(100):
        ours = [span for span in collector.spans if span.trace_id.hex() == TRACE]
        names = {span.name for span in ours}
        if expected <= names:
            break
        await asyncio.sleep(0.1)
    assert expected <= names
    parents = {span.span_id: span for span in ours}
    heard = next(span for span in ours if span.name == "catalog hears ReviewPosted")
    asked = parents[heard.parent_span_id]
    assert asked.name == "POST /api/v1/reviews"
    assert asked.parent_span_id.hex() == PARENT.split("-")[2]
    by_name = {one.key: one.value for one in asked.attributes}
    assert by_name["http.route"].string_value == "/api/v1/reviews"
