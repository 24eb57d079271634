"""B2 for cursors: whatever is put into one, a list answers with a page or names the field."""

import base64
import json
import re
from itertools import product
from typing import Any

import pytest
from tests.reliability.site import Site

LISTS = (
    "/api/v1/movies?limit=1",
    "/api/v1/movies?limit=1&sort=title",
    "/api/v1/movies?limit=1&sort=-rating",
    "/api/v1/people?limit=1",
    "/api/v1/people?limit=1&sort=name",
    "/api/v1/users?limit=1",
    "/api/v1/reviews?limit=1",
    "/api/v1/reviews?limit=1&sort=highest",
    "/api/v1/reviews?limit=1&sort=lowest",
    "/api/v1/search?q=drama&limit=1",
)
ODD: tuple[Any, ...] = (
    *(None, True, [], {}, "", "x", "\ud800", "9" * 30, -1, 0, 1.5, 2**31, 2**53, 2**63, -(2**63)),
    *(2**64, -(2**70), 10**400, float("nan"), float("inf"), "2026-13-45T99:00:00Z"),
)


TIME_OR_ID = re.compile(r"\d{4}-\d\d-\d\dT.*Z|[0-9a-z]{26}")


@pytest.fixture(scope="module")
def reviewed(site: Site) -> Site:
    for n in (1, 2, 3):
        with site.client(site.newcomer()) as client:
            answer = client.post("/api/v1/reviews", json={"movie_id": str(n), "rating": n})
            assert answer.status_code == 201, answer.text
    return site


def packed(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("address", LISTS)
def test_no_cursor_breaks_a_list(reviewed: Site, address: str) -> None:
    with reviewed.client() as client:
        following = client.get(address).json()["next"]
        assert following, address
        real = json.loads(base64.urlsafe_b64decode(following + "=" * (-len(following) % 4)))
        for at, odd in product(range(1, len(real)), ODD):
            made = [odd if at == n else value for n, value in enumerate(real)]
            answer = client.get(f"{address}&cursor={packed(made)}")
            assert answer.status_code in {200, 422}, (made, answer.status_code)
            if TIME_OR_ID.fullmatch(str(real[at])):
                assert answer.status_code == 422, made
            if answer.status_code != 200:
                assert answer.json()["field"] == "cursor"
        assert client.get(address).json()["next"] == following
