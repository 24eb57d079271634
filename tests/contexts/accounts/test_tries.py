"""How often a password may be tried, and by whom (A3, A4)."""

import asyncio

import pytest
import time_machine
from tests.contexts.accounts.home import FIVE_MINUTES, Home
from tests.contexts.auth.house import PASSWORD

from marquee.contexts.accounts.service import ProfileEdit
from marquee.contexts.accounts.service.door import MOST_REGISTRATIONS
from marquee.kit.errors import Invalid, TooMany


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


async def test_a_name_that_is_spent_does_not_tell_whose_an_address_is(home: Home) -> None:
    await home.register("ada")
    email = (await home.store.find_by_login("ada")).email  # type: ignore[union-attr]
    tries = [await home.try_in("ada", address=f"192.0.2.{n}") for n in range(20, 31)]
    assert tries == ["wrong"] * 10 + ["wait"]
    hashed = len(home.hasher.verified)
    assert await home.try_in(email, address="192.0.2.41") == "wrong"
    assert await home.try_in(email, PASSWORD, address="192.0.2.42") == "wrong"
    assert await home.try_in("nobody@example.org", address="192.0.2.43") == "wrong"
    assert len(home.hasher.verified) == hashed + 3
