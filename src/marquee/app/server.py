"""The HTTP server of one process: uvicorn, with deadlines it lacks and an orderly end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.numbers import numbered
from marquee.app.problems import MEDIA_TYPE, unreadable

# In this order: the rest of what nobody waits for < headers, body < requests still running at the end
# < what a supervisor waits.
REST_WITHIN = 3.0
HEADERS_WITHIN = 10.0
BODY_WITHIN = 12.0
FINISH_WITHIN = 20
SUPERVISED = 30.0
LAST_LOOK = 1.0
IDLE_WITHIN = 5
"""After so long a connection that nothing is asked on is closed; an edge lets go of it sooner."""
BACKLOG = 1024
MOST_HEADERS = 64 * 1024
PROTO = b"x-forwarded-proto"
TOO_MUCH, LINE = 431, 4


App = Callable[[Any, Any, Any], Awaitable[None]]


class Deadlines(HttpToolsProtocol):
    """Closes a connection whose headers or body do not arrive in time.

    Most requests come whole in one piece, and for those no timer is ever set.
    """

    _timer: asyncio.TimerHandle | None = None
    _within: float | None = HEADERS_WITHIN
    _went_on = False
    _received = 0
    _refusal = 400

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(HEADERS_WITHIN)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._went_on:
            self._went_on = False
            self._received = 0
            self._expect(self._within)
        elif self._within == HEADERS_WITHIN:
            self._received += len(data)
            if self._received > MOST_HEADERS and not self.transport.is_closing():
                self._refusal = TOO_MUCH
                self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._within, self._went_on = HEADERS_WITHIN, True

    def on_headers_complete(self) -> None:
        self._within, self._went_on = BODY_WITHIN, True
        size = hosts = 0
        for name, value in self.headers:
            size += len(name) + len(value) + LINE
            hosts += name == b"host"
        if size > MOST_HEADERS:
            self._refusal = TOO_MUCH
        is_unnamed = hosts == 0 and self.parser.get_http_version() == "1.1"
        if size > MOST_HEADERS or hosts > 1 or is_unnamed:
            raise ValueError  # the parser makes a refusal of it
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it never says more than this
        """What is no HTTP that we take, as a problem like all others."""
        head = [b"HTTP/1.1 %d %s\r\n" % (self._refusal, HTTPStatus(self._refusal).phrase.encode())]
        body = unreadable(self._refusal)
        headers = [
            *self.server_state.default_headers,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        head += [b"%s: %s\r\n" % pair for pair in headers]
        self.transport.write(b"".join([*head, b"\r\n", body]))
        self.transport.close()

    def on_message_complete(self) -> None:
        self._within, self._went_on = None, True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """What is answered before all of it came, such as a body too large, is read no further."""
        super().on_response_complete()
        self._hurry()

    def shutdown(self) -> None:
        super().shutdown()
        self._hurry()

    def _hurry(self) -> None:
        if self._timer is not None:
            self._expect(REST_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def _expect(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()


class Server(uvicorn.Server):
    """Says it is not ready before it stops taking requests, then finishes what is running."""

    def __init__(self, config: uvicorn.Config, building: Building) -> None:
        super().__init__(config)
        self._building = building

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        # Its own would raise the signal again once served, ending us before the stores are closed.
        if self.should_exit:
            self.force_exit = sig == signal.SIGINT
        elif self._building.draining or sig == signal.SIGINT:
            self.should_exit = True
        else:
            self._building.draining = True
            asyncio.get_running_loop().call_later(LAST_LOOK, self._leave)

    def _leave(self) -> None:
        self.should_exit = True


def _plainly_forwarded(app: App) -> App:
    """`X-Forwarded-Proto` as it is read next: of several the first, which the client spoke."""

    async def called(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [
                (name, value.split(b",")[0].strip().lower() if name == PROTO else value)
                for name, value in scope["headers"]
            ]
        await app(scope, receive, send)

    return called


def server(building: Building) -> Server:
    """Ready to `serve()` where the settings say."""
    settings = building.settings
    app: Any = web(building)
    if settings.trusted_proxies:
        app = ProxyHeadersMiddleware(app, trusted_hosts=list(settings.trusted_proxies))
        app = _plainly_forwarded(app)
        app = numbered(app, settings.trusted_proxies)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Deadlines,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        date_header=True,
        access_log=False,
        log_config=None,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_WITHIN,
        timeout_graceful_shutdown=FINISH_WITHIN,
        h11_max_incomplete_event_size=None,
    )
    return Server(config, building)
