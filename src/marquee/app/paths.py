"""Every address of the API and whose it is, told by the routes themselves without building anything."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from litestar.handlers import HTTPRouteHandler

from marquee.app.parked.routes import routes as parked
from marquee.contexts.accounts.routes import routes as accounts
from marquee.contexts.auth.routes import routes as auth
from marquee.contexts.catalog.routes import routes as catalog
from marquee.contexts.reviews.routes import routes as reviews
from marquee.contexts.search.routes import routes as search
from marquee.engines.web import Endpoint

ROUTES: Mapping[str, Callable[[Any], Sequence[HTTPRouteHandler]]] = {
    "accounts": accounts,
    "auth": auth,
    "catalog": catalog,
    "reviews": reviews,
    "search": search,
    "parked": parked,
}
HOUSED = {"parked": "web"}
"""What no context owns, and the service that answers it all the same."""
BLANK = re.compile(r"\\\{\w+\\\}")


@lru_cache(maxsize=1)
def endpoints() -> tuple[Endpoint, ...]:
    """Of all contexts and of the app itself, wherever they are served."""
    return tuple(
        handler.opt["endpoint"]
        for routes in ROUTES.values()
        for handler in routes(None)  # only what a route says of itself is looked at
        if "endpoint" in handler.opt
    )


@lru_cache(maxsize=1)
def owners() -> Mapping[str, str]:
    """The service that answers each path, as a template such as `/api/v1/movies/{movie_id}`."""
    found: dict[str, str] = {}
    for about in endpoints():
        its = HOUSED.get(about.context, about.context)
        owner = found.setdefault(about.path, its)
        if owner != its:
            raise LookupError(f"{about.path} is answered by {owner} and by {its}.")
    return found


def pattern(template: str) -> str:
    """A regular expression, for us and for an edge, of the addresses that a template stands for."""
    exact = BLANK.sub("[^/]+", re.escape(template.rstrip("/")))
    return f"^{exact}/?$"


def owner_of(path: str) -> str | None:
    """Without blanks first, as a router does it."""
    templates = sorted(owners(), key=lambda template: "{" in template)
    return next((owners()[one] for one in templates if re.match(pattern(one), path)), None)
