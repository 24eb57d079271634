"""Cursors that nobody was given."""

import base64
import itertools
import json
import math

import pytest
from tests.contexts.catalog.house import House, facts

LISTS = [
    f"/api/v1/movies?limit=1&sort={sort}" for sort in ("popularity", "title", "-rating", "year")
] + [f"/api/v1/people?limit=1&sort={sort}" for sort in ("-popularity", "name")]
VALUES = [math.nan, math.inf, -math.inf, 2**70, None, "x", "", True, [1], 0.5]
IDS = [-1, 0, 2**31, 2**70, 1.5, "1", None]


@pytest.mark.parametrize("path", LISTS)
async def test_a_forged_cursor_is_never_a_fault(house: House, path: str) -> None:
    await house.merge(facts(cast=["X"]), facts("Other", cast=["Y"]))
    async with house.caller() as caller:
        token = (await caller.get(path)).json()["next"]
        mark = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))[0]
        for value, id_ in itertools.product(VALUES, IDS):
            text = json.dumps([mark, value, id_]).encode()
            forged = base64.urlsafe_b64encode(text).decode().rstrip("=")
            answer = await caller.get(f"{path}&cursor={forged}")
            assert answer.status_code in {200, 422}, (value, id_, answer.text)
            if answer.status_code == 422:
                assert answer.json()["field"] == "cursor"


async def test_a_cursor_of_another_list_is_refused(house: House) -> None:
    await house.merge(facts("A", cast=["X"]), facts("B", cast=["Y"]))
    async with house.caller() as caller:
        token = (await caller.get(LISTS[0])).json()["next"]
        for path in LISTS[1:]:
            answer = await caller.get(f"{path}&cursor={token}")
            assert answer.status_code == 422
