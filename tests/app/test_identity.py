"""Who is asking: known for a moment, and asked anew when anything has changed."""

import httpx2
import pytest

from marquee.app import identity
from marquee.app.building import Building
from marquee.contexts.auth.contract import Auth, Identity

PASSWORD = "a long walk by the water"
ME = "/api/v1/me"


@pytest.fixture
def asked(building: Building, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A token for each time that auth was asked."""
    auth, tokens = building.contract(Auth), list[str]()
    really = auth.identify

    async def identify(*, token: str, kind: str) -> Identity | None:
        tokens.append(token)
        return await really(token=token, kind=kind)

    monkeypatch.setattr(auth, "identify", identify)
    return tokens


async def test_a_token_is_looked_at_once_while_nothing_changes(
    client: httpx2.AsyncClient, admin: dict[str, str], asked: list[str]
) -> None:
    for _ in range(5):
        assert (await client.get(ME, headers=admin)).status_code == 200
    assert len(asked) == 1


async def test_it_is_looked_at_again_after_a_moment(
    client: httpx2.AsyncClient,
    admin: dict[str, str],
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identity, "KNOWN_FOR", 0.0)
    for _ in range(3):
        assert (await client.get(ME, headers=admin)).status_code == 200
    assert len(asked) == 3


async def test_a_session_that_ended_is_over_with_the_next_request(
    client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    login = {"login": "boss", "password": PASSWORD}
    other = (await client.post("/api/v1/auth/login", json=login)).json()
    there = {"authorization": f"Bearer {other['access_token']}"}
    assert (await client.get(ME, headers=there)).status_code == 200
    sessions = (await client.get("/api/v1/auth/sessions", headers=there)).json()["items"]
    mine = next(one for one in sessions if one["current"])
    gone = await client.delete(f"/api/v1/auth/sessions/{mine['id']}", headers=admin)
    assert gone.status_code == 204
    assert (await client.get(ME, headers=there)).status_code == 401
    assert (await client.get(ME, headers=admin)).status_code == 200


async def test_what_does_not_hold_is_never_remembered(
    client: httpx2.AsyncClient, asked: list[str]
) -> None:
    for _ in range(2):
        answer = await client.get(ME, headers={"authorization": "Bearer nothing"})
        assert answer.status_code == 401
    assert len(asked) == 2
