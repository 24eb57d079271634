"""Accounts over HTTP."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contexts.auth.house import PASSWORD, House, a_house, a_person


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def test_who_registers_sees_their_own_account(house: House) -> None:
    seen = await house.register("ada")
    assert seen.pop("id")
    assert seen.pop("created_at").endswith("Z")
    assert seen == {
        "username": "ada",
        "email": "ada@example.org",
        "display_name": "ada",
        "bio": "",
        "role": "regular",
        "preferences": {"rating_style": "stars", "theme": "dark", "shortcuts": True},
        "version": 1,
    }


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"username": "ADA", "email": "other@example.org"}, "username"),
        ({"username": "other", "email": "ADA@EXAMPLE.org"}, "email"),
    ],
)
async def test_what_is_taken_is_named(house: House, person: dict[str, str], field: str) -> None:
    await house.register("ada")
    async with house.caller() as caller:
        answer = await caller.post("/api/v1/accounts", json=a_person() | person)
    assert answer.status_code == 409
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "x" * 1_025}, "password"),
        ({"username": "a"}, "username"),
        ({"username": "a\u202eb"}, "username"),
        ({"username": "admin"}, "username"),
        ({"email": "nobody"}, "email"),
        ({"email": 5}, "email"),
        ({"role": "admin"}, "role"),
        ({"is_active": True}, "is_active"),
        ({"id": "1"}, "id"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
)
async def test_a_value_that_will_not_do_is_named(
    house: House, wrong: dict[str, object], field: str
) -> None:
    async with house.caller() as caller:
        answer = await caller.post("/api/v1/accounts", json=a_person() | wrong)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


async def test_registering_again_with_the_same_key_gives_the_same_answer(house: House) -> None:
    async with house.caller() as caller:
        key = {"idempotency-key": "first-try"}
        first = await caller.post("/api/v1/accounts", json=a_person(), headers=key)
        again = await caller.post("/api/v1/accounts", json=a_person(), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def test_a_profile_is_changed_field_by_field(house: House) -> None:
    async with await house.signed_in() as ada:
        change = {"display_name": "Ada L.", "preferences": {"rating_style": "ten"}}
        answer = await ada.patch("/api/v1/me", json=change)
        assert answer.status_code == 200
        assert answer.headers["etag"] == '"2"'
        seen = (await ada.get("/api/v1/me")).json()
    assert seen["display_name"] == "Ada L."
    assert seen["preferences"] == {"rating_style": "ten", "theme": "dark", "shortcuts": True}
    assert seen["version"] == 2


async def test_a_change_to_a_version_that_is_gone_is_stale(house: House) -> None:
    async with await house.signed_in() as ada:
        await ada.patch("/api/v1/me", json={"bio": "One"})
        stale = await ada.patch("/api/v1/me", json={"bio": "Two"}, headers={"if-match": '"1"'})
        right = await ada.patch("/api/v1/me", json={"bio": "Two"}, headers={"if-match": '"2"'})
        listed = await ada.patch(
            "/api/v1/me", json={"bio": "Three"}, headers={"if-match": '"999", W/"3"'}
        )
    assert (stale.status_code, right.status_code, listed.status_code) == (412, 200, 200)


async def test_a_new_address_needs_the_password(house: House) -> None:
    async with await house.signed_in() as ada:
        without = await ada.patch("/api/v1/me", json={"email": "new@example.org"})
        wrong = await ada.patch(
            "/api/v1/me", json={"email": "new@example.org", "current_password": "not it"}
        )
        right = await ada.patch(
            "/api/v1/me", json={"email": "new@example.org", "current_password": PASSWORD}
        )
        same = await ada.patch("/api/v1/me", json={"email": "new@example.org"})
    assert [without.status_code, wrong.status_code] == [422, 422]
    assert without.json()["field"] == wrong.json()["field"] == "current_password"
    assert right.json()["email"] == "new@example.org"
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"display_name": " Ada"}, "display_name"),
        ({"display_name": "A\u202eda"}, "display_name"),
        ({"display_name": "A" + "\u0301" * 10}, "display_name"),
        ({"display_name": "\u3164\u3164"}, "display_name"),
        ({"display_name": None}, "display_name"),
        ({"bio": "x" * 2_001}, "bio"),
        ({"bio": "nul\u0000"}, "bio"),
        ({"preferences": {"theme": "pink"}}, "preferences.theme"),
        ({"preferences": {"shortcuts": 1}}, "preferences.shortcuts"),
        ({"role": "admin"}, "role"),
        ({"username": "eve"}, "username"),
        ({"version": 9}, "version"),
        ({"password_hash": "x"}, "password_hash"),
    ],
)
async def test_nobody_gives_themselves_what_is_not_theirs_to_give(
    house: House, wrong: dict[str, object], field: str
) -> None:
    async with await house.signed_in() as ada:
        answer = await ada.patch("/api/v1/me", json=wrong)
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert (await ada.get("/api/v1/me")).json()["version"] == 1


@pytest.mark.parametrize("name", ["Ada 🎬", "ada\u0308", "Ünïcødé", "山田 太郎", "عمر", "👩‍👩‍👧"])
async def test_a_display_name_comes_back_as_it_was_given(house: House, name: str) -> None:
    async with await house.signed_in() as ada:
        await ada.patch("/api/v1/me", json={"display_name": name})
        assert (await ada.get("/api/v1/me")).json()["display_name"] == name
        assert (await ada.get("/api/v1/users/ada")).json()["display_name"] == name


async def test_others_never_see_an_address(house: House) -> None:
    await house.register("ada")
    async with await house.signed_in("eve") as eve:
        for path in (
            "/api/v1/users",
            "/api/v1/users?q=ada",
            "/api/v1/users/ada",
            "/api/users/",
            "/api/users/?search=ada",
        ):
            answer = await eve.get(path)
            assert answer.status_code == 200
            assert "@" not in answer.text
            assert "argon2" not in answer.text
        seen = (await eve.get("/api/v1/users/ada")).json()
    assert set(seen) == {
        "id", "username", "display_name", "bio", "role", "is_active", "created_at", "version",
    }  # fmt: skip


async def test_members_are_listed_page_by_page(house: House) -> None:
    for name in ("cyd", "ada", "Bob"):
        await house.register(name)
    async with house.caller() as caller:
        first = (await caller.get("/api/v1/users?limit=2")).json()
        second = (await caller.get(f"/api/v1/users?limit=2&cursor={first['next']}")).json()
        other = await caller.get(f"/api/v1/users?q=a&cursor={first['next']}")
        many = await caller.get("/api/v1/users?limit=101")
    assert [user["username"] for user in first["items"]] == ["ada", "Bob"]
    assert [user["username"] for user in second["items"]] == ["cyd"]
    assert (first["total"], second["total"], second["next"]) == (3, 3, None)
    assert (other.status_code, other.json()["field"]) == (422, "cursor")
    assert (many.status_code, many.json()["field"]) == (422, "limit")


async def test_a_cursor_is_a_place_among_the_members(house: House) -> None:
    for name in ("ada", "bob"):
        await house.register(name)
    async with house.caller() as caller:
        token = (await caller.get("/api/v1/users?limit=1")).json()["next"]
        mark, name, id_ = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        for place in (("", id_), ("ADA", id_), (name, "x"), (name, id_.upper()), (name, "")):
            text = json.dumps([mark, *place]).encode()
            forged = base64.urlsafe_b64encode(text).decode().rstrip("=")
            answer = await caller.get(f"/api/v1/users?limit=1&cursor={forged}")
            assert (answer.status_code, answer.json()["field"]) == (422, "cursor"), place


@pytest.mark.parametrize("sought", ["%", "_", "\\", "'; DROP TABLE accounts; --", "a%"])
async def test_what_is_sought_is_text_and_no_pattern(house: House, sought: str) -> None:
    await house.register("ada")
    async with house.caller() as caller:
        answer = await caller.get("/api/v1/users", params={"q": sought})
    assert (answer.status_code, answer.json()["total"]) == (200, 0)


async def test_old_clients_find_numbered_pages(house: House) -> None:
    for number in range(21):
        await house.accounts.create_admin(
            username=f"m{number:02}", email=f"m{number}@example.org", password=PASSWORD
        )
    async with house.caller() as caller:
        first = (await caller.get("/api/users/?ordering=-username")).json()
        second = (await caller.get(first["next"])).json()
        beyond = await caller.get("/api/users/?page=3")
        one = (await caller.get(f"/api/users/{second['results'][0]['id']}/")).json()
        nobody = await caller.get("/api/users/nobody/")
    assert first["count"] == 21
    assert first["previous"] is None
    assert first["results"][0]["username"] == "m20"
    assert second["next"] is None
    assert second["previous"].startswith("http://")
    assert second["previous"].endswith("/api/users/?page=1&ordering=-username")
    assert one["username"] == "m00"
    assert set(one) == {"id", "username", "name", "bio", "date_joined"}
    assert (beyond.status_code, nobody.status_code) == (404, 404)


async def test_only_admins_give_roles(house: House) -> None:
    async with await house.signed_in("ada") as ada, await house.an_admin() as chief:
        refused = await ada.patch("/api/v1/users/ada", json={"role": "admin"})
        given = await chief.patch("/api/v1/users/ada", json={"role": "moderator"})
        odd = await chief.patch("/api/v1/users/ada", json={"role": "emperor"})
        missing = await chief.patch("/api/v1/users/nobody", json={"role": "admin"})
        stale = await chief.patch(
            "/api/v1/users/ada", json={"role": "regular"}, headers={"if-match": '"1"'}
        )
        seen = (await ada.get("/api/v1/me")).json()
    assert refused.status_code == 403
    assert given.json()["role"] == "moderator"
    assert (odd.status_code, missing.status_code, stale.status_code) == (422, 404, 412)
    assert seen["role"] == "moderator"


async def test_the_last_admin_stays(house: House) -> None:
    async with await house.an_admin() as chief:
        for change in ({"role": "regular"}, {"is_active": False}):
            kept = await chief.patch("/api/v1/users/chief", json=change)
            assert kept.status_code == 409
        farewell = await chief.request("DELETE", "/api/v1/me", json={"password": PASSWORD})
        assert farewell.status_code == 409
        async with await house.an_admin("second"):
            freed = await chief.patch("/api/v1/users/chief", json={"role": "regular"})
    assert freed.status_code == 200


async def test_a_suspended_member_is_seen_by_admins_alone(house: House) -> None:
    await house.register("ada")
    async with await house.an_admin() as chief, house.caller() as caller:
        await chief.patch("/api/v1/users/ada", json={"is_active": False})
        assert (await caller.get("/api/v1/users/ada")).status_code == 404
        assert (await caller.get("/api/v1/users")).json()["total"] == 1
        assert (await caller.get("/api/users/")).json()["count"] == 1
        assert (await chief.get("/api/v1/users")).json()["total"] == 2
        back = await chief.patch("/api/v1/users/ada", json={"is_active": True})
        assert back.json()["is_active"] is True
        assert (await caller.get("/api/v1/users/ada")).status_code == 200


async def test_deleting_oneself_needs_the_password_and_is_for_good(house: House) -> None:
    async with await house.signed_in() as ada:
        wrong = await ada.request("DELETE", "/api/v1/me", json={"password": "not it at all"})
        assert (wrong.status_code, wrong.json()["field"]) == (422, "password")
        gone = await ada.request("DELETE", "/api/v1/me", json={"password": PASSWORD})
        assert gone.status_code == 204
        assert (await ada.get("/api/v1/me")).status_code == 401
    async with house.caller() as caller:
        assert (await caller.get("/api/v1/users/ada")).status_code == 404
    await house.register("ada")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/me"), ("PATCH", "/api/v1/me"), ("DELETE", "/api/v1/me")],
)
async def test_strangers_have_no_account_of_their_own(house: House, method: str, path: str) -> None:
    async with house.caller() as caller:
        assert (await caller.request(method, path, json={})).status_code == 401
