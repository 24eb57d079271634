"""The use cases of accounts, on the embedded store (A1, A2)."""
# ruff: noqa: RUF001 - letters that pass for others are part of it

import asyncio
from pathlib import Path

import pytest
import time_machine
from tests.contexts.accounts.home import PASSWORD_2, Hasher, Home, a_home
from tests.contexts.auth.house import PASSWORD

from marquee.contexts.accounts.service import MemberEdit, ProfileEdit
from marquee.kit.actor import Actor
from marquee.kit.errors import Conflict, Forbidden, Invalid, NotFound


async def test_registering_is_told_and_the_hash_is_argon2id(home: Home) -> None:
    account_id = await home.register()
    assert await home.kinds() == ["AccountRegistered"]
    member = await home.store.find(account_id)
    assert member is not None
    assert member.password_hash.startswith("$argon2id$v=19$")
    assert PASSWORD not in member.password_hash


async def test_of_forty_who_want_one_name_at_once_one_has_it(home: Home) -> None:
    twins = ["alice", "ALICE", "aIice", "al1ce"]
    asked = [home.register(twins[number % 4], f"192.0.2.{number}") for number in range(40)]
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, str) for one in done) == 1
    assert sum(isinstance(one, Conflict) for one in done) == 39
    assert await home.kinds() == ["AccountRegistered"]


async def test_twins_that_look_alike_cannot_both_register(home: Home) -> None:
    await home.register("José")
    for twin in ("José", "JOSÉ", "Jоsé"):
        with pytest.raises((Conflict, Invalid)) as refused:
            await home.register(twin)
        assert refused.value.field == "username"
    await home.register("coco")
    with pytest.raises(Conflict):
        await home.register("сосо")


async def test_one_signs_in_by_name_or_address_in_any_case(home: Home) -> None:
    await home.service.register(
        username="Ada", email="Ada@Example.org", password=PASSWORD, address=""
    )
    for login in ("Ada", "ada", "ADA", "ada@example.ORG"):
        assert await home.try_in(login, PASSWORD) == "in"
    for login in ("ada2", "ada@example.com", "", "@", "%", "ada' OR '1'='1"):
        assert await home.try_in(login, PASSWORD) == "wrong"


async def test_an_unknown_login_costs_the_same_hash_as_a_wrong_password(home: Home) -> None:
    await home.register()
    home.hasher.verified.clear()
    assert await home.try_in("ada") == "wrong"
    assert await home.try_in("nobody") == "wrong"
    known, unknown = home.hasher.verified
    assert known.split("$")[:4] == unknown.split("$")[:4]
    assert len(known) == len(unknown)


async def test_an_old_hash_is_made_anew_at_the_next_sign_in(tmp_path: Path) -> None:
    async with a_home(tmp_path, Hasher(time_cost=1)) as before:
        account_id = await before.register()
    async with a_home(tmp_path, Hasher(time_cost=2)) as after:
        assert await after.try_in("ada") == "wrong"
        old = await after.store.find(account_id)
        assert await after.try_in("ada", PASSWORD) == "in"
        new = await after.store.find(account_id)
        assert await after.try_in("ada", PASSWORD) == "in"
    assert old is not None
    assert new is not None
    assert "t=1" in old.password_hash
    assert "t=2" in new.password_hash
    assert (old.epoch, old.version) == (new.epoch, new.version)


async def test_no_letter_beyond_the_72nd_is_ignored(home: Home) -> None:
    long = "kx" * 36
    await home.service.register(
        username="ada", email="a@b.example", password=f"{long}one", address=""
    )
    assert await home.try_in("ada", f"{long}two") == "wrong"
    assert await home.try_in("ada", f"{long}one") == "in"


async def test_a_new_password_voids_what_the_old_one_granted(home: Home) -> None:
    account_id = await home.register()
    new = "quite another sentence"
    standing = await home.service.change_password(account_id=account_id, current=PASSWORD, new=new)
    assert standing.epoch == 2
    assert (await home.service.standings(ids=(account_id,)))[account_id].epoch == 2
    assert await home.try_in("ada", PASSWORD) == "wrong"
    assert await home.try_in("ada", new) == "in"
    assert await home.kinds() == ["AccountRegistered", "PasswordChanged"]


async def test_a_password_that_changes_while_it_is_tried_lets_nobody_in(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = await home.register()
    passwords = home.service._door._passwords
    matches = passwords.matches

    async def meanwhile_it_changes(encoded: str | None, password: str) -> bool:
        is_right = await matches(encoded, password)
        monkeypatch.setattr(passwords, "matches", matches)
        await home.service.change_password(account_id=account_id, current=PASSWORD, new=PASSWORD_2)
        return is_right

    monkeypatch.setattr(passwords, "matches", meanwhile_it_changes)
    assert await home.try_in("ada", PASSWORD) == "wrong"
    assert await home.try_in("ada", PASSWORD_2) == "in"


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong it is", "quite another sentence", "current"),
        (PASSWORD, "short", "new"),
        (PASSWORD, "password123", "new"),
    ],
)
async def test_a_password_is_not_changed_for_a_wrong_reason(
    home: Home, current: str, new: str, field: str
) -> None:
    account_id = await home.register()
    with pytest.raises(Invalid) as refused:
        await home.service.change_password(account_id=account_id, current=current, new=new)
    assert refused.value.field == field
    assert await home.try_in("ada", PASSWORD) == "in"


async def test_an_admin_is_made_by_the_same_rules(home: Home) -> None:
    admin = await home.service.create_admin(
        username="admin", email="a@b.example", password=PASSWORD
    )
    assert (await home.service.standings(ids=(admin.id,)))[admin.id].role == "admin"
    assert await home.kinds() == ["AccountRegistered", "RoleChanged"]
    for wrong, kind in (
        ({"username": "ADMIN"}, Conflict),
        ({"email": "A@b.example"}, Conflict),
        ({"username": "x"}, Invalid),
        ({"email": "x"}, Invalid),
        ({"password": "short"}, Invalid),
        ({"password": "administrator1"}, Invalid),
    ):
        asked = {"username": "second", "email": "s@b.example", "password": PASSWORD} | wrong
        with pytest.raises(kind) as refused:
            await home.service.create_admin(**asked)
        assert refused.value.field == next(iter(wrong))


async def test_ten_admins_who_all_resign_at_once_leave_one(home: Home) -> None:
    admins = [
        await home.service.create_admin(
            username=f"chief{number}", email=f"c{number}@b.example", password=PASSWORD
        )
        for number in range(10)
    ]
    asked = [
        home.service.govern(
            Actor(admin.id, admin.username, "", "admin"),
            admin.username,
            MemberEdit(role="regular"),
            expected=None,
        )
        for admin in admins
    ]
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in done) == 1
    standings = await home.service.standings(ids=[admin.id for admin in admins])
    assert sum(standing.role == "admin" for standing in standings.values()) == 1


async def test_only_admins_govern(home: Home) -> None:
    await home.register("ada")
    for role in ("regular", "moderator"):
        with pytest.raises(Forbidden):
            await home.service.govern(
                Actor("1", "eve", "Eve", role), "ada", MemberEdit(role="admin"), expected=None
            )


async def test_who_is_deleted_is_gone_and_told_of(home: Home) -> None:
    account_id = await home.register()
    await home.service.delete(account_id, PASSWORD)
    assert await home.service.standings(ids=(account_id,)) == {}
    assert await home.service.accounts(ids=(account_id,)) == {}
    assert await home.service.find_account(username="ada") is None
    assert (await home.kinds())[-1] == "AccountDeleted"
    with pytest.raises(NotFound):
        await home.service.profile(account_id)


async def test_what_is_asked_for_many_leaves_out_who_is_not_there(home: Home) -> None:
    first, second = await home.register("ada"), await home.register("bob")
    assert set(await home.service.accounts(ids=(first, "nobody", second))) == {first, second}
    assert set(await home.service.standings(ids=(first, "nobody", second))) == {first, second}
    assert await home.service.standings(ids=()) == {}
    found = await home.service.find_account(username="BOB")
    assert found is not None
    assert found.id == second
    for odd in ("", "bob@", "%", "nobody"):
        assert await home.service.find_account(username=odd) is None


async def test_concurrent_edits_of_one_profile_are_all_kept(home: Home) -> None:
    account_id = await home.register()
    edits = [ProfileEdit(bio=str(number)) for number in range(20)]
    edits += [ProfileEdit(theme="light"), ProfileEdit(display_name="Ada L.")]
    await asyncio.gather(*(home.service.edit(account_id, edit) for edit in edits))
    profile = await home.service.profile(account_id)
    assert profile.preferences.theme == "light"
    assert profile.display_name == "Ada L."
    assert profile.version == 23


async def test_places_unused_for_ninety_days_are_forgotten(home: Home) -> None:
    with time_machine.travel("2026-01-01", tick=False) as now:
        await home.register()
        await home.try_in("ada", PASSWORD, address="203.0.113.5")
        now.shift(60 * 86_400)
        await home.try_in("ada", PASSWORD, address="203.0.113.6")
        now.shift(31 * 86_400)
        assert await home.service.forget_places() == 1
        assert await home.service.forget_places() == 0


async def test_odd_text_is_nobodys_login(home: Home) -> None:
    for login in ("\ud800", "a\0b", "x" * 10_000, "²", "\U0001f3ac"):
        assert await home.try_in(login, address=login[:20]) == "wrong"
        assert await home.service.find_account(username=login) is None
    with pytest.raises(Invalid):
        await home.try_in("ada", "\ud800" * 8)
