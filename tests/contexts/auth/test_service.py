"""Signing in, refreshing and ending it (A7, A8, A9, Z7)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.contexts.auth.house import PASSWORD, House, ToldClock, a_house

from marquee.app.relay.pulling import Pull
from marquee.contexts.auth.model.sessions import MOST_SESSIONS, Device
from marquee.contexts.auth.service import TokenPair
from marquee.kit.errors import Forbidden, Invalid, NotFound, Unauthenticated

NEW = "quite another sentence"
PHONE, LAPTOP = Device("192.0.2.1", "a phone"), Device("192.0.2.2", "a laptop")


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture
async def house(tmp_path: Path, clock: ToldClock) -> AsyncIterator[House]:
    async with a_house(tmp_path, clock) as house:
        yield house


async def log_in(house: House, device: Device = PHONE) -> TokenPair:
    return await house.auth.log_in(login="ada", password=PASSWORD, device=device, signed_in_as="")


async def sign_in(house: House) -> str:
    session = await house.auth.sign_in(
        login="ada", password=PASSWORD, device=LAPTOP, signed_in_as="", replaces=""
    )
    return session.cookie


async def is_alive(house: House, pair: TokenPair) -> bool:
    try:
        return await house.auth.identify(token=pair.access_token, kind="bearer") is not None
    except Unauthenticated:
        return False


async def told(house: House) -> list[str]:
    outbox = house.rooms["auth"].outbox
    assert outbox is not None
    return [sent.kind.partition(".")[2] for sent in await outbox.events_after(0, 500)]


def stored(house: House) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(house.folder.glob("*.db*")))


async def test_a_token_says_who_asks(house: House) -> None:
    account_id = (await house.register())["id"]
    pair = await log_in(house)
    assert (pair.token_type, pair.expires_in) == ("Bearer", 900)
    identity = await house.auth.identify(token=pair.access_token, kind="bearer")
    assert identity is not None
    assert (identity.account_id, identity.username, identity.role) == (account_id, "ada", "regular")
    assert identity.csrf == ""


async def test_a_cookie_says_who_asks_and_what_a_page_must_repeat(house: House) -> None:
    await house.register()
    cookie = await sign_in(house)
    identity = await house.auth.identify(token=cookie, kind="cookie")
    assert identity is not None
    assert len(identity.csrf) == 43
    for other in ("", cookie[:-1], cookie + "x", "x" * 5_000, "\ud800"):
        assert await house.auth.identify(token=other, kind="cookie") is None
    with pytest.raises(Invalid):
        await house.auth.identify(token=cookie, kind="header")


async def test_what_one_kind_is_held_by_opens_no_other(house: House) -> None:
    await house.register()
    pair, cookie = await log_in(house), await sign_in(house)
    assert await house.auth.identify(token=pair.refresh_token, kind="cookie") is None
    assert await house.auth.identify(token=pair.access_token[:100], kind="cookie") is None
    with pytest.raises(Unauthenticated):
        await house.auth.identify(token=cookie, kind="bearer")
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(cookie)


async def test_nothing_that_opens_a_session_is_stored(house: House) -> None:
    await house.register()
    pair, cookie = await log_in(house), await sign_in(house)
    following = await house.auth.refresh(pair.refresh_token)
    kept = stored(house)
    for secret in (
        cookie,
        *pair.refresh_token.split(".")[2:],
        *following.refresh_token.split(".")[2:],
        following.access_token.rpartition(".")[2],
        PASSWORD,
    ):
        assert secret.encode() not in kept


async def test_reuse_after_the_successor_was_used_ends_the_session_alone(house: House) -> None:
    await house.register()
    first, other = await log_in(house), await log_in(house, LAPTOP)
    second = await house.auth.refresh(first.refresh_token)
    third = await house.auth.refresh(second.refresh_token)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(first.refresh_token)
    for pair in (first, second, third):
        assert not await is_alive(house, pair)
        with pytest.raises(Unauthenticated):
            await house.auth.refresh(pair.refresh_token)
    assert await is_alive(house, other)
    assert await told(house) == [
        "SessionStarted", "SessionStarted", "RefreshReused", "SessionEnded",
    ]  # fmt: skip


async def test_reuse_after_ten_seconds_ends_the_session(house: House, clock: ToldClock) -> None:
    await house.register()
    first = await log_in(house)
    second = await house.auth.refresh(first.refresh_token)
    clock.pass_by(seconds=10.1)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(first.refresh_token)
    assert not await is_alive(house, second)


async def test_the_loser_of_a_double_submit_gets_the_same_successor(
    house: House, clock: ToldClock
) -> None:
    await house.register()
    first = await log_in(house)
    second = await house.auth.refresh(first.refresh_token)
    clock.pass_by(seconds=9.9)
    again = await house.auth.refresh(first.refresh_token)
    assert again.refresh_token == second.refresh_token
    assert await is_alive(house, second)
    assert await is_alive(house, again)
    assert await house.auth.refresh(second.refresh_token)


@pytest.mark.parametrize("trials", [10, pytest.param(100, marks=pytest.mark.slow)])
async def test_eight_who_refresh_at_once_share_one_descendant(house: House, trials: int) -> None:
    await house.register()
    for _ in range(trials):
        first = await log_in(house)
        pairs = await asyncio.gather(*(house.auth.refresh(first.refresh_token) for _ in range(8)))
        assert len({pair.refresh_token for pair in pairs}) == 1
        turn = [await house.auth.refresh(pairs[0].refresh_token) for _ in range(2)]
        assert turn[0].refresh_token == turn[1].refresh_token
        assert await is_alive(house, turn[0])


async def test_a_race_between_the_old_and_the_new_token_leaves_at_most_one(house: House) -> None:
    await house.register()
    for _ in range(10):
        first = await log_in(house)
        second = await house.auth.refresh(first.refresh_token)
        shown = [first.refresh_token, second.refresh_token] * 4
        done = await asyncio.gather(
            *(house.auth.refresh(token) for token in shown), return_exceptions=True
        )
        given = {pair.refresh_token for pair in done if isinstance(pair, TokenPair)}
        assert all(isinstance(one, TokenPair | Unauthenticated) for one in done)
        assert len(given - {second.refresh_token}) <= 1
        with pytest.raises(Unauthenticated):
            await house.auth.refresh(first.refresh_token)


@pytest.mark.parametrize(
    "text", ["", "x", "mqr_", "mqr_" + "a" * 26 + ".1." + "A" * 43 + "." + "A" * 43, "\ud800"]
)
async def test_a_token_that_was_never_given_ends_nothing(house: House, text: str) -> None:
    await house.register()
    pair = await log_in(house)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(text)
    await house.auth.log_out(text)
    assert await is_alive(house, pair)


async def test_a_session_unused_for_fourteen_days_ends(house: House, clock: ToldClock) -> None:
    await house.register()
    pair, cookie = await log_in(house), await sign_in(house)
    clock.pass_by(days=13, hours=23)
    assert await house.auth.identify(token=cookie, kind="cookie")
    clock.pass_by(days=13, hours=23)
    assert await house.auth.identify(token=cookie, kind="cookie")
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(pair.refresh_token)
    clock.pass_by(days=14)
    assert await house.auth.identify(token=cookie, kind="cookie") is None


async def test_a_session_refreshed_every_day_ends_after_ninety(
    house: House, clock: ToldClock
) -> None:
    await house.register()
    pair, cookie = await log_in(house), await sign_in(house)
    for _ in range(89):
        clock.pass_by(days=1)
        pair = await house.auth.refresh(pair.refresh_token)
        assert await house.auth.identify(token=cookie, kind="cookie")
        await house.auth.keep_seen()
    clock.pass_by(days=1)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(pair.refresh_token)
    assert await house.auth.identify(token=cookie, kind="cookie") is None
    assert await house.auth.end_unused() == 2
    assert await house.auth.end_unused() == 0
    assert (await told(house))[-2:] == ["SessionEnded", "SessionEnded"]


async def test_being_here_is_written_down_now_and_then(house: House, clock: ToldClock) -> None:
    account_id = (await house.register())["id"]
    pair = await log_in(house)
    clock.pass_by(minutes=5)
    assert await is_alive(house, pair)
    seen = (await house.auth.sessions(account_id, ""))[0].last_seen_at
    assert seen == clock.now()
    before = house.rooms["auth"].generation()
    assert await is_alive(house, pair)
    assert house.rooms["auth"].generation() == before
    await house.auth.keep_seen()
    assert (await house.auth.sessions(account_id, ""))[0].last_seen_at == seen


async def test_logging_out_ends_the_session_at_once(house: House) -> None:
    await house.register()
    pair, other = await log_in(house), await log_in(house)
    await house.auth.log_out(pair.refresh_token)
    await house.auth.log_out(pair.refresh_token)
    assert not await is_alive(house, pair)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(pair.refresh_token)
    assert await is_alive(house, other)


async def test_a_new_password_ends_every_other_session_at_once(house: House) -> None:
    account_id = (await house.register())["id"]
    here, there, cookie = await log_in(house), await log_in(house, LAPTOP), await sign_in(house)
    identity = await house.auth.identify(token=here.access_token, kind="bearer")
    assert identity is not None
    await house.auth.change_password(
        account_id=account_id, session_id=identity.session_id, current=PASSWORD, new=NEW
    )
    assert not await is_alive(house, there)
    assert await house.auth.identify(token=cookie, kind="cookie") is None
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(there.refresh_token)
    await house.relay.settle()
    assert await is_alive(house, here)
    assert await house.auth.refresh(here.refresh_token)
    assert [view.id for view in await house.auth.sessions(account_id, "")] == [identity.session_id]


async def test_a_password_changed_elsewhere_ends_them_all(house: House) -> None:
    account_id = (await house.register())["id"]
    pair = await log_in(house)
    await house.accounts.change_password(account_id=account_id, current=PASSWORD, new=NEW)
    assert not await is_alive(house, pair)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(pair.refresh_token)
    await house.relay.settle()
    await house.relay.settle()
    assert await house.auth.sessions(account_id, "") == []
    assert (await told(house)).count("SessionEnded") == 1


async def test_the_session_that_changes_the_password_is_spared_by_what_is_heard(
    house: House,
) -> None:
    account_id = (await house.register())["id"]
    pair = await log_in(house)
    identity = await house.auth.identify(token=pair.access_token, kind="bearer")
    assert identity is not None
    accounts, change = house.accounts, house.accounts.change_password

    async def heard_before_it_is_answered(**asked: str) -> Any:
        standing = await change(**asked)
        await house.relay.settle()
        return standing

    accounts.change_password = heard_before_it_is_answered  # type: ignore[method-assign]
    await house.auth.change_password(
        account_id=account_id, session_id=identity.session_id, current=PASSWORD, new=NEW
    )
    assert await is_alive(house, pair)


async def test_a_wrong_current_password_ends_nothing(house: House) -> None:
    account_id = (await house.register())["id"]
    pair = await log_in(house)
    with pytest.raises(Invalid) as refused:
        await house.auth.change_password(
            account_id=account_id, session_id="", current="wrong it is", new=NEW
        )
    assert refused.value.field == "current"
    assert await is_alive(house, pair)
    assert house.auth.changing == set()


async def test_who_is_deleted_or_suspended_is_out_at_once(house: House) -> None:
    account_id = (await house.register())["id"]
    async with await house.an_admin() as chief:
        pair, cookie = await log_in(house), await sign_in(house)
        await chief.patch("/api/v1/users/ada", json={"is_active": False})
        assert not await is_alive(house, pair)
        assert await house.auth.identify(token=cookie, kind="cookie") is None
        with pytest.raises(Forbidden):
            await log_in(house)
        await house.relay.settle()
        await chief.patch("/api/v1/users/ada", json={"is_active": True})
        assert not await is_alive(house, pair)
    pair = await log_in(house)
    await house.accounts.delete(account_id, PASSWORD)
    assert not await is_alive(house, pair)
    with pytest.raises(Unauthenticated):
        await house.auth.refresh(pair.refresh_token)
    await house.relay.settle()
    assert await house.auth.sessions(account_id, "") == []


async def test_a_new_role_counts_from_the_next_request(house: House) -> None:
    await house.register()
    pair = await log_in(house)
    async with await house.an_admin() as chief:
        for role in ("moderator", "admin", "regular"):
            await chief.patch("/api/v1/users/ada", json={"role": role})
            identity = await house.auth.identify(token=pair.access_token, kind="bearer")
            assert identity is not None
            assert identity.role == role


async def test_ones_own_sessions_are_listed_and_nobody_elses_end(house: House) -> None:
    ada, eve = (await house.register("ada"))["id"], (await house.register("eve"))["id"]
    pair = await log_in(house)
    await sign_in(house)
    views = await house.auth.sessions(ada, "")
    assert {(view.kind, view.user_agent, view.address) for view in views} == {
        ("bearer", "a phone", "192.0.2.1"),
        ("cookie", "a laptop", "192.0.2.2"),
    }
    assert await house.auth.sessions(eve, "") == []
    for view in views:
        with pytest.raises(NotFound):
            await house.auth.revoke(eve, view.id)
    assert await is_alive(house, pair)
    for view in views:
        await house.auth.revoke(ada, view.id)
    assert not await is_alive(house, pair)
    with pytest.raises(NotFound):
        await house.auth.revoke(ada, views[0].id)


async def test_the_session_unused_the_longest_makes_room(house: House, clock: ToldClock) -> None:
    account_id = (await house.register())["id"]
    oldest = await log_in(house)
    for _ in range(MOST_SESSIONS):
        clock.pass_by(seconds=1)
        newest = await log_in(house)
    assert len(await house.auth.sessions(account_id, "")) == MOST_SESSIONS
    assert not await is_alive(house, oldest)
    assert await is_alive(house, newest)


async def test_an_event_heard_twice_has_effect_once(house: House) -> None:
    account_id = (await house.register())["id"]
    await house.accounts.change_password(account_id=account_id, current=PASSWORD, new=NEW)
    await house.relay.settle()
    for way in house.relay.ways:
        assert isinstance(way, Pull)
        way.place = 0
    pair = await house.auth.log_in(login="ada", password=NEW, device=PHONE, signed_in_as="")
    await house.relay.settle()
    assert await is_alive(house, pair)
