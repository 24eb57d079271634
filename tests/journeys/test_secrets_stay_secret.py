"""What people confide to us is in no log line, figure, trace or refusal."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from tests.journeys.conftest import SHAPES, Town
from tests.journeys.test_a_film_club import SOLARIS
from tests.journeys.test_traces import Collector, collector
from tests.logged import Log

from marquee.contexts.accounts.contract import Accounts
from marquee.kit.errors import MarqueeError

pytestmark = pytest.mark.parametrize("town", SHAPES, indirect=True)
"""In this process, whose log is looked at."""

__all__ = ["collector"]
PASSWORD = f"canary-{secrets.token_hex(12)}"
WRONG = f"canary-{secrets.token_hex(12)}"
EMAIL = f"canary-{secrets.token_hex(8)}@films.example"
SHORT = "canary7"
QUOTED = re.compile(r"canary", re.IGNORECASE)


@dataclass
class Told:
    """Everything that was said to the outside while people signed up and in."""

    answers: list[httpx2.Response]
    tokens: list[str]


@pytest.fixture
def otlp_url(collector: Collector) -> str:
    return collector.url


@pytest.fixture
async def told(log: Log, busy_town: Town) -> Told:  # noqa: ARG001 - it listens first
    return await _confide(busy_town)


async def _confide(town: Town) -> Told:
    """Sign up, in, on and off, rightly and wrongly."""
    await town.open_with(SOLARIS)
    told = Told([], [])

    async def ask(path: str, body: Any, method: str = "POST", **headers: str) -> httpx2.Response:
        answer = await town.ask(method, path, json=body, headers=headers)
        told.answers.append(answer)
        return answer

    new = {"username": "ada", "email": EMAIL, "password": PASSWORD}
    assert (await ask("/api/v1/accounts", new)).status_code == 201
    for wrong in (new, {**new, "username": "bo"}, {**new, "password": SHORT}, {**new, "x": WRONG}):
        assert (await ask("/api/v1/accounts", wrong)).status_code >= 400
    login = "/api/v1/auth/login"
    for who in ("ada", EMAIL):
        signed = (await ask(login, {"login": who, "password": PASSWORD})).json()
        told.tokens += [signed["access_token"], signed["refresh_token"]]
        assert (await ask(login, {"login": who, "password": WRONG})).status_code == 401
    await ask(login, {"login": EMAIL, "password": [PASSWORD]})
    again = {"refresh_token": signed["refresh_token"]}
    fresh = (await ask("/api/v1/auth/refresh", again)).json()
    told.tokens += [fresh["access_token"], fresh["refresh_token"]]
    await ask("/api/v1/auth/refresh", again)
    await ask("/api/v1/auth/refresh", {"refresh_token": WRONG})
    for token in (*told.tokens, WRONG, f"{told.tokens[0]}x"):
        bearer = {"authorization": f"Bearer {token}"}
        await ask("/api/v1/me/sessions", None, "GET", **bearer)
        await ask("/api/v1/reviews", {"movie_id": "1", "rating": 9}, **bearer)
    cookie = {"cookie": f"marquee_session={WRONG}; marquee_csrf={WRONG}"}
    await ask("/api/v1/auth/session", {"login": EMAIL, "password": PASSWORD}, **cookie)
    with pytest.raises(MarqueeError):
        await (
            town.buildings["auth"]
            .contract(Accounts)
            .create_admin(username="ada", email=EMAIL, password=PASSWORD)
        )
    await town.settle()
    return told


def _secrets(told: Told) -> list[str]:
    """Of a token also each of its parts that can be used or read alone."""
    parts = [part for token in told.tokens for part in token.split(".") if len(part) > 40]
    return [PASSWORD, WRONG, EMAIL, SHORT, *told.tokens, *parts]


async def test_no_secret_is_told(
    told: Told,
    town: Town,
    log: Log,
    collector: Collector,
) -> None:
    figures = [await client.get("/metrics") for client in town.clients.values()]
    for _ in range(100):
        if len(collector.spans) > 20:
            break
        await asyncio.sleep(0.1)
    said = {
        "log": log.getvalue(),
        "figures": "".join(answer.text for answer in figures),
        "traces": "".join(map(str, collector.spans)),
        "refusals": "".join(
            answer.text + str(answer.headers)
            for answer in told.answers
            if answer.status_code >= 400
        ),
    }
    assert all(len(text) > 1000 for text in said.values()), {k: len(v) for k, v in said.items()}
    for where, text in said.items():
        shown = [secret for secret in _secrets(told) if secret in text]
        assert shown == [], where
        assert QUOTED.search(text) is None, where
