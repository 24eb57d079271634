"""Every operation of the API as a request that is answered well while nothing is broken."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
from tests.journeys.services import Deployment
from tests.reliability import films
from tests.reliability.cast import ROLES, ROWS, Cast, template_of
from tests.reliability.conftest import facts
from tests.reliability.site import NO_TLS, PASSWORD, Site

from marquee.app import paths
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog

FILMS = 40
AWAY = 503
HUNG = 20.0
"""Seconds after which nobody waits any more."""
ROLE = {"anyone": "anonymous", "member": "owner", "admin": "admin"}


def a_place() -> str:
    """A loopback address nobody has called from: guesses are counted by address."""
    return ".".join(["127", *(str(secrets.randbelow(250) + 2) for _ in range(3))])


@dataclass(frozen=True)
class Ask:
    """`good` is how it is answered when all is well."""

    route: str
    method: str
    address: str
    good: int
    headers: dict[str, str]
    body: Any = None
    is_new: bool = False
    """Whether nobody has asked just this before, so that nothing kept can answer it."""
    place: str = field(default_factory=a_place)

    @property
    def is_public(self) -> bool:
        """Whether its answer may be kept for others."""
        return self.method == "GET" and "authorization" not in self.headers

    def anew(self) -> "Ask":
        """The same under a name of the site that nobody has used yet."""
        new = {**self.headers, "host": f"{secrets.token_hex(4)}.films.example"}
        return replace(self, headers=new, is_new=True)


@dataclass(frozen=True)
class Told:
    ask: Ask
    status: int
    headers: httpx2.Headers
    text: str
    seconds: float

    @property
    def is_good(self) -> bool:
        return self.status == self.ask.good

    @property
    def is_refused(self) -> bool:
        """As it should be: a problem that says when to come again."""
        return (
            self.status == AWAY
            and self.headers["content-type"] == "application/problem+json"
            and self.headers.get("retry-after", "").isdigit()
        )


class Patient(httpx2.HTTPTransport):
    """Comes again when it is told to, as a busy machine may do while things are made ready."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        until = time.monotonic() + HUNG
        while True:
            answer = super().handle_request(request)
            if answer.status_code != AWAY or time.monotonic() > until:
                return answer
            answer.close()
            time.sleep(float(answer.headers["retry-after"]))


class Front(Site):
    """A deployment, which says of itself that it is nginx."""

    def client(self, who: str | None = None, *, place: str | None = None) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.url,
            headers=self.headers(who),
            timeout=30,
            trust_env=False,
            transport=Patient(local_address=place, verify=NO_TLS),
        )


async def furnished(deployment: Deployment) -> Cast:
    """Films, and people of every role."""
    movies = [facts(row) for row in films.rows(FILMS)]
    await deployment.contract(Catalog).merge(source="starter", movies=movies)
    boss = {"username": "boss", "email": "boss@films.example", "password": PASSWORD}
    await deployment.contract(Accounts).create_admin(**boss)
    site = Front(deployment.folder / "data", deployment.port)
    return await asyncio.to_thread(_cast, site)


def _cast(site: Site) -> Cast:
    cast = Cast(site)
    cast.headers = {"anonymous": {}, "admin": site.headers("boss")}
    renewed(cast)
    with site.client("boss") as boss:
        cast.platform = boss.post("/api/v1/platforms", json={"name": "Lantern"}).json()["id"]
    return cast


def renewed(cast: Cast) -> None:
    """Another owner: only so many wrong passwords may be tried for one."""
    cast.owner = cast.site.newcomer()
    cast.headers["owner"] = cast.site.headers(cast.owner)
    with cast.client("owner") as owner:
        cast.owner_id = owner.get("/api/v1/me").json()["id"]


def asks(cast: Cast) -> list[Ask]:
    """One for each operation, made ready."""
    found = []
    for about in paths.endpoints():
        route = f"{about.method} {about.path}"
        row = next(row for row in ROWS if template_of(row["route"]) == route)
        role = ROLE[about.who]
        address = cast.filled(row["route"].partition(" ")[2])
        address += f"?{row['query']}" if "query" in row else ""
        headers = dict(cast.headers[role])
        if about.method in {"PATCH", "DELETE"}:
            headers["if-match"] = "*"
        if about.method == "POST":
            headers["idempotency-key"] = secrets.token_hex(8)
        good = row["cells"][ROLES.index(role)]
        body = cast.filled(row["body"]) if "body" in row else None
        found.append(Ask(route, about.method, address, good, headers, body))
    return found


async def told(port: int, asked: Ask) -> Told:
    began = time.monotonic()
    transport = httpx2.AsyncHTTPTransport(local_address=asked.place, verify=NO_TLS)
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(
        transport=transport, base_url=url, timeout=HUNG, trust_env=False
    ) as client:
        try:
            answer = await client.request(
                asked.method, asked.address, json=asked.body, headers=asked.headers
            )
        except httpx2.TimeoutException:
            return Told(asked, 0, httpx2.Headers(), "nothing", time.monotonic() - began)
    seconds = time.monotonic() - began
    return Told(asked, answer.status_code, answer.headers, answer.text, seconds)


async def all_told(port: int, asked: Iterable[Ask]) -> Sequence[Told]:
    """Asked all at once."""
    return await asyncio.gather(*(told(port, one) for one in asked))
