"""A whole deployment: a process a service on its own store, nginx before them, one supervisor."""

import asyncio
import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import psutil
import pytest
from tests.app.upstreams import BINARY
from tests.ports import free_port
from tests.real import left_out
from tests.reliability.site import END_WITHIN, NO_TLS, PASSWORD, environment, wait_for

from marquee.app.parked.local import LocalParking
from marquee.app.parked.model import ParkedMessage
from marquee.app.remote.client import Peer
from marquee.app.remote.tokens import Key
from marquee.contexts.catalog.contract import Catalog, CreditFact, MovieFacts
from marquee.contexts.catalog.events import MovieDeleted
from marquee.kit.events import kind_of

SERVICES = ("accounts", "auth", "catalog", "reviews", "search", "web")
START_WITHIN = 90.0
MOVIES, ME, PARKED = "/api/v1/movies", "/api/v1/me", "/api/v1/parked"
LOGIN, SESSION = "/api/v1/auth/login", "/api/v1/auth/session"
MIRROR = MovieFacts("Mirror", 1975, genres=("Drama",), cast=(CreditFact("Margarita Terekhova"),))


@dataclass
class Deployment:
    folder: Path
    port: int
    http: Mapping[str, int]
    process: "subprocess.Popen[bytes]"
    movie: str = ""

    def client(self, service: str | None = None) -> httpx2.Client:
        port = self.port if service is None else self.http[service]
        url = f"http://127.0.0.1:{port}"
        return httpx2.Client(base_url=url, trust_env=False, verify=NO_TLS, timeout=30)

    def service(self, name: str) -> psutil.Process:
        """The process that serves this context now."""
        found: psutil.Process = wait_for(lambda: self._service(name))
        return found

    def _service(self, name: str) -> psutil.Process | None:
        for one in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if one.cmdline()[-2:] == ["serve", name]:
                    return one
        return None

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return re.search(r"^up +\| Marquee is at", self.said(), re.MULTILINE) is not None

    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def sign_in(self, name: str) -> dict[str, str]:
        with self.client() as asking:
            answer = asking.post(LOGIN, json={"login": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def is_back(self, path: str, service: str) -> bool:
        with self.client(service) as asking, contextlib.suppress(httpx2.TransportError):
            return asking.get(path).status_code == 200
        return False


def config(folder: Path, port: int, http: Mapping[str, int]) -> Path:
    lines = [f"port = {port}", f'data = "{folder / "data"}"', 'edge = "nginx"', "starter = false"]
    for name, its in http.items():
        lines += [f"[{name}]", f'http = "http://127.0.0.1:{its}"']
        lines += [f'at = "grpc://127.0.0.1:{free_port()}"'] if name != "web" else []
    path = folder / "marquee.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def spawn(folder: Path, path: Path) -> "subprocess.Popen[bytes]":
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command, by our own tests
            [sys.executable, "-m", "marquee", "up", "--config", str(path)],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    if BINARY is None:
        left_out("nginx")
    folder = tmp_path_factory.mktemp("up")
    http = {name: free_port() for name in SERVICES}
    port = free_port()
    path = config(folder, port, http)
    found = Deployment(folder, port, http, spawn(folder, path))
    try:
        wait_for(found.is_up, within=START_WITHIN)
        fill(found, path)
        yield found
    finally:
        found.process.terminate()
        try:
            found.process.wait(END_WITHIN)
        finally:
            found.process.kill()


def fill(town: Deployment, path: Path) -> None:
    """A film, asked for by the operator over gRPC, and two members, who join through the edge."""
    at = re.search(r'\[catalog\][^\[]*at = "(.*)"', path.read_text("utf-8"))
    assert at is not None
    key = Key.load(town.folder / "data" / "service.key")

    async def merge() -> None:
        async with Peer(at.group(1), key=key, caller="operator") as peer:
            await peer.ask(Catalog).merge(source="test", movies=[MIRROR])

    asyncio.run(merge())
    with town.client() as asking:
        for name in ("anna", "boris"):
            new = {"username": name, "email": f"{name}@films.example", "password": PASSWORD}
            assert asking.post("/api/v1/accounts", json=new).status_code == 201
        found = wait_for(lambda: asking.get(MOVIES).json()["items"])
    town.movie = found[0]["id"]


def test_anybody_reads_through_the_edge(town: Deployment) -> None:
    with town.client() as asking:
        answer = asking.get(f"{MOVIES}/{town.movie}")
        assert answer.json()["title"] == "Mirror"
        same = asking.get(
            f"{MOVIES}/{town.movie}", headers={"if-none-match": answer.headers["etag"]}
        )
        assert same.status_code == 304
        assert asking.head(MOVIES).status_code == 200
        assert asking.get("/readyz").json() == {"status": "ready"}
        hits = wait_for(
            lambda: asking.get("/api/v1/search", params={"q": "mirror"}).json()["items"]
        )
        assert hits[0]["title"] == "Mirror"


def test_the_site_knows_what_other_services_know(town: Deployment) -> None:
    with town.client() as asking:
        assert "<title>Mirror (1975) · Marquee</title>" in asking.get(f"/films/{town.movie}").text
        assert asking.get("/films/none").status_code == 404
        assert "anna" in asking.get("/members/anna").text
        documented = asking.get("/schema").json()["paths"]
        assert documented.keys() >= {MOVIES, ME, LOGIN, "/api/v1/reviews", "/api/v1/search"}
        page = asking.get(MOVIES, headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert "Mirror" in page.text


def test_security_headers_are_said_once(town: Deployment) -> None:
    with town.client() as asking:
        for path in ("/", MOVIES, ME, "/internal/stranger"):
            headers = asking.get(path).headers
            for name in ("x-content-type-options", "content-security-policy", "x-request-id"):
                assert len(headers.get_list(name)) == 1, (path, name)


def test_a_service_answers_nobody_directly(town: Deployment) -> None:
    token = town.sign_in("anna")
    for name in SERVICES:
        with town.client(name) as asking:
            for path in ("/", MOVIES, ME):
                assert asking.get(path).status_code == 401
                answer = asking.get(path, headers={**token, "x-marquee-identity": "a.b.c"})
                assert answer.status_code == 401
                assert answer.headers["content-type"] == "application/problem+json"
            for path in ("/internal/stranger", "/internal/introspect"):
                assert asking.get(path).status_code == 404
            assert asking.get("/livez").status_code == 200


def test_who_asks_is_who_the_token_says_and_nobody_else(town: Deployment) -> None:
    token = town.sign_in("anna")
    with town.client() as asking:
        assert asking.get(ME, headers=token).json()["username"] == "anna"
        assert asking.get(ME).status_code == 401
        bad = asking.get(MOVIES, headers={"authorization": "Bearer nothing"})
        assert bad.status_code == 401
        assert bad.json()["code"] == "unauthenticated"
        spoofed = asking.get(ME, headers={"x-marquee-identity": "anna"})
        assert spoofed.status_code == 401


def test_a_browser_signs_in_and_changes_only_with_its_token(town: Deployment) -> None:
    with town.client() as browser:
        answer = browser.post(SESSION, json={"login": "boris", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        csrf = {"x-csrf-token": answer.json()["csrf_token"]}
        mine = browser.get(ME)
        assert mine.json()["username"] == "boris"
        change: dict[str, Any] = {"display_name": "B."}
        version = {"if-match": mine.headers["etag"]}
        refused = browser.patch(ME, json=change, headers=version)
        assert (refused.status_code, refused.json()["field"]) == (403, "X-CSRF-Token")
        foreign = {"origin": "https://evil.example"}
        assert browser.patch(ME, json=change, headers=version | csrf | foreign).status_code == 403
        assert browser.patch(ME, json=change, headers=version | csrf).status_code == 200
        ended = browser.delete(SESSION, headers=csrf)
        assert ended.status_code == 204
        browser.cookies.clear()
        cookie = {"cookie": f"marquee_session={answer.cookies['marquee_session']}"}
        assert browser.get(ME, headers=cookie).status_code == 401


def test_a_review_reaches_the_film_it_is_of(town: Deployment) -> None:
    token = town.sign_in("anna")
    with town.client() as asking:
        review = {"movie_id": town.movie, "rating": 9, "text": "Water, fire and a barn."}
        again = {"idempotency-key": "once-1"}
        first = asking.post("/api/v1/reviews", json=review, headers=token | again)
        assert first.status_code == 201, first.text
        second = asking.post("/api/v1/reviews", json=review, headers=token | again)
        assert second.json() == first.json()
        wait_for(lambda: asking.get(f"{MOVIES}/{town.movie}").json()["rating"]["count"] == 1)


def test_an_admin_gives_a_parked_message_again_through_the_edge(town: Deployment) -> None:
    event = MovieDeleted(movie_id="99")
    message = ParkedMessage(
        id=f"search-{event.id}",
        listener="search",
        source="catalog",
        place=1,
        kind=kind_of(MovieDeleted),
        key="99",
        body=msgspec.json.encode(event).decode(),
        error="The index is full.",
        tries=5,
        parked_at=datetime.now(UTC),
    )

    async def park() -> None:
        parking = LocalParking(town.folder / "data" / "search" / "parked.db")
        await parking.park(message)
        await parking.close()

    asyncio.run(park())
    anna = town.sign_in("anna")
    subprocess.run(
        [sys.executable, "-m", "marquee", "admin", "create", "boss", "boss@films.example"],
        env=environment(config=str(town.folder / "marquee.toml")),
        input=f"{PASSWORD}\n".encode(),
        check=True,
    )
    boss = town.sign_in("boss")
    again = f"{PARKED}/{message.id}/replay"
    with town.client() as asking:
        assert asking.get(PARKED, headers=anna).status_code == 403
        listed = asking.get(PARKED, headers=boss).json()
        assert ([one["id"] for one in listed["items"]], listed["away"]) == ([message.id], [])
        assert asking.post(again, headers=anna).status_code == 403
        assert asking.post(again, headers=boss).status_code == 204
        assert asking.get(PARKED, headers=boss).json()["items"] == []
        assert asking.delete(f"{PARKED}/{message.id}", headers=boss).status_code == 404


def test_while_auth_is_away_public_reads_go_on_and_it_comes_back(town: Deployment) -> None:
    token = town.sign_in("anna")
    auth = town.service("auth")
    auth.kill()
    with town.client() as asking:
        for headers in ({}, token):
            assert asking.get(f"{MOVIES}/{town.movie}", headers=headers).status_code == 200
        wait_for(lambda: town.service("auth").pid != auth.pid)
        assert re.search(r"auth +\| was ended by signal 9; starts again in 1 s", town.said())
        wait_for(lambda: town.is_back("/readyz", "auth"))
        wait_for(lambda: asking.get(ME, headers=token).status_code == 200)


def test_while_auth_cannot_answer_all_else_is_told_to_wait(town: Deployment) -> None:
    token = town.sign_in("anna")
    auth = town.service("auth")
    auth.suspend()
    try:
        with town.client() as asking:
            assert asking.get("/api/v1/genres").status_code == 200
            for method, path in (("GET", ME), ("POST", "/api/v1/reviews")):
                answer = asking.request(method, path, headers=token)
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert asking.get(MOVIES, headers=token).status_code == 200
    finally:
        auth.resume()
    with town.client() as asking:
        wait_for(lambda: asking.get(ME, headers=token).status_code == 200)


def test_a_killed_edge_comes_back_with_nobody_left_behind(town: Deployment) -> None:
    children = psutil.Process(town.process.pid).children()
    [edge] = [one for one in children if "nginx" in one.name()]
    workers = edge.children()
    edge.kill()
    with town.client() as asking:

        def answers() -> bool:
            with contextlib.suppress(httpx2.TransportError):
                return asking.get(MOVIES).status_code == 200
            return False

        psutil.wait_procs(workers, timeout=10)
        wait_for(answers)
    assert not any(one.is_running() for one in workers)


def test_its_folder_is_nobody_elses(town: Deployment) -> None:
    second = subprocess.run(  # noqa: S603 - our own command, by our own tests
        [sys.executable, "-m", "marquee", "up", "--config", str(town.folder / "marquee.toml")],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"in use by process {town.process.pid}" in second.stderr


def test_told_to_stop_it_leaves_no_process(town: Deployment) -> None:
    everybody = psutil.Process(town.process.pid).children(recursive=True)
    assert len(everybody) >= len(SERVICES) + 2
    began = time.monotonic()
    town.process.send_signal(signal.SIGTERM)
    assert town.process.wait(END_WITHIN) == 0
    assert time.monotonic() - began < END_WITHIN
    assert not [one for one in everybody if one.is_running()]
    assert "Traceback" not in town.said()
