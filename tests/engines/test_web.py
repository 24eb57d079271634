"""The decorator every route is made by: what it reads, whom it lets in, what it answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import httpx2
import pytest
from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.app.problems import HANDLERS
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.actor import Actor
from marquee.kit.errors import Conflict
from marquee.kit.once import Once, OnceStore, about_to_save, once
from marquee.kit.paging import FacetCount, Page

ADA = Actor("1", "ada", "Ada", "regular")


class Thing(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=20)]
    stars: Annotated[int, Meta(ge=1, le=10)]
    price: float = 0.0


class Asked(Struct, forbid_unknown_fields=True, kw_only=True):
    genre: tuple[str, ...] = ()
    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    least: float | None = None


class Answered(Struct):
    genre: tuple[str, ...]
    limit: int


@dataclass
class Shop:
    """Keeps what was sold, and the keys of those who asked once."""

    sold: list[str]
    keys: dict[tuple[str, str], tuple[str, str | None]]

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        return self.keys.get((who, key))

    def sell(self, name: str) -> str:
        if name in self.sold:
            raise Conflict("Sold already.", extra={"first": name})
        about_to_save(name)
        self.sold.append(name)
        current: Once | None = once.get()
        if current is not None:
            self.keys[current.who, current.key] = (current.fingerprint, current.answer)
        return name


@dataclass
class Gate:
    shop: Shop

    async def actor(self, request: Request[Any, Any, Any]) -> Actor | None:
        role = request.headers.get("x-role")
        return Actor(request.headers.get("x-id", "1"), "ada", "Ada", role) if role else None

    @property
    def secret(self) -> bytes:
        return b"not in the store"

    def once(self, _context: str) -> OnceStore:
        return self.shop

    async def hear_now(self, context: str) -> None:
        """Nobody else is here to be heard."""


def receipt(name: str) -> Answer:
    return Answer({"sold": name}, 201, {"location": f"/things/{name}"}, etag="1")


def routes(shop: Shop) -> list[HTTPRouteHandler]:
    @endpoint("POST", "/things", who="member", status=201, once=receipt)
    async def sell(body: Thing) -> Answer:
        """Sell a thing."""
        return receipt(shop.sell(body.name))

    @endpoint("GET", "/things", cached=("shop",))
    async def things(query: Asked) -> Page[Answered]:
        """Every thing."""
        facets = {"genre": [FacetCount("a", 1)]} if query.genre else None
        return Page([Answered(query.genre, query.limit)], None, 1, facets)

    @endpoint("GET", "/things/{name}")
    async def thing(call: Call, name: str) -> Answer:
        """One thing."""
        seen = call.if_match(required=False)
        versions = None if seen is None else sorted(seen)
        return Answer({"name": name, "versions": versions}, etag="7")

    @endpoint("DELETE", "/things/{name}", who="admin", errors=(412, 428))
    async def drop(call: Call, name: str) -> None:
        """Drop a thing."""
        assert name
        call.if_match(required=True)

    return [sell, things, thing, drop]


@pytest.fixture
def shop() -> Shop:
    return Shop([], {})


@pytest.fixture
async def client(shop: Shop) -> AsyncIterator[httpx2.AsyncClient]:
    app = Litestar(
        routes(shop),
        openapi_config=None,
        request_max_body_size=1000,
        logging_config=None,
        exception_handlers=HANDLERS,
    )
    app.state.gate = Gate(shop)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://shop"
    ) as found:
        yield found


MEMBER = {"x-role": "regular"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        (b'{"name":"hat","stars":NaN}', 422, "stars"),
        (b'{"name":"hat","stars":5,"price":Infinity}', 422, "price"),
        (b'{"name":"hat","stars":5,"price":1e999}', 422, "price"),
        (b'{"name":"hat","stars":9223372036854775808}', 422, "stars"),
        (b'{"name":"hat","stars":%d}' % 2**70, 422, "stars"),
        (b'{"name":"hat","stars":' + b"9" * 900 + b"}", 422, "stars"),
        (b'{"name":"hat","stars":true}', 422, "stars"),
        (b'{"name":"hat","stars":"5"}', 422, "stars"),
        (b'{"name":"hat","stars":5.5}', 422, "stars"),
        (b'{"name":"\\ud800","stars":5}', 422, "name"),
        (b'{"name":"hat","stars":5,"stars":6}', 422, "stars"),
        (b'{"name":"hat","stars":5,"color":1}', 422, "color"),
        (b'{"stars":5}', 422, "name"),
        (b'{"name":"","stars":5}', 422, "name"),
        (b"[1]", 422, "body"),
        (b"null", 422, "body"),
        (b'{"name":"a\\u0000b","stars":5}', 422, "name"),
        (b'{"name":"a\\bb","stars":5}', 422, "name"),
        (b'{"name":"a\x7fb","stars":5}', 422, "name"),
        ('{"name":"a\x85b","stars":5}'.encode(), 422, "name"),
        (b'{"name":"\xff","stars":5}', 422, "name"),
        (b'{"name":"\xed\xa0\x80","stars":5}', 422, "name"),
        (b'{"\xff":"hat","stars":5}', 400, "body"),
        (b"", 400, "body"),
        (b'{"name":"hat","stars":5} x', 400, "body"),
        (b"\xef\xbb\xbf" + b'{"name":"hat","stars":5}', 400, "body"),
        ('{"name":"hat","stars":5}'.encode("utf-16"), 400, "body"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, 422, "a"),
        (b'{"name":"' + b"x" * 1001 + b'"}', 413, "body"),
    ],
)
async def test_an_odd_body_is_refused_by_the_name_of_its_field(
    client: httpx2.AsyncClient, raw: bytes, status: int, field: str
) -> None:
    answer = await client.post("/things", content=raw, headers={**MEMBER, **JSON})
    problem = answer.json()
    assert (answer.status_code, problem.get("field")) == (status, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("Application/JSON;", 201),
        ("application/json;charset=UTF-8", 201),
        ('application/json; charset="utf-8"', 201),
        ('application/json ; Charset="Utf-8" ', 201),
        ("text/plain", 415),
        ("", 415),
        ("x/y", 415),
        ("application/json; charset=utf-16", 415),
        ('application/json; charset="utf-16"', 415),
        ('application/json; charset="utf-8', 415),
    ],
)
async def test_a_body_is_json_in_utf_8_and_may_say_so(
    client: httpx2.AsyncClient, kind: str, status: int
) -> None:
    headers = {**MEMBER, "content-type": kind}
    answer = await client.post("/things", content=b'{"name":"hat","stars":5}', headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1e1", "limit"),
        ("limit=10.0", "limit"),
        ("limit=1E1", "limit"),
        ("limit=nan", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=", "limit"),
        (f"limit={2**70}", "limit"),
        ("least=nan", "least"),
        ("least=inf", "least"),
        ("least=null", "least"),
        ("colour=red", "colour"),
    ],
)
async def test_an_odd_parameter_is_refused_by_its_name(
    client: httpx2.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"/things?{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_query_that_is_no_utf8_is_refused(client: httpx2.AsyncClient) -> None:
    for query, field in (
        ("genre=%ff", "genre"),
        ("limit=5&genre=a&genre=%ED%A0%80", "genre"),
        ("%ff=a", "query"),
        ("genre=a&" * 200, "query"),
    ):
        answer = await client.get(f"/things?{query}")
        assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert (await client.get("/things/hat?x=1")).json()["field"] == "x"


async def test_a_parameter_may_be_given_many_times_where_it_is_a_list(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/things?genre=a&genre=b,c&limit=3")
    assert answer.json() == {
        "items": [{"genre": ["a", "b,c"], "limit": 3}],
        "next": None,
        "total": 1,
        "facets": {"genre": [{"value": "a", "count": 1}]},
    }


async def test_only_the_allowed_come_in(client: httpx2.AsyncClient) -> None:
    match = {"if-match": '"7"'}
    roles = {None: 401, "regular": 403, "moderator": 403, "admin": 204}
    for role, status in roles.items():
        headers = {**match, **({"x-role": role} if role else {})}
        answer = await client.delete("/things/hat", headers=headers)
        assert answer.status_code == status
    stranger = await client.post("/things", content=b"never read", headers=JSON)
    assert stranger.status_code == 401
    assert stranger.headers["www-authenticate"].startswith("Bearer")


async def test_a_version_must_be_sent_where_it_is_asked_for(client: httpx2.AsyncClient) -> None:
    admin = {"x-role": "admin"}
    answer = await client.delete("/things/hat", headers=admin)
    assert (answer.status_code, answer.json()["field"]) == (428, "If-Match")
    seen = await client.get("/things/hat", headers={"if-match": '"not ours"'})
    assert seen.json()["versions"] == []


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("*", None),
        ('"3"', [3]),
        ("3", [3]),
        ('W/"3"', [3]),
        ('W/"3-0a1b2c"', [3]),
        ('"3-0a1b2c"', [3]),
        ('"999", "3"', [3, 999]),
        ('"2" , "3-ff"', [2, 3]),
        ('"x","3"', [3]),
        ('"3-xyz"', []),
        ('"x3"', []),
        ('"-3"', []),
        ("٣", []),
        ("9" * 19, []),
    ],
)
async def test_versions_are_read_from_any_entity_tags_of_ours(
    client: httpx2.AsyncClient, sent: str, read: list[int] | None
) -> None:
    seen = await client.get("/things/hat", headers={"if-match": sent.encode()})
    assert seen.json()["versions"] == read


async def test_what_has_not_changed_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    for path in ("/things/hat", "/things"):
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await client.get(path, headers={"if-none-match": '"other"'})
        assert other.status_code == 200
    assert first.headers["cache-control"] == "public, no-cache"
    assert (await client.get("/things/hat")).headers["cache-control"] == "private, no-cache"


async def test_the_same_key_gives_the_same_answer_once(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    async def sell(name: str, who: str = "1") -> httpx2.Response:
        headers = {**MEMBER, "x-id": who, "idempotency-key": "k"}
        return await client.post("/things", json={"name": name, "stars": 5}, headers=headers)

    first, again = await sell("hat"), await sell("hat")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert shop.sold == ["hat"]
    assert (await sell("coat")).json()["field"] == "Idempotency-Key"
    assert (await sell("hat", who="2")).status_code == 409
    assert (await sell("coat", who="2")).status_code == 201


async def test_a_problem_says_what_stands_in_the_way(client: httpx2.AsyncClient) -> None:
    for _ in range(2):
        answer = await client.post("/things", json={"name": "hat", "stars": 5}, headers=MEMBER)
    assert answer.status_code == 409
    assert answer.json()["first"] == "hat"
    assert (await client.get("/nowhere")).json()["code"] == "not_found"
    refused = await client.put("/things", headers=MEMBER)
    assert refused.json()["code"] == "method_not_allowed"
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"
