"""The whole configuration of nginx in front of services, from the settings and the routes."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from marquee.app import paths, problems, server
from marquee.app.assemble import MOST_BODY, WEB
from marquee.app.behind import INTROSPECT, PROBLEM_HEADER, STRANGER
from marquee.app.edge import HTTPS_ONLY, SECURITY
from marquee.app.neighbors import service_key
from marquee.app.passes import HEADER, Passes
from marquee.app.settings import Settings
from marquee.kit import errors

GENERAL_RATE, GENERAL_BURST = 500, 1000
GUESS_RATE, GUESS_BURST = 1, 20
"""Requests a second from one address, and how many more at once; a guess is a request that can be
answered 429 by the service, which counts more exactly by account."""
SELDOM_PRIVATE = "catalog"
"""A context whose reads are the same for everybody even where no generation vouches for it."""
QUICK = 1800
"""Milliseconds after which a reading is asked of another replica: then it is answered in about two seconds."""
WAITS = {429: 1, 503: 2}
CSP = ("content-security-policy", "default-src 'none'")
NUMBER = "$number"
KINDS: Mapping[int, tuple[type[errors.MarqueeError], str]] = {
    400: (errors.BadRequest, "This is no HTTP request we can read."),
    401: (errors.Unauthenticated, "This token does not hold."),
    403: (errors.Forbidden, "This request is not allowed."),
    404: (errors.NotFound, problems.DETAILS[404]),
    405: (errors.BadRequest, problems.DETAILS[405]),
    413: (errors.TooLarge, problems.DETAILS[413]),
    429: (errors.TooMany, "Too many requests from this address. Wait a little."),
    503: (errors.Unavailable, "What answers here is away at the moment. Try again."),
}


@dataclass(frozen=True)
class Place:
    """An address of the API as nginx knows it: `keys` are texts or regular expressions of a map."""

    keys: Sequence[str]
    room: str
    is_open: bool
    is_kept: bool


def nginx(settings: Settings) -> str:
    """Invalid, naming the setting, where auth or the site has no address to be asked at.

    The key that it is signed with is made where there is none yet.
    """
    return text(settings, word=Passes(service_key(settings)).word())


def text(settings: Settings, *, word: str) -> str:
    """The same with this word for the services to know it by; nothing is made."""
    for needed in ("auth", WEB):
        if not settings.http(needed):
            name = f"MARQUEE_{needed.upper()}_HTTP"
            raise errors.Invalid(f"An edge must know where {needed} is: set {name}.", field=name)
    found: str = _template().render(
        upstreams=_upstreams(settings),
        replicated=[name for name, places in _upstreams(settings).items() if len(places) > 1],
        paths=_places(settings),
        guesses=_guesses(),
        trusted=settings.trusted_proxies,
        listen=f"{_host(settings.host)}:{settings.port}",
        refusals={status: _problem(status) for status in KINDS},
        asked=[
            ("identity", "auth", INTROSPECT, "$client_scheme", "$strangers"),
            ("stranger", "$to", STRANGER, "$to", "strangers"),
        ],
        word=word,
        identity=HEADER,
        identity_variable=HEADER.replace("-", "_"),
        problem=PROBLEM_HEADER,
        problem_variable=PROBLEM_HEADER.replace("-", "_"),
        security=[*((k.decode(), v.decode()) for k, v in SECURITY), CSP],
        hsts=HTTPS_ONLY[0][1].decode(),
        traced=settings.otlp_url is not None,
        waits=WAITS,
        media_type=problems.MEDIA_TYPE,
        **_limits(),
    )
    return found


def _limits() -> dict[str, Any]:
    """The server's own deadlines, each a little less patient than what stands behind it."""
    return {
        "body": MOST_BODY,
        "headers_within": math.ceil(server.HEADERS_WITHIN),
        "body_within": math.ceil(server.BODY_WITHIN),
        "quick": QUICK,
        "answer_within": server.FINISH_WITHIN,
        "shutdown": math.ceil(server.FINISH_WITHIN + server.LAST_LOOK),
        "idle": server.IDLE_WITHIN - 1,
        "general_rate": GENERAL_RATE,
        "general_burst": GENERAL_BURST,
        "guess_rate": GUESS_RATE,
        "guess_burst": GUESS_BURST,
    }


def _upstreams(settings: Settings) -> dict[str, list[str]]:
    found = {name: settings.http(name) for name in (*paths.ROUTES, WEB)}
    return {
        name: [urlsplit(one).netloc for one in addresses]
        for name, addresses in found.items()
        if addresses
    }


def _places(settings: Settings) -> list[Place]:
    """Those without blanks first, as a router knows them; none of a context that is nowhere."""
    reads = {about.path: about for about in paths.endpoints() if about.method == "GET"}
    found = []
    for template, room in sorted(paths.owners().items(), key=lambda pair: "{" in pair[0]):
        about = reads.get(template)
        is_open = about is not None and about.who == "anyone" and room != "auth"
        is_kept = is_open and about is not None and bool(about.cached or room == SELDOM_PRIVATE)
        if settings.http(room):
            found.append(Place(_keys(template), room, is_open, is_kept))
    return found


def _keys(template: str) -> list[str]:
    bare = template.rstrip("/")
    return [f"~{paths.pattern(template)}"] if "{" in template else [bare, f"{bare}/"]


def _guesses() -> list[str]:
    """Method and address of everything that a service may answer with 429."""
    limited = [about for about in paths.endpoints() if errors.TooMany.status in about.errors]
    return [
        f"~^{about.method} {key[2:]}" if key.startswith("~^") else f"{about.method} {key}"
        for about in limited
        for key in _keys(about.path)
    ]


def _problem(status: int) -> str:
    kind, detail = KINDS[status]
    odd = {405: ("method_not_allowed", "Not a method this address takes")}
    code, title = odd.get(status, (kind.code, kind.title))
    body = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": NUMBER,
    }
    return json.dumps(body).replace("'", "\\u0027")


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _template() -> Any:
    environment = Environment(  # noqa: S701 - no page: nothing in it is HTML
        loader=PackageLoader("marquee.app.edge_config", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("nginx.conf.j2")
