"""One request, as an endpoint sees it."""

import re
from dataclasses import dataclass
from typing import Any

from litestar import Request

from marquee.kit.actor import Actor, signed_in
from marquee.kit.errors import Invalid, PreconditionMissing

AUTHORITY = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
VERSION = re.compile(r'(?:^|[\s,])(?:W/)?"?(\d{1,18})(?:-[0-9a-f]+)?"?(?=\s*(?:,|$))', re.ASCII)
"""A version, alone or as an entity tag of ours begins with it; several may be listed."""
KEY = re.compile(r'"([!#-~]{1,255})"|([!#-~]{1,255})')


@dataclass(frozen=True)
class Call:
    """`actor` is None for somebody who has not signed in."""

    request: Request[Any, Any, Any]
    actor: Actor | None

    def member(self) -> Actor:
        """Who asks; Unauthenticated when nobody has signed in."""
        return signed_in(self.actor)

    @property
    def address(self) -> str:
        """The client's address; a proxy's word counts only where the operator trusts it."""
        client = self.request.scope.get("client")
        return client[0] if client else "local"

    @property
    def secure(self) -> bool:
        return self.request.scope["scheme"] in {"https", "wss"}

    @property
    def user_agent(self) -> str:
        return self.request.headers.get("user-agent", "")[:300]

    @property
    def host(self) -> str:
        """The host name the client used, without the port."""
        name = self.request.headers.get("host", "")
        bracket = name.rfind("]")
        return name[: bracket + 1] if bracket >= 0 else name.partition(":")[0]

    @property
    def origin(self) -> str:
        """How the client reached this site, such as `http://127.0.0.1:8000`; empty if it is odd."""
        authority = self.request.headers.get("host", "")
        fits = AUTHORITY.fullmatch(authority) is not None
        return f"{self.request.scope['scheme']}://{authority}" if fits else ""

    def if_match(self, *, required: bool) -> frozenset[int] | None:
        """The versions the client may have read, from If-Match; None when it is not sent or is `*`.

        A weak tag counts like a strong one: proxies that compress make ours weak.
        """
        header = self.request.headers.get("if-match")
        if header is None:
            if required:
                raise PreconditionMissing(
                    'Send If-Match with the version you read, such as "3".', field="If-Match"
                )
            return None
        if header.strip() == "*":
            return None
        return frozenset(int(found.group(1)) for found in VERSION.finditer(header))


def header(request: Request[Any, Any, Any], name: bytes) -> str | None:
    """What came first under this name, in small letters; the framework would read all there are."""
    for key, value in request.scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return None


def idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    """The Idempotency-Key: 1 to 255 visible characters, all of them in quotes or none."""
    header = request.headers.get("idempotency-key")
    if header is None:
        return None
    found = KEY.fullmatch(header)
    if found is None:
        raise Invalid("1 to 255 visible characters.", field="Idempotency-Key")
    return found.group(1) or found.group(2)
