"""A service behind the edge: who may come in, and what the edge is told of who asks."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx2
import pytest

from marquee.app.assemble import web
from marquee.app.neighbors import service_key
from marquee.app.passes import HEADER, Passes
from marquee.app.remote.tokens import Key
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.kit.actor import Actor
from marquee.kit.errors import Unauthenticated

PASSWORD = "a long walk by the water"
BOSS = Actor("1", "boss", "Boss", "admin", "s1")
MOVIES, ME, ASK = "/api/v1/movies", "/api/v1/me", "/internal/introspect"
LOGIN, SESSION = "/api/v1/auth/login", "/api/v1/auth/session"
SIGN_IN = {"login": "boss", "password": PASSWORD}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Everything in one process, which for once believes that there is an edge before it.

    What has no pass shows the edge's word.
    """
    settings = Settings(data=tmp_path / "data", behind_edge=True)
    async with opened(settings) as building:
        await building.contract(Catalog).merge(source="test", movies=[MovieFacts("Mirror", 1975)])
        await building.contract(Accounts).create_admin(
            username="boss", email="boss@films.example", password=PASSWORD
        )
        await building.relay.settle()
        transport = httpx2.ASGITransport(app=web(building))
        word = {HEADER: Passes(service_key(settings)).word()}
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=word
        ) as found:
            yield found


@pytest.fixture
def passes(client: httpx2.AsyncClient, tmp_path: Path) -> Passes:
    assert client is not None
    return Passes(service_key(Settings(data=tmp_path / "data")))


async def asked(client: httpx2.AsyncClient, method: str, path: str, **sent: str) -> httpx2.Response:
    """What the edge asks before it lets a request through."""
    headers = {name.replace("_", "-"): value for name, value in sent.items()}
    headers |= {"x-original-method": method, "x-original-uri": path}
    return await client.get(ASK, headers=headers)


async def let_in(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 204, answer.text
    return {HEADER: answer.headers[HEADER]}


async def signed_in(client: httpx2.AsyncClient) -> Mapping[str, str]:
    through = await let_in(await asked(client, "POST", SESSION))
    answer = await client.post(SESSION, json=SIGN_IN, headers=through)
    assert answer.status_code == 200, answer.text
    return {"csrf": answer.json()["csrf_token"]}


@pytest.mark.parametrize("path", [MOVIES, ME, "/", "/schema", "/internal/other", "/livez/x"])
async def test_nothing_is_answered_without_a_pass(client: httpx2.AsyncClient, path: str) -> None:
    await client.get(MOVIES, headers=await let_in(await asked(client, "GET", MOVIES)))
    answer = await client.get(path, headers={"x-request-id": "abcdef-123"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "abcdef-123"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_its_health_needs_no_pass(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("path", [ASK, "/internal/stranger"])
async def test_who_is_not_the_edge_gets_no_pass(
    client: httpx2.AsyncClient, passes: Passes, path: str
) -> None:
    words = ("", "made up", "\xe9", passes.of(None), passes.of(BOSS), Passes(a_key()).word())
    for word in words:
        answer = await client.get(path, headers={HEADER: word.encode("latin-1")})
        assert (answer.status_code, HEADER in answer.headers) == (404, False), word
    assert (await client.get(path)).status_code == 204


def test_the_edges_word_is_good_while_its_secret_is() -> None:
    old, new = (
        b"an old secret, which is long enough by far",
        b"a new secret, which is long enough by far",
    )
    word = Passes(Key([old])).word()
    assert Passes(Key([new, old])).is_edge(word)
    assert not Passes(Key([new])).is_edge(word)


async def test_a_stranger_gets_a_pass_of_a_stranger(client: httpx2.AsyncClient) -> None:
    for answer in (await asked(client, "GET", MOVIES), await client.get("/internal/stranger")):
        through = await let_in(answer)
        assert (await client.get(MOVIES, headers=through)).json()["total"] == 1
        assert (await client.get(ME, headers=through)).status_code == 401


async def test_a_bearer_becomes_who_it_is(client: httpx2.AsyncClient) -> None:
    through = await let_in(await asked(client, "POST", LOGIN))
    token = (await client.post(LOGIN, json=SIGN_IN, headers=through)).json()["access_token"]
    through = await let_in(await asked(client, "GET", ME, authorization=f"Bearer {token}"))
    assert (await client.get(ME, headers=through)).json()["username"] == "boss"


async def test_a_token_that_does_not_hold_is_refused_with_the_problem(
    client: httpx2.AsyncClient,
) -> None:
    answer = await asked(client, "GET", MOVIES, authorization="Bearer nothing")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["x-marquee-problem"] == answer.text
    again = await asked(client, "POST", LOGIN, authorization="Bearer nothing")
    assert again.status_code == 204


async def test_a_cookie_alone_changes_nothing(client: httpx2.AsyncClient) -> None:
    csrf = (await signed_in(client))["csrf"]
    assert (await asked(client, "GET", ME)).status_code == 204
    assert (await asked(client, "PATCH", ME)).status_code == 403
    assert (await asked(client, "PATCH", ME, x_csrf_token="made up")).status_code == 403
    assert (await asked(client, "PATCH", ME, x_csrf_token=csrf)).status_code == 204
    foreign = await asked(client, "PATCH", ME, x_csrf_token=csrf, origin="https://evil.example")
    assert foreign.status_code == 403


async def test_the_edge_is_given_a_lost_token_for_the_browser(client: httpx2.AsyncClient) -> None:
    token = (await signed_in(client))["csrf"]
    client.cookies.delete("marquee_csrf")
    for method, status in (("GET", 204), ("PATCH", 403)):
        answer = await asked(client, method, ME)
        assert answer.status_code == status
        [told] = answer.headers.get_list("set-cookie")
        assert told.startswith(f"marquee_csrf={token};")
        client.cookies.delete("marquee_csrf")
    assert "set-cookie" not in (await asked(client, "PATCH", ME, x_csrf_token=token)).headers


async def test_credentials_shown_to_a_service_mean_nothing(client: httpx2.AsyncClient) -> None:
    await signed_in(client)
    stranger = await let_in(await client.get("/internal/stranger"))
    assert (await client.get(ME, headers=stranger)).status_code == 401


def a_key(text: str = "a secret of this test, which is long enough", now: float = 0) -> Key:
    return Key([text.encode()], now=lambda: now)


def test_a_pass_says_who_it_is_of() -> None:
    passes = Passes(a_key())
    assert passes.actor(passes.of(BOSS)) == BOSS
    assert passes.actor(passes.of(None)) is None
    assert passes.of(BOSS) == passes.of(BOSS) != passes.of(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        Passes(a_key("another secret, which is just as long as it")).of(BOSS),
        Passes(a_key(now=-600)).of(BOSS),
        Passes(a_key(now=600)).of(BOSS),
        a_key().sign(caller="edge", audience="edge-to-services").text,
        a_key().sign(caller="search", audience="catalog").text,
    ],
    ids=["none", "nonsense", "other key", "old", "of the future", "no actor", "between services"],
)
def test_what_is_no_pass_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        Passes(a_key()).actor(text)


def test_a_pass_ends_even_when_it_was_read_before() -> None:
    time = [0.0]
    passes = Passes(Key([b"a secret of this test, which is long enough"], now=lambda: time[0]))
    text = passes.of(BOSS)
    assert passes.actor(text) == BOSS
    time[0] = 71.0
    with pytest.raises(Unauthenticated):
        passes.actor(text)
    assert passes.of(BOSS) != text


def test_a_pass_opens_no_door_between_services() -> None:
    with pytest.raises(Unauthenticated):
        a_key().check(Passes(a_key()).of(BOSS), {"catalog", "accounts"})
