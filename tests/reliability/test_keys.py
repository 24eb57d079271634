"""A6: keys are changed while people use the site, and nobody notices; weak ones are refused."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from tests.reliability import figures
from tests.reliability.conftest import MEMBERS, Open
from tests.reliability.site import PASSWORD, Site

from marquee.kit.ending import end

EVERY = 1 / 50
LOOKS_WITHIN = 10.0
ME = "/api/v1/me"


def kid_of(token: str) -> str:
    head = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@dataclass
class Users:
    """Members who ask 50 times a second, each with the last access token they were given."""

    site: Site
    client: httpx2.AsyncClient
    pairs: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)

    async def sign_in(self) -> None:
        for who in MEMBERS:
            given = {"login": who, "password": PASSWORD}
            answer = await self.client.post("/api/v1/auth/login", json=given)
            assert answer.status_code == 200, answer.text
            self.pairs[who] = answer.json()

    async def refresh(self) -> None:
        for who, pair in self.pairs.items():
            given = {"refresh_token": pair["refresh_token"]}
            answer = await self.client.post("/api/v1/auth/refresh", json=given)
            self.answers[answer.status_code] += 1
            if answer.status_code == 200:
                self.pairs[who] = answer.json()

    async def ask(self) -> None:
        """Until cancelled, whatever the answers take."""
        async with asyncio.TaskGroup() as group:
            due = time.monotonic()
            while True:
                for who in self.pairs:
                    group.create_task(self._ask(who))
                    due += EVERY
                    await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _ask(self, who: str) -> None:
        token = self.pairs[who]["access_token"]
        answer = await self.client.get(ME, headers=bearer(token))
        self.answers[answer.status_code] += 1

    def tokens(self) -> list[str]:
        return [pair["access_token"] for pair in self.pairs.values()]

    async def published(self) -> list[str]:
        keys = (await self.client.get("/.well-known/jwks.json")).json()["keys"]
        return [key["kid"] for key in keys]


async def until_all(users: Users, code: int, tokens: Sequence[str]) -> float:
    """How long it took until each of these tokens was answered so."""
    began = time.monotonic()
    for token in tokens:
        while (await users.client.get(ME, headers=bearer(token))).status_code != code:
            assert time.monotonic() < began + LOOKS_WITHIN, f"no {code}"
            await asyncio.sleep(0.05)
    return time.monotonic() - began


Command = Callable[..., None]


async def change_keys(users: Users, keys: Command) -> float:
    """Rotate, have all tokens renewed, drop; how long old ones were taken after that."""
    old = users.tokens()
    before = kid_of(old[0])
    await asyncio.to_thread(keys, "rotate")
    deadline = time.monotonic() + LOOKS_WITHIN
    while {kid_of(token) for token in users.tokens()} & {before}:
        assert time.monotonic() < deadline, "it goes on signing with the old key"
        await users.refresh()
    assert len(await users.published()) == 2, "both are published meanwhile"
    await until_all(users, 200, old)
    await asyncio.to_thread(keys, "drop")
    took = await until_all(users, 401, old)
    assert await users.published() == [kid_of(users.tokens()[0])]
    return took


def commands(site: Site) -> Command:
    def run(*words: str) -> None:
        done = site.run("keys", *words)
        assert done.returncode == 0, done.stderr

    return run


async def rotate_under_load(site: Site, keys: Command, rounds: int) -> tuple[Users, list[float]]:
    async with site.many() as client:
        users = Users(site, client)
        await users.sign_in()
        asking = asyncio.create_task(users.ask())
        try:
            took = [await change_keys(users, keys) for _ in range(rounds)]
        finally:
            await end([asking])
    return users, took


async def test_nobody_notices_that_keys_are_changed(a_site: Open) -> None:
    site = a_site()
    site.start()
    users, took = await rotate_under_load(site, commands(site), figures.sized(2, 20))
    figures.keep(
        "A6",
        rotations=len(took),
        requests=users.answers.total(),
        user_errors=users.answers.total() - users.answers[200],
        old_refused_after_s=round(max(took), 2),
    )
    assert users.answers.keys() == {200}
    assert site.stop() == 0


async def test_a_weak_key_starts_nothing(a_site: Open) -> None:
    site = a_site()
    path = site.folder / "auth" / "keys.json"
    good = json.loads(path.read_text("utf-8"))["keys"]
    weak = weakened(good)[: figures.sized(2, 20)]
    for number, entries in enumerate(weak):
        path.write_text(json.dumps({"keys": entries}))
        refused(site, path, str(number))
    path.write_text(json.dumps({"keys": good}))
    service = site.folder / "service.key"
    shared = ("changeme" * 8, "secret", "0" * 64)[: figures.sized(1, 3)]
    for text in shared:
        service.write_text(text)
        refused(site, service, text, grpc="127.0.0.1:1")
    figures.keep("A6", weak_refused=len(weak) + len(shared))


def weakened(good: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Short, default, and drawn from nothing."""

    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    secret, *signing = good
    short = [{**secret, "k": text(raw)} for raw in (b"secret", b"change me" * 4, bytes(32), b"")]
    weak = [{**signing[-1], "d": text(bytes(32))}, {**signing[-1], "d": text(b"password")}]
    return [
        *([one, *signing] for one in short),
        *([secret, one] for one in weak),
        [secret],
        signing,
    ]


def refused(site: Site, path: Path, what: str, **settings: str) -> None:
    done = site.run("serve", **settings)
    assert done.returncode == 1, (what, done.stderr)
    assert path.name in done.stderr or "between services" in done.stderr, (what, done.stderr)
    assert "Traceback" not in done.stderr
