"""A7 and A8 over HTTP: a refresh token is good once, and a session that ends is over at once."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx2
from tests.reliability import figures
from tests.reliability.site import PASSWORD, Site

LOGIN, REFRESH, ME = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/me"
TRIALS, AT_ONCE = figures.sized(6, 100), 8
NEW = "quite another sentence"


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.access}"}


def pair(answer: httpx2.Response) -> Pair:
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return Pair(told["access_token"], told["refresh_token"])


def log_in(client: httpx2.Client, name: str, password: str = PASSWORD) -> Pair:
    return pair(client.post(LOGIN, json={"login": name, "password": password}))


def refreshed(client: httpx2.Client, one: Pair) -> httpx2.Response:
    return client.post(REFRESH, json={"refresh_token": one.refresh})


def seconds_until_refused(client: httpx2.Client, one: Pair) -> float:
    began = time.monotonic()
    while client.get(ME, headers=one.bearer).status_code != 401:
        assert time.monotonic() - began < 5
    return round(time.monotonic() - began, 2)


def test_a_token_used_again_after_its_successor_ends_its_session_alone(site: Site) -> None:
    name = site.newcomer()
    with site.client(place=site.place()) as client:
        first, laptop = log_in(client, name), log_in(client, name)
        second = pair(refreshed(client, first))
        third = pair(refreshed(client, second))
        assert refreshed(client, first).status_code == 401
        dead = max(seconds_until_refused(client, one) for one in (second, third))
        assert refreshed(client, third).status_code == 401
        assert client.get(ME, headers=laptop.bearer).status_code == 200
        assert refreshed(client, laptop).status_code == 200
    for kept in site.folder.glob("*.db*"):
        raw = kept.read_bytes()
        assert not [one for one in (first, third, laptop) if one.refresh.encode() in raw], kept
    figures.keep("A7", dead_after_s=dead, other_devices_ended=0, tokens_at_rest=0)


def test_a_new_password_and_a_logout_end_sessions_at_once(site: Site) -> None:
    name = site.newcomer()
    with site.client(place=site.place()) as client:
        here, there = log_in(client, name), log_in(client, name)
        changed = {"current": PASSWORD, "new": NEW}
        answer = client.post("/api/v1/auth/password", json=changed, headers=here.bearer)
        assert answer.status_code in {200, 204}, answer.text
        after_password = seconds_until_refused(client, there)
        now = log_in(client, name, NEW)
        gone = client.post("/api/v1/auth/logout", json={"refresh_token": now.refresh})
        assert gone.status_code in {200, 204}, gone.text
        after_logout = seconds_until_refused(client, now)
    figures.keep("A7", after_password_s=after_password, after_logout_s=after_logout)


async def test_of_eight_who_refresh_at_once_all_hold_the_same_successor(site: Site) -> None:
    most_alive, errors = 0, 0
    async with site.many() as client:
        for _ in range(TRIALS):
            name = site.newcomer()
            with site.client(place=site.place()) as alone:
                first = log_in(alone, name)
            told = {"refresh_token": first.refresh}
            answers = await asyncio.gather(
                *(client.post(REFRESH, json=told) for _ in range(AT_ONCE))
            )
            errors += sum(answer.status_code >= 500 for answer in answers)
            given = {answer.json()["refresh_token"] for answer in answers if answer.is_success}
            most_alive = max(most_alive, len(given))
            assert given, [answer.text for answer in answers]
    assert (most_alive, errors) == (1, 0)
    figures.keep("A8", trials=TRIALS, at_once=AT_ONCE, most_descendants=most_alive, errors=errors)
