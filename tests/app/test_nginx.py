"""The configuration of nginx: what it says, and what a real nginx makes of it before stub services."""

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from tests.app.upstreams import (
    LOST,
    TOKEN,
    Asked,
    Said,
    Town,
    a_service,
    a_town,
    nginx_command,
    open_town,
)
from tests.reliability.site import NO_TLS

from marquee.app import edge_config, paths, server
from marquee.app.neighbors import service_key
from marquee.app.passes import Passes
from marquee.app.settings import Settings
from marquee.engines.web.answer import PRIVATE
from marquee.kit.errors import Invalid

MOVIES, ME, LOGIN = "/api/v1/movies", "/api/v1/me", "/api/v1/auth/login"
KEPT = {"cache-control": "public, no-cache", "etag": '"one"', "content-type": "application/json"}
SAFE = {"x-content-type-options", "x-frame-options", "content-security-policy"}


def client(town: Town) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=town.url, trust_env=False, verify=NO_TLS, timeout=20)


async def said_to(town: Town, line: str) -> tuple[int, dict[str, str], bytes]:
    """What nginx answers to a request that no client would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
    writer.write(f"{line}\r\nhost: a\r\nconnection: close\r\n\r\n".encode("latin-1"))
    head, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
    writer.close()
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    return int(first.split(" ")[1]), headers, body


def kept(_asked: Asked) -> Said:
    return Said(200, KEPT, b'{"said":"catalog"}')


def own(_asked: Asked) -> Said:
    return Said(200, {"cache-control": PRIVATE})


def dies(asked: Asked) -> Said:
    return Said(0) if asked.path != "/" else Said()


def text_of(tmp_path: Path) -> str:
    return edge_config.nginx(a_town(tmp_path).settings)


def rooms(text: str) -> dict[str, str]:
    block = re.search(r"map \$uri \$room \{\n(.*?)\n    \}", text, re.DOTALL)
    assert block is not None
    return dict(re.findall(r'^ +"(.+)" (\w+);$', block.group(1), re.MULTILINE))


def test_every_route_goes_to_the_service_that_has_it(tmp_path: Path) -> None:
    told = rooms(text_of(tmp_path))
    for about in paths.endpoints():
        address = re.sub(r"\{\w+\}", "7", about.path)
        fits = (room for key, room in told.items() if key[0] == "~" and re.match(key[1:], address))
        owner = "web" if about.context == "parked" else about.context
        assert (told.get(address) or next(fits)) == owner, address


def test_nginx_takes_it(tmp_path: Path) -> None:
    for number, more in enumerate([{}, {"host": "::1", "trusted_proxies": ("10.0.0.0/8", "::1")}]):
        plain = a_town(tmp_path).settings
        settings = Settings(port=plain.port, of_contexts=plain.of_contexts, **more)
        command = nginx_command(tmp_path / str(number), edge_config.nginx(settings))
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)  # noqa: S603 - nginx
        assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("needed", ["auth", "web"])
def test_it_cannot_be_made_without_auth_or_the_site(tmp_path: Path, needed: str) -> None:
    settings = a_town(tmp_path).settings
    del settings.of_contexts[f"{needed}_http"]
    with pytest.raises(Invalid, match=f"MARQUEE_{needed.upper()}_HTTP"):
        edge_config.nginx(settings)


def test_whoever_stands_further_out_is_the_more_patient(tmp_path: Path) -> None:
    text = text_of(tmp_path)

    def seconds(name: str) -> int:
        found = re.search(rf"\b{name} (\d+)s;", text)
        assert found is not None, name
        return int(found.group(1))

    order = [
        seconds("client_header_timeout"),
        seconds("client_body_timeout"),
        seconds("proxy_read_timeout"),
        seconds("worker_shutdown_timeout"),
        int(server.SUPERVISED),
    ]
    assert order == sorted(set(order))
    assert f"keepalive_timeout {server.IDLE_WITHIN - 1}s;" in text


def test_auth_that_hangs_is_given_up_within_two_seconds(tmp_path: Path) -> None:
    asked = re.findall(r"location = /\.(\w+) \{(.*?)\n        \}", text_of(tmp_path), re.DOTALL)
    patience = {name: re.findall(r"proxy_read_timeout (\w+);", block) for name, block in asked}
    for name in ("identity", "stranger"):
        [told] = patience[name]
        assert 0 < int(told.removesuffix("ms")) < 2000


async def test_a_reading_fails_over_and_a_change_is_never_made_twice(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path, reviews=dies, reviews_2=dies)) as town:
        first, second = town.replicas["reviews"]
        async with client(town) as asking:
            for method in ("POST", "PATCH"):
                answer = await asking.request(method, "/api/v1/reviews", json={})
                assert answer.status_code == 503
                assert answer.headers["retry-after"]
                assert [one.method for one in first.read + second.read].count(method) == 1
            second.answer = a_service
            for _ in range(4):
                assert (await asking.get("/api/v1/reviews")).status_code == 200
            assert second.read[-1].method == "GET"


async def test_what_anybody_may_read_is_asked_for_once(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path, catalog=kept)) as town, client(town) as asking:
        answers = [await asking.get(MOVIES) for _ in range(40)]
        assert {answer.json()["said"] for answer in answers} == {"catalog"}
        assert len(town["catalog"].read) < 20
        assert len({answer.headers["x-request-id"] for answer in answers}) == 40
        assert all(answer.headers["cache-control"] == "public, no-cache" for answer in answers)
        same = await asking.get(MOVIES, headers={"if-none-match": 'W/"one"'})
        assert (same.status_code, same.content) == (304, b"")
        head = await asking.head(MOVIES)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", '"one"')


@pytest.mark.parametrize("said", ["no-store", "private, no-cache", ""])
async def test_what_is_not_for_everybody_is_never_kept(tmp_path: Path, said: str) -> None:
    def mine(_asked: Asked) -> Said:
        return Said(200, {"cache-control": said} if said else {})

    async with open_town(a_town(tmp_path, catalog=mine)) as town, client(town) as asking:
        for _ in range(4):
            await asking.get(MOVIES)
        assert len(town["catalog"].read) == 4


@pytest.mark.parametrize(
    "shown",
    [
        {"authorization": "Bearer good"},
        {"cookie": "a=b; __Host-marquee_session=x"},
        {"accept": "text/html"},
    ],
)
async def test_who_shows_something_is_answered_anew(tmp_path: Path, shown: dict[str, str]) -> None:
    async with open_town(a_town(tmp_path, catalog=kept)) as town, client(town) as asking:
        await asking.get(MOVIES)
        for _ in range(4):
            await asking.get(MOVIES, headers=shown)
        assert len(town["catalog"].read) == 5


async def test_answers_that_vary_are_kept_apart(tmp_path: Path) -> None:
    def varied(asked: Asked) -> Said:
        return Said(200, {**KEPT, "vary": "accept"}, asked.headers["accept"].encode())

    async with open_town(a_town(tmp_path, catalog=varied)) as town, client(town) as asking:
        for kind in ("application/json", "text/plain", "application/json", "text/plain"):
            assert (await asking.get(MOVIES, headers={"accept": kind})).text == kind


async def test_only_what_the_edge_says_of_a_person_reaches_a_service(tmp_path: Path) -> None:
    lies = {
        "x-marquee-identity": "pass of the boss",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        "x-original-uri": "/elsewhere",
        "authorization": "Bearer good",
        "cookie": "marquee_session=secret",
    }
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        await asking.post("/api/v1/reviews?a=b", headers=lies, json={"stars": 9})
        [reached], [asked] = town["reviews"].read, town["auth"].asked
    assert reached.headers["x-marquee-identity"] == "pass of Bearer good"
    assert reached.headers["x-forwarded-for"] == "127.0.0.1"
    assert reached.headers["x-forwarded-proto"] == "http"
    assert not {"authorization", "cookie"} & reached.headers.keys()
    assert reached.body
    assert asked.headers["x-original-method"] == "POST"
    assert asked.headers["x-original-uri"] == "/api/v1/reviews?a=b"
    assert asked.headers["cookie"] == "marquee_session=secret"
    assert asked.headers["x-marquee-identity"] == Passes(service_key(town.settings)).word()
    assert not asked.body


async def test_every_request_has_one_number_from_end_to_end(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        for sent, is_taken in (
            ("abcd-1234", True),
            ("a b c d e f", False),
            ("x" * 65, False),
            ("", False),
        ):
            answer = await asking.get(ME, headers={"x-request-id": sent} if sent else {})
            number = answer.headers["x-request-id"]
            assert (number == sent) is is_taken
            assert number == town["accounts"].read[-1].headers["x-request-id"]
            assert len(answer.headers.get_list("x-request-id")) == 1


@pytest.mark.parametrize("path", ["/livez", "/readyz", MOVIES])
async def test_whatever_the_edge_answers_has_a_number_and_what_keeps_browsers_safe(
    tmp_path: Path, path: str
) -> None:
    safe = dict.fromkeys(SAFE, "of the service")

    def says(_asked: Asked) -> Said:
        return Said(200, safe)

    async with (
        open_town(a_town(tmp_path, catalog=says, web=says)) as town,
        client(town) as asking,
    ):
        answer = await asking.get(path)
    assert answer.status_code == 200
    assert {*SAFE, "x-request-id"} <= answer.headers.keys()


async def test_a_token_that_does_not_hold_stops_at_the_edge(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        for path in (MOVIES, ME, "/"):
            answer = await asking.get(path, headers={"authorization": "Bearer bad"})
            assert (answer.status_code, answer.json()) == (401, {"detail": "bad token"})
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers.keys() >= SAFE
        assert not town["catalog"].read + town["accounts"].read + town["web"].read


async def test_a_lost_token_goes_back_to_the_browser_but_not_with_what_others_may_have(
    tmp_path: Path,
) -> None:
    cookie = {"cookie": LOST}
    town = a_town(tmp_path, catalog=kept, accounts=own)
    async with open_town(town) as town, client(town) as asking:
        refused = await asking.post(ME, headers=cookie)
        assert (refused.status_code, refused.json()) == (403, {"detail": "Repeat the token."})
        for answer in (refused, await asking.get(ME, headers=cookie)):
            assert answer.headers.get_list("set-cookie") == [TOKEN]
        for path in (MOVIES, "/films"):  # the first is public, the second does not say whose it is
            assert "set-cookie" not in (await asking.get(path, headers=cookie)).headers
        assert "set-cookie" not in (await asking.get(ME)).headers


async def test_while_nobody_can_say_who_asks_public_reads_go_on(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        await town["auth"].close()
        for path in (MOVIES, "/api/v1/movies/7", "/api/v1/reviews", "/api/v1/search", "/films"):
            for method in ("GET", "HEAD"):
                assert (await asking.request(method, path)).status_code == 200, path
        known = await asking.get(MOVIES, headers={"authorization": "Bearer good"})
        assert known.status_code == 200
        assert town["catalog"].read[-1].headers["x-marquee-identity"] == "pass of nobody known"
        for method, path in (("GET", ME), ("POST", LOGIN), ("POST", "/api/v1/reviews")):
            answer = await asking.request(method, path)
            assert answer.status_code == 503, path
            assert answer.json()["code"] == "unavailable"
            assert answer.headers["retry-after"]
        assert not town["accounts"].read


async def test_what_was_read_can_be_read_while_its_service_is_away(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path, catalog=kept)) as town, client(town) as asking:
        assert (await asking.get(MOVIES)).status_code == 200
        town["catalog"].answer = lambda _asked: Said(503)
        for _ in range(3):
            assert (await asking.get(MOVIES)).json() == {"said": "catalog"}
        await town["catalog"].close()
        assert (await asking.get(MOVIES)).json() == {"said": "catalog"}
        assert (await asking.get("/api/v1/genres")).status_code == 503


async def test_what_the_edge_refuses_is_a_problem_too(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        refused = {
            404: await asking.get("/internal/introspect"),
            405: await asking.request("TRACE", "/"),
            413: await asking.post(LOGIN, content=b"x" * (1024 * 1024 + 1)),
            400: await asking.get(MOVIES, headers={"x-long": "x" * 20_000}),
        }
        for status, answer in refused.items():
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == status
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
            assert answer.headers.keys() >= SAFE
        assert not town["web"].read


@pytest.mark.parametrize(
    "path",
    [
        *("/metrics", "//metrics", "/metrics/", "/x/../metrics//", "/%2fmetrics"),
        *("/internal", "//internal/stranger", "/internal%2fintrospect", "/x/%2e%2e/internal/a"),
        *("/.identity", "/.stranger", "/.refuse_400"),
    ],
)
async def test_what_services_keep_to_themselves_is_nowhere(tmp_path: Path, path: str) -> None:
    async with open_town(a_town(tmp_path)) as town:
        assert (await said_to(town, f"GET {path} HTTP/1.1"))[0] == 404
        assert not any(stub.read for stub in (town["web"], town["auth"]))


@pytest.mark.parametrize(
    "line",
    [
        *("GET /%2e%2e/x HTTP/1.1", "GET /a%00 HTTP/1.1", "get / HTTP/1.1", "\x16\x03\x01 x"),
        *("GET / HTTP/9.9", f"GET /{'x' * 17_000} HTTP/1.1"),
        *("POST / HTTP/1.1\r\ntransfer-encoding: odd", "GET / HTTP/1.1\r\nhost: other"),
    ],
)
async def test_what_is_no_request_is_the_callers_fault(tmp_path: Path, line: str) -> None:
    async with open_town(a_town(tmp_path)) as town:
        status, headers, body = await said_to(town, line)
        assert (status, json.loads(body)["code"]) == (400, "bad_request")
        assert headers.keys() >= SAFE
        assert not town["web"].asked


async def test_a_trace_begins_at_the_edge_unless_it_has_begun(tmp_path: Path) -> None:
    town = a_town(tmp_path)
    town.otlp_url = "http://127.0.0.1:4317"
    ours = f"00-{'ab' * 16}-{'cd' * 8}-01"
    async with open_town(town), client(town) as asking:
        for sent in ("", "odd", ours):
            known = {"authorization": "Bearer ada"}  # auth is asked about each of hers
            await asking.get(ME, headers=known | ({"traceparent": sent} if sent else {}))
    seen = [one.headers["traceparent"] for one in town["accounts"].read]
    assert seen == [one.headers["traceparent"] for one in town["auth"].asked]
    assert all(re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", one) for one in seen)
    assert len(set(seen)) == 3
    assert seen[2] == ours


async def test_guesses_from_one_address_are_limited_and_readings_are_not(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        answers = [await asking.post(LOGIN, json={}) for _ in range(60)]
        assert {answer.status_code for answer in answers} == {200, 429}
        limited = next(answer for answer in answers if answer.status_code == 429)
        assert limited.json()["code"] == "too_many_requests"
        assert limited.headers["retry-after"]
        assert len(town["auth"].read) < 60
        assert (await asking.get(ME)).status_code == 200


async def test_a_wish_for_a_web_socket_is_passed_on(tmp_path: Path) -> None:
    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        wish = {"connection": "upgrade", "upgrade": "websocket"}
        await asking.get("/socket", headers=wish)
        await asking.get("/plain")
        first, second = town["web"].read
    assert (first.headers["connection"], first.headers["upgrade"]) == ("upgrade", "websocket")
    assert "upgrade" not in second.headers


async def test_a_body_in_pieces_arrives_whole_and_once(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 50_000

    async with open_town(a_town(tmp_path)) as town, client(town) as asking:
        answer = await asking.post("/api/v1/reviews", content=pieces())
        assert answer.status_code == 200
        assert [len(one.body) for one in town["reviews"].read] == [150_000]
        assert [one.body for one in town["auth"].asked] == [b""]
