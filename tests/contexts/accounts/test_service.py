"""The use cases of accounts, on the embedded store (A1 to A4)."""
# ruff: noqa: RUF001 - letters that pass for others are part of it

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from tests.contexts.auth.house import PASSWORD, fresh_stores

from marquee.contexts.accounts.service import AccountService, Door, MemberEdit, ProfileEdit
from marquee.contexts.accounts.service.door import MOST_REGISTRATIONS
from marquee.contexts.accounts.stores.sql import SqlAccountStore
from marquee.engines.argon2 import Argon2
from marquee.engines.throttle import Throttle
from marquee.kit.actor import Actor
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from marquee.kit.ids import new_id

FIVE_MINUTES = 300
WRONG = "wrong it is"
PASSWORD_2 = "quite another sentence"


class Hasher(PasswordHasher):
    """Quick, and counts what it was asked."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost, 64, 1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its name
        self.verified.append(str(hash))
        return super().verify(hash, password)


@dataclass
class Home:
    service: AccountService
    store: SqlAccountStore
    hasher: Hasher

    async def register(self, username: str = "ada", address: str = "192.0.2.1") -> str:
        profile = await self.service.register(
            username=username,
            email=f"{new_id()}@example.org",
            password=PASSWORD,
            address=address,
        )
        return profile.id

    async def try_in(
        self, login: str, password: str = WRONG, address: str = "192.0.2.9", own: str = ""
    ) -> str:
        """How a try at the door ends: in, wrong or wait."""
        try:
            standing = await self.service.check_password(
                login=login, password=password, address=address, signed_in_as=own
            )
        except TooMany as refused:
            return "wait" if 1 <= (refused.retry_after or 0) <= FIVE_MINUTES else "for ever"
        return "in" if standing else "wrong"

    async def kinds(self) -> list[str]:
        return [sent.kind.partition(".")[2] for sent in await self.store.events_after(0, 500)]


@asynccontextmanager
async def a_home(folder: Path, hasher: Hasher | None = None) -> AsyncIterator[Home]:
    hasher = hasher or Hasher()
    await fresh_stores(folder)
    store = await SqlAccountStore.open(f"sqlite:///{folder / 'accounts.db'}")
    passwords = Argon2(hasher, threads=1)
    door = Door(store, passwords, Throttle(), SystemClock())
    try:
        yield Home(AccountService(store, door, SystemClock()), store, hasher)
    finally:
        await passwords.close()
        await store.close()


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home(tmp_path) as home:
        yield home


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


async def test_the_eleventh_failure_in_five_minutes_waits(home: Home) -> None:
    await home.register()
    with time_machine.travel("2026-03-01", tick=False) as now:
        for login in ("ada", "nobody"):
            place = f"198.51.100.{len(login)}"
            tries = [await home.try_in(login, address=place) for _ in range(11)]
            assert tries == ["wrong"] * 10 + ["wait"]
            assert await home.try_in(login, PASSWORD, address=place) == "wait"
        now.shift(FIVE_MINUTES + 1)
        assert await home.try_in("ada", PASSWORD, address="198.51.100.3") == "in"


async def test_what_waits_costs_no_hash(home: Home) -> None:
    await home.register()
    home.hasher.verified.clear()
    done = await asyncio.gather(*(home.try_in("ada") for _ in range(200)))
    assert (done.count("wrong"), done.count("wait")) == (10, 190)
    assert len(home.hasher.verified) == 10


async def test_signing_in_rightly_is_not_counted(home: Home) -> None:
    await home.register()
    assert {await home.try_in("ada", PASSWORD) for _ in range(25)} == {"in"}


async def test_one_address_gets_ten_failures_over_all_accounts(home: Home) -> None:
    tries = [await home.try_in(f"user{number}") for number in range(11)]
    assert tries == ["wrong"] * 10 + ["wait"]
    assert await home.try_in("user99", address="192.0.2.10") == "wrong"


async def test_an_ipv6_network_is_one_address(home: Home) -> None:
    tries = [await home.try_in(f"user{n}", address=f"2001:db8::{n:x}:1") for n in range(1, 12)]
    assert tries == ["wrong"] * 10 + ["wait"]
    assert await home.try_in("user99", address="2001:db8:0:1::1") == "wrong"


async def test_loopback_is_an_address_like_others(home: Home) -> None:
    for place in ("127.0.0.1", "::1"):
        tries = [await home.try_in(f"user{number}", address=place) for number in range(11)]
        assert tries[-1] == "wait"


async def test_a_thousand_addresses_try_one_account_120_times_an_hour(home: Home) -> None:
    await home.register()
    with time_machine.travel("2026-03-01", tick=False) as now:
        tried = 0
        for second in range(0, 3_600, 3):
            number = second // 3 % 1_000
            address = f"10.0.{number // 250}.{number % 250 + 1}"
            tried += await home.try_in("ada", address=address) == "wrong"
            now.shift(3)
    assert 100 < tried <= 120


async def test_the_owner_gets_in_while_a_thousand_addresses_try(home: Home) -> None:
    account_id = await home.register()
    with time_machine.travel("2026-03-01", tick=False) as now:
        assert await home.try_in("ada", PASSWORD, address="203.0.113.5") == "in"
        for minute in range(30):
            for number in range(30):
                await home.try_in("ada", address=f"10.1.{minute}.{number + 1}")
            assert await home.try_in("ada", PASSWORD, address="203.0.113.5") == "in"
            elsewhere = await home.try_in("ada", PASSWORD, "203.0.113.77", own=account_id)
            assert elsewhere == "in"
            now.shift(60)


async def test_a_known_place_may_not_guess_for_ever_either(home: Home) -> None:
    account_id = await home.register()
    assert await home.try_in("ada", PASSWORD) == "in"
    assert [await home.try_in("ada") for _ in range(11)] == ["wrong"] * 10 + ["wait"]
    inside = [await home.try_in("ada", address="203.0.113.9", own=account_id) for _ in range(11)]
    assert inside == ["wrong"] * 10 + ["wait"]


async def test_everybody_together_fails_a_thousand_times(home: Home) -> None:
    await home.register("ada")
    assert await home.try_in("ada", PASSWORD, address="203.0.113.5") == "in"
    with time_machine.travel("2026-03-01", tick=False):
        for number in range(1_000):
            address = f"10.2.{number // 250}.{number % 250 + 1}"
            assert await home.try_in(f"user{number}", address=address) == "wrong"
        assert await home.try_in("one", address="10.3.0.1") == "wait"
        assert await home.try_in("ada", PASSWORD, address="203.0.113.5") == "in"


async def test_registrations_from_one_address_are_many_but_not_endless(home: Home) -> None:
    with time_machine.travel("2026-03-01", tick=False):
        for number in range(MOST_REGISTRATIONS):
            await home.register(f"user.{number}")
        with pytest.raises(TooMany):
            await home.register("one.more")
        await home.register("one.more", address="192.0.2.2")


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


async def test_whoever_holds_a_session_may_guess_the_password_ten_times(home: Home) -> None:
    account_id = await home.register()
    for _ in range(10):
        with pytest.raises(Invalid):
            await home.service.delete(account_id, "wrong it is")
    with pytest.raises(TooMany):
        await home.service.change_password(
            account_id=account_id, current=PASSWORD, new="quite another sentence"
        )
    edit = ProfileEdit(email="new@example.org", current_password=PASSWORD)
    with pytest.raises(TooMany):
        await home.service.edit(account_id, edit)
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
