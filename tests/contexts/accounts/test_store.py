"""What a store of accounts promises, on every engine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contexts.accounts.test_members import a_member

from marquee.contexts.accounts.events import AccountDeleted, AccountRegistered
from marquee.contexts.accounts.model.members import Member, changed
from marquee.contexts.accounts.ports import AccountStore, MemberQuestion
from marquee.contexts.accounts.stores import open_store
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Conflict, Invalid, NotFound
from marquee.kit.events import Event


@pytest.fixture
async def store(sql_url: str) -> AsyncIterator[AccountStore]:
    store = await open_store(sql_url)
    yield store
    await store.close()


def born(member: Member) -> list[Event]:
    return [
        AccountRegistered(
            account_id=member.id, username=member.username, display_name=member.display_name
        )
    ]


async def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        await open_store(f"oracle:///{tmp_path}")
    assert refused.value.field == "MARQUEE_ACCOUNTS_URL"


async def test_what_is_kept_comes_back_as_it_was(store: AccountStore) -> None:
    ada = a_member(bio="Line\nand 🎬", display_name="Ada \u200dL.")
    await store.add(ada, born(ada))
    assert await store.find("1") == ada
    assert await store.find_by_login("ADA") == ada
    assert await store.find_by_login("Ada@Example.ORG") == ada
    assert await store.members(["1", "2"]) == {"1": ada}
    assert await store.standings(["1", "2"]) == {"1": ada.standing()}


async def test_what_is_refused_is_not_told(store: AccountStore) -> None:
    await store.add(a_member(), born(a_member()))
    for twin, field in (
        (a_member(id="2", username="ADA", email="b@b.example"), "username"),
        (a_member(id="2", username="bob", email="ADA@example.org"), "email"),
    ):
        with pytest.raises(Conflict) as refused:
            await store.add(twin, born(twin))
        assert refused.value.field == field
    assert len(await store.events_after(0, 10)) == 1
    assert await store.find("2") is None


async def test_a_change_and_what_it_tells_stand_or_fall_together(store: AccountStore) -> None:
    ada, bob = a_member(), a_member(id="2", username="bob", email="b@b.example")
    await store.add(ada, [])
    await store.add(bob, [])
    with pytest.raises(Conflict):
        await store.change("2", lambda now: (changed(now, None, email=ada.email), born(now)))
    assert await store.events_after(0, 10) == []
    assert await store.find("2") == bob
    with pytest.raises(NotFound):
        await store.change("3", lambda now: (now, ()))
    with pytest.raises(NotFound):
        await store.remove("3", [AccountDeleted(account_id="3")])
    assert await store.events_after(0, 10) == []


async def test_who_leaves_takes_their_places_along(store: AccountStore) -> None:
    await store.add(a_member(), [])
    now = SystemClock().now()
    await store.welcome("1", "mark", now, None)
    await store.welcome("1", "mark", now, None)
    assert await store.is_familiar("1", "mark")
    await store.remove("1", [AccountDeleted(account_id="1")])
    assert not await store.is_familiar("1", "mark")
    await store.welcome("1", "mark", now, None)
    assert not await store.is_familiar("1", "mark")


async def test_a_new_hash_replaces_only_the_one_it_was_made_for(store: AccountStore) -> None:
    await store.add(a_member(), [])
    now = SystemClock().now()
    await store.welcome("1", "mark", now, ("$another$", "$new$"))
    assert (await store.members(["1"]))["1"].password_hash == "$hash$"
    await store.welcome("1", "mark", now, ("$hash$", "$new$"))
    assert (await store.members(["1"]))["1"].password_hash == "$new$"


async def test_pages_meet_and_cover_all(store: AccountStore) -> None:
    names = [f"m{number}" for number in (3, 1, 2, 5, 4)]
    for name in names:
        await store.add(a_member(id=name, username=name, email=f"{name}@b.example"), [])
    gone = a_member(id="x", username="m0", email="x@b.example", is_active=False)
    await store.add(gone, [])
    question = MemberQuestion()
    first, total = await store.page(question, None, 0, 3)
    rest, _total = await store.page(question, (first[-1].username, first[-1].id), 0, 3)
    assert [member.username for member in [*first, *rest]] == sorted(names)
    assert total == 5
    backwards, _total = await store.page(MemberQuestion(sort="-username"), None, 1, 2)
    assert [member.username for member in backwards] == ["m4", "m3"]
    everybody, total = await store.page(MemberQuestion(with_inactive=True), None, 0, 10)
    assert (everybody[0].username, total) == ("m0", 6)


async def test_of_64_who_want_one_name_one_has_it(store: AccountStore) -> None:
    asked = [
        a_member(id=str(n), username="ada" if n % 2 else "ADA", email=f"{n}@b.example")
        for n in range(64)
    ]
    found = await asyncio.gather(
        *(store.add(one, born(one)) for one in asked), return_exceptions=True
    )
    lost = [one for one in found if isinstance(one, Conflict)]
    assert (found.count(None), len(lost)) == (1, 63)
    assert {one.field for one in lost} == {"username"}
    assert len(await store.events_after(0, 100)) == 1


async def test_unusual_text_comes_back_and_is_found(store: AccountStore) -> None:
    names = [
        "50% off_\\",
        'it\'s "me"',
        "\u05d0\u05d1\u05d2",
        "e\u0301 \U0001f469\u200d\U0001f3a4",
        "É",
    ]
    for n, name in enumerate(names):
        await store.add(
            a_member(id=str(n), username=f"u{n}", email=f"{n}@b.example", display_name=name), []
        )
    for n, name in enumerate(names):
        question = MemberQuestion(q=name, sort="username", with_inactive=True)
        page, total = await store.page(question, None, 0, 10)
        assert ([one.display_name for one in page], total) == ([name], 1), n
