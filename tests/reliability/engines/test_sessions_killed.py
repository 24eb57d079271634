"""F1 for sessions in Redis: it is killed, and who was signed in still is, who signed out still is."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from tests.engines.own_redis import OwnRedis, a_redis
from tests.reliability import figures
from tests.reliability.conftest import Open
from tests.reliability.site import PASSWORD, Site

pytestmark = pytest.mark.engine
MEMBERS = 3
PATIENCE = 60
DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
SIGNED_IN, SIGNED_OUT, AWAY = 200, 204, 503


@dataclass
class Doorman:
    """What each was told: by access token, signed in; and those of them who signed out again."""

    signed_in: set[str] = field(default_factory=set)
    signed_out: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)
    somebody_left: asyncio.Event = field(default_factory=asyncio.Event)

    def lost(self, answers: dict[str, int]) -> list[str]:
        """Tokens that are not taken as they should be."""
        wanted = dict.fromkeys(self.signed_in - self.in_doubt, 200)
        wanted |= dict.fromkeys(self.signed_out, 401)
        return [token for token, code in wanted.items() if answers[token] != code]


async def come_and_go(site: Site, who: str, doorman: Doorman, over: asyncio.Event) -> None:
    """Sign in again and again; every third time sign out, until it is over and Redis is away.

    On a busy machine Redis may seem to be away before.
    """
    for turn in range(10_000):
        place = httpx2.AsyncHTTPTransport(local_address=site.place())
        async with httpx2.AsyncClient(
            base_url=site.url, timeout=60, trust_env=False, transport=place
        ) as client:
            given = {"login": who, "password": PASSWORD}
            answer = await client.post("/api/v1/auth/login", json=given)
            if answer.status_code == AWAY:
                if over.is_set():
                    return
                continue
            assert answer.status_code == SIGNED_IN, answer.text
            pair = answer.json()
            token = pair["access_token"]
            doorman.signed_in.add(token)
            if turn % 3 != 1:
                continue
            doorman.in_doubt.add(token)
            given = {"refresh_token": pair["refresh_token"]}
            answer = await client.post("/api/v1/auth/logout", json=given)
            if answer.status_code == AWAY:
                if over.is_set():
                    return
                continue
            assert answer.status_code == SIGNED_OUT, answer.text
            doorman.signed_out.add(token)
            doorman.somebody_left.set()


async def taken(site: Site, tokens: set[str]) -> dict[str, int]:
    answers = {}
    async with site.many() as client:
        for token in sorted(tokens):
            headers = {"authorization": f"Bearer {token}"}
            for _try in range(20):  # on a busy machine Redis may seem to be away for a moment
                answers[token] = (await client.get("/api/v1/me", headers=headers)).status_code
                if answers[token] != AWAY:
                    break
                await asyncio.sleep(0.5)
    return answers


async def kill_redis(site: Site, own: OwnRedis, kills: int, doorman: Doorman) -> list[str]:
    """Who is taken for what they are not, in the end.

    Others come each time: beyond a hundred sessions of one member the oldest ends, and rightly.
    """
    for _kill in range(kills):
        members = [await asyncio.to_thread(site.newcomer) for _ in range(MEMBERS)]
        over = asyncio.Event()
        doorman.somebody_left.clear()
        tasks = [asyncio.create_task(come_and_go(site, who, doorman, over)) for who in members]
        async with asyncio.timeout(PATIENCE):
            await asyncio.sleep(figures.sized(1, 2))
            await doorman.somebody_left.wait()
        over.set()
        await asyncio.to_thread(own.stop)
        await asyncio.gather(*tasks)
        own.start()
        await asyncio.to_thread(site.wait_until_ready)
    return doorman.lost(await taken(site, doorman.signed_in))


async def test_no_session_is_lost_or_comes_back_when_redis_is_killed(
    tmp_path: Path, a_site: Open
) -> None:
    with a_redis(tmp_path, *DURABLE) as own:
        site, doorman, kills = a_site(auth_url=own.url), Doorman(), figures.sized(2, 30)
        site.start()
        lost = await kill_redis(site, own, kills, doorman)
        figures.keep(
            "F1-redis",
            kills=kills,
            signed_in=len(doorman.signed_in),
            signed_out=len(doorman.signed_out),
            in_doubt=len(doorman.in_doubt - doorman.signed_out),
            lost=len(lost),
        )
        assert doorman.signed_out
        assert lost == []
        assert site.stop() == 0
